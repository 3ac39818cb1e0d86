package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// batchSize is how many copies one transaction makes (sync.md §1).
const batchSize = 200

// Circulate is 传阅: copies for reading that do not hold the paper up, while it
// runs or after (W25, W26). The drafter may circulate, and all who took part.
type Circulate struct {
	ID          string          `json:"id"` // of the circulation
	SubjectKind string          `json:"subject_kind"`
	Subject     string          `json:"subject"`
	To          []office.UserID `json:"to"`
	Must        bool            `json:"must,omitempty"` // 必阅
	Words       string          `json:"words,omitempty"`
	Sort        string          `json:"sort,omitempty"`   // CopyNotice for 知会
	Serial      bool            `json:"serial,omitempty"` // one reader after the other, in this order
	Area        string          `json:"area,omitempty"`   // while the paper runs, readers' words also go to this area of the sheet
}

func (*Circulate) Kind() string      { return "approval.circulate@1" }
func (x *Circulate) Locks() []string { return lockSubject(x.Subject) }

// Run makes the first 200 copies; the server makes the rest, 200 at a time.
// Somebody who has an unread copy of the paper, and the sender, get none.
func (x *Circulate) Run(tx office.Tx, c office.Context) error {
	for _, f := range []struct{ name, id string }{{"id", x.ID}, {"subject", x.Subject}} {
		if err := office.CheckID(f.name, f.id); err != nil {
			return err
		}
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	if len(x.To) == 0 {
		return office.Invalid("to", "at least one reader")
	}
	if x.Sort != "" && x.Sort != CopyNotice {
		return office.Invalid("sort", "%q is no sort of copy", x.Sort)
	}
	if x.Area != "" && !fieldName.MatchString(x.Area) {
		return office.Invalid("area", "%q is not the id of an area", x.Area)
	}
	if x.Serial && len(x.To) > maxChoose {
		return office.Invalid("to", "at most %d one after the other", maxChoose)
	}
	s, err := subjectOf(tx, x.SubjectKind, x.Subject)
	if err != nil {
		return err
	}
	if err := mayCirculate(tx, c.Actor, s); err != nil {
		return err
	}
	if err := checkPeople(tx, "to", x.To, maxPeople); err != nil {
		return err
	}
	b := CirculateBatch{
		Circulation: x.ID, SubjectKind: x.SubjectKind, Subject: x.Subject, From: c.Actor, To: x.To, Must: x.Must, Words: x.Words,
		Sort: x.Sort, Area: x.Area,
	}
	if x.Serial {
		b.To, b.Next = x.To[:1], x.To[1:]
	}
	return circulate(tx, c, s, b)
}

func mayCirculate(tx office.Tx, who office.UserID, s Subject) error {
	if who != "" && s.Drafter == who {
		return nil
	}
	if s.Flow != "" {
		inst, err := Instances.Need(tx, s.Flow)
		if err != nil {
			return err
		}
		if _, err := to(instanceMoves, inst.State, "circulate"); err != nil {
			return err
		}
		if partOf(inst, who) {
			return nil
		}
	}
	return &office.Error{Code: office.CodeNotPermitted, Field: "subject"}
}

// CirculateBatch is the system's continuation of a Circulate to many readers.
type CirculateBatch struct {
	Circulation string          `json:"circulation"`
	SubjectKind string          `json:"subject_kind"`
	Subject     string          `json:"subject"`
	From        office.UserID   `json:"from"`
	To          []office.UserID `json:"to"` // those who have no copy yet
	Must        bool            `json:"must,omitempty"`
	Words       string          `json:"words,omitempty"`
	Sort        string          `json:"sort,omitempty"`
	Area        string          `json:"area,omitempty"`
	Next        []office.UserID `json:"next,omitempty"`
}

func (*CirculateBatch) Kind() string      { return "approval.circulate_batch@1" }
func (x *CirculateBatch) Locks() []string { return lockSubject(x.Subject) }

// Run makes the next 200 copies. CodeNotPermitted for anybody but the system.
func (x *CirculateBatch) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	s, err := subjectOf(tx, x.SubjectKind, x.Subject)
	if err != nil {
		return err
	}
	return circulate(tx, c, s, *x)
}

