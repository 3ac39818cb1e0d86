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
	return circulate(tx, c, s, CirculateBatch{
		Circulation: x.ID, SubjectKind: x.SubjectKind, Subject: x.Subject, From: c.Actor, To: x.To, Must: x.Must, Words: x.Words,
	})
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
		if err := Copies.Insert(tx, office.DeriveID("copy", x.Circulation, string(who)), Copy{
			Circulation: x.Circulation, SubjectKind: x.SubjectKind, Subject: x.Subject, Title: s.Title, Urgency: s.Urgency,
			From: x.From, To: who, Must: x.Must, Words: x.Words, State: CopyUnread, Sent: office.Millis(c.Now),
		}); err != nil {
			return err
		}
	}
	if all := union(s.Readers, readers...); len(all) > len(s.Readers) {
		if err := tx.Patch(x.SubjectKind, x.Subject, office.Fields{"readers": all}); err != nil {
			return err
		}
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
	out := make([]office.UserID, len(list))
	for i, c := range list {
		out[i] = c.Value.To
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

// partOf reports whether a person took part in an instance.
func partOf(inst Instance, who office.UserID) bool {
	return who != "" && slices.Contains(inst.Participants, who)
}
