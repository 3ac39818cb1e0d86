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
