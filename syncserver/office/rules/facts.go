package rules

import (
	"slices"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// PaperKind is the kind of record that papers are; their texts are children
// with the same id.
const (
	PaperKind = "doc.header"
	bodyKind  = "doc.body"
	fileKind  = "doc.attachment"
)

// An Act is what somebody is about to do, as far as rules ask.
type Act struct {
	Moment  Moment
	Paper   string          // id of the paper it is about
	Task    string          // id of the task it answers
	Words   string          // the opinion it carries
	Decided string          // how a disagreement was decided above
	To      []office.UserID // whom it gives work to
	Texts   []Words         // every text it carries
	Draft   *Paper          // the paper it makes, or one that is not saved yet
	Blocks  []Block         // with Draft
	Steps   []Step          // of the definition it publishes
	Out     bool            // the definition is one of 发文
	Posts   []string        // that it assigns
	Roles   []string
}

// Words are one text of a command and the argument that carries it.
type Words struct{ Path, Text string }

// A Step is a step of a flow that is to be published.
type Step struct {
	ID, Name, Gate string
	End            bool
	Handlers       []string // how its people are named: "head", "post:hegao" …
	Next           []string
}

// A Flow is where a paper is and what was said of it.
type Flow struct {
	Found    bool // the act answers a task
	Live     bool // an instance is running
	Step     string
	StepName string
	Seat     office.UserID // whose act it is: another's than the actor's where somebody acts for him
	Gate     string        // "sign" at 签发, "review" at 复核
	Area     string        // the opinion area written here
	Reasons  []string      // that the step lists for a 退文
	Posts    []string      // posts that the step asks
	Numbers  bool          // leaving the step gives the number
	Signed   bool          // 签发 has been passed, with the present text
	Changed  bool          // the text was changed after 签发 and not found to be a correction
	Reviewed bool          // 复核 has been passed
	Instance string
	Running  []string // other running instances about the paper
	Opinions []Opinion
	Consents []Consent // of units, each asked by a flow of its own
	Settled  bool      // a disagreement was decided above
}

// A Consent is a unit's answer in a 公文会签.
type Consent struct{ Unit, Stance string }

// An Opinion is what somebody said of the paper.
type Opinion struct {
	Actor  office.UserID
	Area   string
	Act    string
	Stance string // of a unit in 会签: "agree", "amend", "disagree"; "" = as the act says
	Old    bool   // of a round that no longer counts
}

// A Paper is a header as rules read it.
type Paper struct {
	ID              string          `json:"-"`
	Direction       string          `json:"direction"`
	Genre           string          `json:"genre"`
	Title           string          `json:"title"`
	To              []string        `json:"to"`
	CC              []string        `json:"cc"`
	Level           string          `json:"level"`
	Urgency         string          `json:"urgency"`
	Publicity       string          `json:"publicity"`
	PublicityReason string          `json:"publicity_reason"`
	Issuer          string          `json:"issuer"`
	Copies          int             `json:"copies"`
	Note            string          `json:"note"`
	Seal            string          `json:"seal"` // "none", "sign"
	SignTitle       string          `json:"sign_title"`
	AlsoSigned      []string        `json:"also_signed"`
	Joint           string          `json:"joint"`
	CopyNo          string          `json:"copy_no"`
	Present         []string        `json:"present"`
	From            string          `json:"from"`
	FromNumber      string          `json:"from_number"`
	Handling        string          `json:"handling"`
	Drafter         office.UserID   `json:"drafter"`
	Unit            string          `json:"unit"`
	Leader          office.UserID   `json:"leader"`
	Signer          office.UserID   `json:"signer"`
	Cosigners       []office.UserID `json:"cosigners"`
	CosignUnits     []string        `json:"cosign_units"`
	Leaders         []office.UserID `json:"leaders"`
	Undertakers     []office.UserID `json:"undertakers"`
	Editors         []office.UserID `json:"editors"`
	Series          string          `json:"series"`
	Number          string          `json:"number"`
	Flow            string          `json:"flow"`
	FlowState       string          `json:"flow_state"`
	FlowHolders     []office.UserID `json:"flow_holders"`
	FlowEditors     []office.UserID `json:"flow_editors"`
	ContentHash     string          `json:"content_hash"`
	Standing        string          `json:"standing"` // "revoked", "abolished" (L22)
	StandingBasis   string          `json:"standing_basis"`
	StandingFrom    int64           `json:"standing_from"`
}

// Directions, as package document names them.
const (
	outgoing = "out"
	incoming = "in"
)

// outward reports whether the paper is one of the 15 文种 that leaves the office.
func (p *Paper) outward() bool { return p != nil && p.Direction == outgoing }

// A Block is a paragraph of the text.
type Block struct {
	ID    string            `json:"id"`
	Type  string            `json:"type"`
	Level int               `json:"level"`
	Text  string            `json:"text"`
	Attrs map[string]string `json:"attrs"`
}

// Facts are what rules may ask, each read once and only if a rule asks.
type Facts struct {
	Act
	Actor office.UserID
	Now   time.Time

	tx     office.Tx
	flowOf func(tx office.Tx, c office.Context, a Act) (Flow, error)
	c      office.Context
	fault  error // of the rule being asked
	setOf  func(p *Paper, blocks []Block, signer string) []Fault

	paper    once[*Paper]
	blocks   once[[]Block]
	flow     once[Flow]
	files    once[int]
	units    once[[]Unit]
	answers  once[[]Answers]
	people   map[office.UserID]once[directory.Official]
	switches once[map[string]bool]
	faults   once[[]Fault]
}

type once[T any] struct {
	done bool
	v    T
	err  error
}

func (o *once[T]) get(f *Facts, read func() (T, error)) T {
	if !o.done {
		o.done = true
		o.v, o.err = read()
	}
	if o.err != nil && f.fault == nil {
		f.fault = o.err
	}
	return o.v
}

// About makes the facts of an act. flowOf tells where the paper is; it belongs
// to another room and is given by package catalog; nil: no rule learns of a flow.
func About(tx office.Tx, c office.Context, a Act, flowOf func(office.Tx, office.Context, Act) (Flow, error)) *Facts {
	return &Facts{Act: a, Actor: c.Actor, Now: c.Now, tx: tx, c: c, flowOf: flowOf, people: map[office.UserID]once[directory.Official]{}}
}

// WithPages tells the facts how the paper's pages are set; without it no rule
// learns of any. It belongs to another room and is given by package catalog.
func (f *Facts) WithPages(setOf func(p *Paper, blocks []Block, signer string) []Fault) *Facts {
	f.setOf = setOf
	return f
}

// Faults are what the layout of the paper could not do.
func (f *Facts) Faults() []Fault {
	return f.faults.get(f, func() ([]Fault, error) {
		p, blocks := f.Paper(), f.Text()
		if f.setOf == nil || p == nil || f.fault != nil {
			return nil, nil
		}
		signer := ""
		if p.Signer != "" {
			signer = f.Name(p.Signer)
		}
		return f.setOf(p, blocks, signer), nil
	})
}

// Paper is the paper the act is about, nil if there is none.
func (f *Facts) Paper() *Paper {
	return f.paper.get(f, func() (*Paper, error) {
		if f.Draft != nil {
			return f.Draft, nil
		}
		if f.Act.Paper == "" {
			return nil, nil
		}
		r, at, err := f.tx.Get(PaperKind, f.Act.Paper)
		if err != nil || at == office.Absent {
			return nil, err
		}
		if at == office.Elsewhere {
			return nil, office.ErrElsewhere()
		}
		p := &Paper{ID: f.Act.Paper}
		return p, r.Decode(p)
	})
}

// Text are the blocks of the paper.
func (f *Facts) Text() []Block {
	return f.blocks.get(f, func() ([]Block, error) {
		if f.Draft != nil {
			return f.Act.Blocks, nil
		}
		if f.Act.Paper == "" {
			return nil, nil
		}
		r, at, err := f.tx.Get(bodyKind, f.Act.Paper)
		if err != nil || at == office.Absent {
			return nil, err
		}
		if at == office.Elsewhere {
			return nil, office.ErrElsewhere()
		}
		var b struct {
			Blocks []Block `json:"blocks"`
		}
		err = r.Decode(&b)
		return b.Blocks, err
	})
}

// Files is how many attachments the paper has; pictures in its text are none.
func (f *Facts) Files() int {
	return f.files.get(f, func() (int, error) {
		if f.Act.Paper == "" {
			return 0, nil
		}
		rows, err := f.tx.List(office.Query{Kind: fileKind, View: "document", Where: []office.Cond{office.Where("root", f.Act.Paper)}})
		n := 0
		for _, r := range rows {
			var file struct {
				Inline bool `json:"inline"`
			}
			if r.Decode(&file) == nil && !file.Inline {
				n++
			}
		}
		return n, err
	})
}

// Flow is where the paper is.
func (f *Facts) Flow() Flow {
	return f.flow.get(f, func() (Flow, error) {
		if f.flowOf == nil {
			return Flow{}, nil
		}
		return f.flowOf(f.tx, f.c, f.Act)
	})
}

// Unit is a unit of the directory.
type Unit struct {
	ID string
	directory.Unit
}

// Units are all units of the directory, by their order.
func (f *Facts) Units() []Unit {
	return f.units.get(f, func() ([]Unit, error) {
		list, err := directory.Units.All(f.tx, office.Query{View: "all", Order: "order"})
		out := make([]Unit, len(list))
		for i, u := range list {
			out[i] = Unit{u.ID, u.Value}
		}
		return out, err
	})
}

// Unit is the unit of an id, or of a name or short name; ok is false for none.
func (f *Facts) Unit(name string) (Unit, bool) {
	for _, u := range f.Units() {
		if name != "" && (u.ID == name || u.Name == name || u.Short == name) {
			return u, true
		}
	}
	return Unit{}, false
}

// Person is an official; the zero value for nobody of the directory.
func (f *Facts) Person(uid office.UserID) directory.Official {
	o := f.people[uid]
	v := o.get(f, func() (directory.Official, error) {
		if uid == "" || uid == office.System {
			return directory.Official{}, nil
		}
		p, at, err := directory.People.Get(f.tx, string(uid))
		if err == nil && at == office.Elsewhere {
			err = office.ErrElsewhere()
		}
		return p, err
	})
	f.people[uid] = o
	return v
}

// Name is a person's name, or the id of nobody's.
func (f *Facts) Name(uid office.UserID) string {
	if n := f.Person(uid).Name; n != "" {
		return n
	}
	return string(uid)
}

// seat is whose act it is.
func (f *Facts) seat() office.UserID {
	if s := f.Flow().Seat; s != "" {
		return s
	}
	return f.Actor
}

// Asks reports whether the act answers a task at a step of this post.
func (f *Facts) Asks(posts ...string) bool {
	flow := f.Flow()
	return flow.Found && slices.ContainsFunc(posts, func(p string) bool { return slices.Contains(flow.Posts, p) })
}

// Issuers are the organs in whose name the paper goes out: more than one of a
// 联合行文.
func (p *Paper) Issuers() []string {
	var out []string
	for _, s := range strings.FieldsFunc(p.Issuer, func(r rune) bool { return r == '、' || r == '，' || r == ',' || r == ' ' || r == '　' }) {
		out = append(out, s)
	}
	return out
}

func runes(s string) int { return len([]rune(s)) }

// find is the place of words in a block, by runes.
func find(b Block, words string) (Place, bool) {
	i := strings.Index(b.Text, words)
	if i < 0 {
		return Place{}, false
	}
	from := runes(b.Text[:i])
	return Place{Block: b.ID, From: from, To: from + runes(words)}, true
}

// vacant reports whether nobody active fills a post.
func (f *Facts) vacant(post string) bool {
	who, err := directory.HolderOf(f.tx, post)
	if err != nil && f.fault == nil {
		f.fault = err
	}
	return err == nil && len(who) == 0
}
