package bridge

// Findings are what the rules have found about a paper.
type Findings struct {
	List       []Finding   `json:"list"`
	Checklists []Checklist `json:"checklists"` // that this person is asked to answer
	Saved      bool        `json:"saved"`      // reasons can be kept: the paper is there
}

// Said is a sentence in both languages of the window.
type Said struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Finding is one of them.
type Finding struct {
	Rule    string  `json:"rule"` // L2
	Name    Said    `json:"name"`
	Source  string  `json:"source"`
	Grade   string  `json:"grade"` // block | warn | note
	Message Said    `json:"message"`
	Key     string  `json:"key"`
	Element string  `json:"element"` // name of the header's field, "" = none
	Block   string  `json:"block"`
	From    int     `json:"from"` // characters within the block
	To      int     `json:"to"`
	Mends   []Mend  `json:"mends"`
	Given   *Reason `json:"given,omitempty"`
	Above   bool    `json:"above"` // only somebody above may give the reason
}

// Mend is an offered change: of fields of DraftInput, or of a block's text.
type Mend struct {
	Label Said      `json:"label"`
	Sets  []MendSet `json:"sets"`
	Block string    `json:"block"`
	Words string    `json:"words"`
}

// MendSet is a field's new value: Text, or List for a list.
type MendSet struct {
	Field string   `json:"field"`
	Text  string   `json:"text"`
	List  []string `json:"list"`
}

// Reason is why somebody went on although a rule warned.
type Reason struct {
	Words string `json:"words"`
	By    Person `json:"by"`
	At    int64  `json:"at"`
}

// Checklist is a list of questions about a paper.
type Checklist struct {
	ID    string          `json:"id"`
	Items []ChecklistItem `json:"items"`
}

// ChecklistItem is one question; of the good ones at least one must hold, of the
// others none should.
type ChecklistItem struct {
	ID   string `json:"id"`
	Text Said   `json:"text"`
	Good bool   `json:"good"`
}

// JustifyInput is the reason for going on.
type JustifyInput struct {
	Document string `json:"document"`
	Rule     string `json:"rule"`
	Key      string `json:"key"`
	Words    string `json:"words"`
}

// AnswerInput answers a checklist: what is not in Yes is answered with no.
type AnswerInput struct {
	Document  string   `json:"document"`
	Checklist string   `json:"checklist"`
	Yes       []string `json:"yes"`
	Words     string   `json:"words"`
}

// GapRow is an entry of the 断号台账.
type GapRow struct {
	Series   string `json:"series"`
	Code     string `json:"code"`
	Year     int    `json:"year"` // 0 = a continuous series
	From     int    `json:"from"`
	To       int    `json:"to"`
	State    string `json:"state"` // before | skipped | reserved | void | used
	Words    string `json:"words"`
	Document string `json:"document"`
	By       string `json:"by"`
	At       int64  `json:"at"`
}

// NumberInput names numbers of a series: how many, or which.
type NumberInput struct {
	Series   string `json:"series"`
	Document string `json:"document"`
	Year     int    `json:"year"`
	N        int    `json:"n"`
	Words    string `json:"words"`
}

// AnnulInput revokes or abolishes an issued paper.
type AnnulInput struct {
	Document string `json:"document"`
	Standing string `json:"standing"` // revoked | abolished
	Basis    string `json:"basis"`
	Paper    string `json:"paper"`
	From     int64  `json:"from"`
}

// ChangesView is what changed since 签发; no list if nothing did.
type ChangesView struct {
	From string      `json:"from"`
	To   string      `json:"to"`
	List []ChangeRow `json:"list"`
}

// ChangeRow is one change: an element by its name, or "block:<id>", "order".
type ChangeRow struct {
	Place      string     `json:"place"`
	Difference Difference `json:"difference"`
}

// ClassifyInput is what 复核 found.
type ClassifyInput struct {
	Document string       `json:"document"`
	From     string       `json:"from"`
	To       string       `json:"to"`
	Changes  []ChangeSort `json:"changes"`
}

// ChangeSort is the sort of one change.
type ChangeSort struct {
	Place string `json:"place"`
	Sort  string `json:"sort"` // wording | format | substance
	Words string `json:"words"`
}
