package bridge

// PaperInput is a paper as a page of the window holds it: what is drawn and
// printed is what the person sees, and nothing that was read in between.
type PaperInput struct {
	Kind     string   `json:"kind"` // in | out | sign
	Unit     string   `json:"unit"`
	Signer   string   `json:"signer"`
	Updated  int64    `json:"updated"`
	Elements Elements `json:"elements"`
	Blocks   []Block  `json:"blocks"`
	Document string   `json:"document"` // id of the paper whose pictures the blocks show; "" for none
}

// PaperRun is characters of one font on one baseline. Lengths of all views of
// paper are thousandths of a millimetre from the page's top left corner.
type PaperRun struct {
	Font    int    `json:"f"` // index into the view's fonts
	Size    int    `json:"z"`
	Y       int    `json:"y"`
	X       []int  `json:"x"` // left edge of each character
	End     int    `json:"e"`
	Text    string `json:"t"`
	Ink     int    `json:"i"` // 0 black, 1 red, 2 grey
	Squeeze int    `json:"q"` // horizontal scale, thousandths
	Word    bool   `json:"w"` // letters to be fitted between X[0] and End
	Upright bool   `json:"u"` // stands as on an upright page
	Part    string `json:"p"` // the element it belongs to
	Block   string `json:"b"`
}

// PaperRule is a straight line.
type PaperRule struct {
	X1    int `json:"x1"`
	Y1    int `json:"y1"`
	X2    int `json:"x2"`
	Y2    int `json:"y2"`
	Width int `json:"w"`
	Ink   int `json:"i"`
}

// PaperPlace is room for what is not text: a hole, a seal, a picture, a code.
type PaperPlace struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	X    int    `json:"x"`
	Y    int    `json:"y"`
	W    int    `json:"w"`
	H    int    `json:"h"`
	// Dark are the dark squares of a code, row by row as x,y,length in modules;
	// Side is the number of modules with the quiet zone.
	Dark []int `json:"dark"`
	Side int   `json:"side"`
	// Alt says what a picture shows; its Text is the picture's SHA-256.
	Alt string `json:"alt"`
}

// PaperPage is one page.
type PaperPage struct {
	W      int          `json:"w"`
	H      int          `json:"h"`
	Number int          `json:"number"` // 0: none is printed
	Runs   []PaperRun   `json:"runs"`
	Rules  []PaperRule  `json:"rules"`
	Places []PaperPlace `json:"places"`
}

// PaperFont is a font that the view needs.
type PaperFont struct {
	Family string `json:"family"` // a name for the page's own use
	URL    string `json:"url"`
	Name   string `json:"name"` // what people call it
}

// PaperGap is a face of the layout that this machine lacks.
type PaperGap struct {
	Face string `json:"face"` // xbs, fang …
	Font string `json:"font"` // what stands in; "" for nothing
}

// PaperFault is something the layout could not do.
type PaperFault struct {
	Rule string `json:"rule"`
	Page int    `json:"page"`
	Text string `json:"text"`
}

// PaperPages is a paper on pages.
type PaperPages struct {
	Template string       `json:"template"`
	Pages    []PaperPage  `json:"pages"`
	Fonts    []PaperFont  `json:"fonts"`
	Gaps     []PaperGap   `json:"gaps"`
	Lost     string       `json:"lost"` // characters that no font has
	Faults   []PaperFault `json:"faults"`
}

// PaperFile says where a PDF went.
type PaperFile struct {
	Path   string `json:"path"`
	URL    string `json:"url"` // where the page reads it
	Name   string `json:"name"`
	Opened bool   `json:"opened"` // the system's viewer was asked to show it
	Pages  int    `json:"pages"`
}
