package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// RecallCopies is 收回: copies that nobody has read are taken back, and leave the
// reader's desk at its next contact, which confirms it (see [Purge]); who has
// read his is told (W22, W25).
type RecallCopies struct {
	Circulation string          `json:"circulation"`
	SubjectKind string          `json:"subject_kind"`
	Subject     string          `json:"subject"`
	From        []office.UserID `json:"from,omitempty"` // only these readers
	Words       string          `json:"words"`
	Tell        bool            `json:"tell,omitempty"` // 撤销通知 to those who have read it
}

func (*RecallCopies) Kind() string      { return "approval.recall_copies@1" }
func (x *RecallCopies) Locks() []string { return lockSubject(x.Subject) }

// Run recalls. Only the sender may. CodeState if nothing was left to recall and
// nobody to tell.
func (x *RecallCopies) Run(tx office.Tx, c office.Context) error {
	for _, f := range []struct{ name, id string }{{"circulation", x.Circulation}, {"subject", x.Subject}} {
		if err := office.CheckID(f.name, f.id); err != nil {
			return err
		}
	}
	if err := said(x.Words); err != nil {
		return err
	}
	s, err := subjectOf(tx, x.SubjectKind, x.Subject)
	if err != nil {
		return err
	}
	all, err := Copies.All(tx, office.Query{View: "subject", Order: "sent", Where: []office.Cond{
		office.Where("subject", x.Subject), office.Where("from", string(c.Actor)),
	}})
	if err != nil {
		return err
	}
	var gone, read []office.UserID
	var back []office.Item[Copy]
	for _, k := range all {
		v := k.Value
		if v.Circulation != x.Circulation || len(x.From) > 0 && !slices.Contains(x.From, v.To) {
			continue
		}
		if v.State == CopyRead {
			read = append(read, v.To)
		}
		if v.State != CopyUnread {
			continue
		}
		state, err := to(copyMoves, v.State, "recall")
		if err != nil {
			return err
		}
		if err := Copies.Patch(tx, k.ID, office.Fields{"state": state, "why": x.Words, "next": nil}); err != nil {
			return err
		}
		gone, back = append(gone, v.To), append(back, k)
	}
	if len(gone) == 0 && (!x.Tell || len(read) == 0) {
		return office.Errorf(office.CodeState, "all have read it")
	}
	readers, err := stillReaders(tx, s, gone)
	if err != nil {
		return err
	}
	if err := tx.Patch(x.SubjectKind, x.Subject, office.Fields{"readers": readers}); err != nil {
		return err
	}
	if len(back) > 0 {
		if err := x.purge(tx, c, s, back); err != nil {
			return err
		}
	}
	if !x.Tell {
		return nil
	}
	for _, who := range read {
		if err := Copies.Insert(tx, c.NewID("tell:"+string(who)), Copy{
			Circulation: c.NewID("tell"), SubjectKind: x.SubjectKind, Subject: x.Subject, Title: s.Title, Urgency: s.Urgency,
			From: c.Actor, To: who, Must: true, Words: x.Words, State: CopyUnread, Sent: office.Millis(c.Now), Sort: CopyRevoked,
		}); err != nil {
			return err
		}
	}
	return nil
}

// CopyRevoked is the sort of a 撤销通知.
const CopyRevoked = "revoked"

// stillReaders are a subject's readers without those who only had a copy that
// was taken back.
func stillReaders(tx office.Tx, s Subject, gone []office.UserID) ([]office.UserID, error) {
	keep := []office.UserID{s.Drafter}
	if s.Flow != "" {
		inst, err := Instances.Need(tx, s.Flow)
		if err != nil {
			return nil, err
		}
		keep = append(keep, inst.Participants...)
	}
	keep = append(keep, s.FlowEditors...)
	tasks, err := allTasks(tx, office.Query{View: "subject", Order: "created", Where: []office.Cond{office.Where("subject", s.record)}})
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		keep = append(keep, t.Value.Person)
	}
	var out []office.UserID
	for _, u := range s.Readers {
		if !slices.Contains(gone, u) || slices.Contains(keep, u) {
			out = append(out, u)
			continue
		}
		for _, state := range []string{CopyUnread, CopyRead} { // another copy of the same paper
			other, err := Copies.List(tx, office.Query{View: "subject", Limit: 1, Where: []office.Cond{
				office.Where("subject", s.record), office.Where("to", string(u)), office.Where("state", state),
			}})
			if err != nil {
				return nil, err
			}
			if len(other) > 0 {
				out = append(out, u)
				break
			}
		}
	}
	return out, nil
}