func circulate(tx office.Tx, c office.Context, s Subject, x CirculateBatch) error {
	now, rest := x.To, []office.UserID(nil)
	if len(now) > batchSize {
		now, rest = now[:batchSize], now[batchSize:]
	}
	unread, err := withUnread(tx, x.Subject, now)
	if err != nil {
		return err
	}
	var readers []office.UserID
	for _, who := range now {
		if who == x.From || slices.Contains(unread, who) {
			continue
		}
		readers = append(readers, who)
		if err := Copies.Insert(tx, CopyID(x.Circulation, who), Copy{
			Circulation: x.Circulation, SubjectKind: x.SubjectKind, Subject: x.Subject, Title: s.Title, Urgency: s.Urgency,
			From: x.From, To: who, Must: x.Must, Words: x.Words, State: CopyUnread, Sent: office.Millis(c.Now),
			Sort: x.Sort, Area: x.Area, Next: x.Next,
		}); err != nil {
			return err
		}
	}
	if all := union(s.Readers, readers...); len(all) > len(s.Readers) {
		if err := tx.Patch(x.SubjectKind, x.Subject, office.Fields{"readers": all}); err != nil {
			return err
		}
	}
	if len(readers) == 0 && len(rest) == 0 && len(x.Next) > 0 { // has one already: the next in line
		x.To, x.Next = x.Next[:1], x.Next[1:]
		return circulate(tx, c, s, x)
	}
	if len(rest) > 0 {
		x.To = rest
		later(tx, office.Millis(c.Now), &x)
	}
	return nil
}

// withUnread are those among readers, at most a batch, who have an unread copy.
func withUnread(tx office.Tx, subject string, readers []office.UserID) ([]office.UserID, error) {
	ids := make([]string, len(readers))
	for i, u := range readers {
		ids[i] = string(u)
	}
	list, err := Copies.List(tx, office.Query{
		View: "subject",
		Where: []office.Cond{
			office.Where("subject", subject), office.Where("state", CopyUnread), {Field: "to", Op: office.In, Value: ids},
		},
	})
	var out []office.UserID
	for _, c := range list {
		if c.Value.Sort != CopyEscalated { // only told of a limit: what somebody sends is another matter
			out = append(out, c.Value.To)
		}
	}
	return out, err
}

// Read marks the reader's copy as read and may add words (阅示意见), which stay
// on the copy: after the end nothing is added to the sheet (W25).
type Read struct {
	ID    string `json:"id"`
	Words string `json:"words,omitempty"`
}

func (*Read) Kind() string      { return "approval.read@1" }
func (x *Read) Locks() []string { return []string{"copy:" + x.ID} }

// Run marks the copy. Reading again without words is no change. CodeNotPermitted
// for anybody but the reader.
func (x *Read) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	y, err := Copies.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if y.To != c.Actor {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	state, err := to(copyMoves, y.State, "read")
	if err != nil {
		return err
	}
	set := office.Fields{}
	if y.State != state {
		set["state"], set["read"], set["read_claimed"] = state, office.Millis(c.Now), office.Millis(c.Claimed)
	}
	if mustSay("words", x.Words) == nil {
		set["remarks"] = append(slices.Clone(y.Remarks), Remark{x.Words, office.Millis(c.Claimed), office.Millis(c.Now)})
	}
	if len(set) == 0 {
		return nil
	}
	return Copies.Patch(tx, x.ID, set)
}

// afterRead is what only the server does about a reading: the next in line gets
// his copy, and while the paper runs the words also go to the sheet, if its
// sender wanted them there (W25).
func afterRead(tx office.Tx, c office.Context, x *Read) error {
	y, err := Copies.Need(tx, x.ID)
	if err != nil {
		return err
	}
	s, err := subjectOf(tx, y.SubjectKind, y.Subject)
	if err != nil {
		return err
	}
	if len(y.Next) > 0 {
		if err := Copies.Patch(tx, x.ID, office.Fields{"next": nil}); err != nil {
			return err
		}
		if err := circulate(tx, c, s, CirculateBatch{
			Circulation: y.Circulation, SubjectKind: y.SubjectKind, Subject: y.Subject, From: y.From, To: y.Next[:1], Next: y.Next[1:],
			Must: y.Must, Words: y.Words, Sort: y.Sort, Area: y.Area,
		}); err != nil {
			return err
		}
	}
	if y.Area == "" || s.Flow == "" || mustSay("words", x.Words) != nil {
		return nil
	}
	inst, err := Instances.Need(tx, s.Flow)
	if err != nil || inst.State == Ended {
		return err
	}
	return Opinions.InsertUnder(tx, s.Flow, c.NewID("opinion"), Opinion{
		Area: y.Area, Step: "read", StepName: "传阅", Actor: c.Actor, Act: "read", Words: x.Words, Seen: s.ContentHash,
		Claimed: office.Millis(c.Claimed), Effective: office.Millis(c.Now),
	})
}

// partOf reports whether a person took part in an instance.
func partOf(inst Instance, who office.UserID) bool {
	return who != "" && slices.Contains(inst.Participants, who)
}
