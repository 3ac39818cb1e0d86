package rules

import (
	"encoding/json"
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// Grade is how grave a finding is.
type Grade string

const (
	Forbid Grade = "block" // the act is refused
	Warn   Grade = "warn"  // the act needs a reason, which is kept
	Note   Grade = "note"  // shown, asks for nothing
)

// Moment is when a rule is asked.
type Moment string

// Moments. While drafting nothing is refused; all others are acts, judged on the
// desk and again on the server.
const (
	Drafting     Moment = "draft"
	Registering  Moment = "register" // 收文 登记
	Starting     Moment = "start"    // a flow begins with the paper
	Approving    Moment = "approve"
	Returning    Moment = "return"
	Transferring Moment = "transfer"
	Circulating  Moment = "circulate"
	Publishing   Moment = "publish" // a definition of a flow
	Assigning    Moment = "assign"  // posts and roles of a person
	Anything     Moment = "any"     // every command, and drafting
)

// Reading is a group of facts.
type Reading string

// What rules read. A desk that lacks one of them leaves the rule to the server.
const (
	ReadsPaper  Reading = "paper"  // the elements of the header
	ReadsText   Reading = "text"   // the blocks
	ReadsFlow   Reading = "flow"   // where the paper is, who said what
	ReadsPeople Reading = "people" // officials, posts, roles
	ReadsUnits  Reading = "units"
	ReadsAct    Reading = "act"   // what the command itself carries
	ReadsFiles  Reading = "files" // how many attachments there are
	ReadsSheet  Reading = "sheet" // answers to checklists
)

// A Rule is one line of the list.
type Rule struct {
	ID     string // "L2"
	Name   Text
	Grade  Grade // the gravest it gives
	Warns  bool  // it also gives warnings, though it may block
	Fixed  bool  // no office may switch it off
	At     []Moment
	Reads  []Reading
	Source string // the law or requirement behind it
	// Check looks at the facts. It depends on nothing else. What it cannot
	// read it leaves to Facts, which remembers the fault.
	Check func(f *Facts) []Finding
}

// Text is a sentence for people in both languages of the window.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// With fills the places %[1]s … of both sentences. What people wrote cannot turn
// the direction of the sentence (office.Isolate).
func (t Text) With(args ...any) Text {
	args = slices.Clone(args)
	for i, x := range args {
		if s, ok := x.(string); ok {
			args[i] = office.Isolate(s)
		}
	}
	return Text{ZH: fmt.Sprintf(t.ZH, args...), EN: fmt.Sprintf(t.EN, args...)}
}

// A Finding is what a rule has found.
type Finding struct {
	Rule    string // set by Judge
	Grade   Grade
	Place   Place
	Message Text
	Mends   []Mend
	// By names the roles of which one must give the reason; none: whoever acts.
	By []string
	// Key names the finding: the same trouble in the same place has the same
	// key, on every machine. Set by Judge.
	Key string
	// Given is the reason that counts for a warning, nil if there is none.
	Given *Reason
}

// Place is where the trouble is: an element of the header, or a block and in it
// a range of characters; neither: the act as a whole.
type Place struct {
	Element string `json:"element,omitempty"` // JSON name of the header's field
	Block   string `json:"block,omitempty"`
	From    int    `json:"from,omitempty"` // runes
	To      int    `json:"to,omitempty"`
}

// A Mend is an offered change: new values of elements, or a block's new text.
type Mend struct {
	Label Text
	Sets  []Set
	Block string
	Words string // of the block
}

// A Set is an element's new value: a text, or a list of texts.
type Set struct {
	Element string
	Value   json.RawMessage
}

// setTo offers a value for an element.
func setTo(element string, v any, label Text) Mend { return Mend{Label: label}.and(element, v) }

// and sets a further element.
func (m Mend) and(element string, v any) Mend {
	raw, _ := json.Marshal(v) // texts and lists of texts always encode
	m.Sets = append(m.Sets, Set{element, raw})
	return m
}

// settled reports whether a finding stands in no act's way.
func (x Finding) settled() bool { return x.Grade == Note || x.Grade == Warn && x.Given != nil }

// refusal is an unsettled finding as the answer to an act.
func (x Finding) refusal() *office.Error {
	code := CodeRule
	if x.Grade == Warn {
		code = CodeReason
	}
	if x.Rule == "L15" { // as the rooms themselves refuse it
		return &office.Error{Code: office.CodeClassified, Field: x.Place.Element, Message: x.Message.ZH}
	}
	return &office.Error{Code: code, Field: x.Rule, Message: x.Message.ZH}
}

// Codes of acts that a rule stops; Field is the rule's id.
const (
	CodeRule   office.Code = "rule"        // a rule forbids the act
	CodeReason office.Code = "rule_reason" // a rule asks for a reason first
)
