package approval

import (
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/worktime"
)

// maxUrges is how often one person may be urged about one paper in a day.
const maxUrges = 3

// Urge is 催办: those who are asked now hear of it, those of a 传阅 too (W27). In
// quiet hours it waits until work begins; several are one; it never demands an
// answer at once.
type Urge struct {
	Subject string `json:"subject"`
	Words   string `json:"words,omitempty"`
	Copies  bool   `json:"copies,omitempty"` // those who have not read my copies, too
}

func (*Urge) Kind() string      { return "approval.urge@1" }
func (x *Urge) Locks() []string { return lockSubject(x.Subject) }

// Run notes it on the open tasks. Everybody who takes part may. CodeState if all
// have been urged often enough today, or nobody is asked.
func (x *Urge) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("subject", x.Subject); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, 500); err != nil {
		return err
	}
	cal, err := worktime.Read(tx)
	if err != nil {
		return err
	}
	open, err := openOf(tx, x.Subject)
	if err != nil {
		return err
	}
	found, urged := 0, map[string][]office.UserID{}
	for _, t := range open {
		inst, err := Instances.Need(tx, t.Root)
		if err != nil {
			return err
		}
		if !partOf(inst, c.Actor) && inst.Starter != c.Actor {
			continue
		}
		if err := alive(inst); err != nil {
			return err
		}
		found++
		n := 1
		if sameDay(t.Value.UrgedAt, c.Now) {
			n = t.Value.Urged + 1
		}
		if n > maxUrges || t.Value.Person == c.Actor {
			continue
		}
		if err := Tasks.Patch(tx, t.ID, office.Fields{
			"urged": n, "urged_at": office.Millis(c.Now), "urged_by": c.Actor, "urge_said": text(x.Words), "ring": ring(cal, t.Value.Urgency, c.Now),
		}); err != nil {
			return err
		}
		urged[t.Root] = union(urged[t.Root], t.Value.Person)
	}
	for root, who := range urged {
		inst, err := Instances.Need(tx, root)
		if err != nil {
			return err
		}
		if err := trace(tx, c, root, &inst, "event:"+root, Event{What: EventUrge, To: who, Detail: x.Words}); err != nil {
			return err
		}
	}
	read := 0
	if x.Copies {
		if read, err = x.copies(tx, c); err != nil {
			return err
		}
	}
	switch {
	case len(urged)+read > 0:
		return nil
	case found == 0 && !x.Copies:
		return &office.Error{Code: office.CodeNotPermitted}
	}
	return office.Errorf(office.CodeState, "urged enough for today")
}

func (x *Urge) copies(tx office.Tx, c office.Context) (int, error) {
	list, err := Copies.All(tx, office.Query{View: "subject", Where: []office.Cond{
		office.Where("subject", x.Subject), office.Where("from", string(c.Actor)), office.Where("state", CopyUnread),
	}})
	n := 0
	for _, k := range list {
		if sameDay(k.Value.Urged, c.Now) {
			continue
		}
		if err := Copies.Patch(tx, k.ID, office.Fields{"urged": office.Millis(c.Now)}); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}

func sameDay(at int64, now time.Time) bool {
	return at != 0 && time.UnixMilli(at).In(worktime.Zone).Format(time.DateOnly) == now.In(worktime.Zone).Format(time.DateOnly)
}
