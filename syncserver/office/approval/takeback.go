package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// TakeBack is 取回: who sent the paper to its present step takes it back while
// nobody there has acted (W20, 未办可取回). Those who were asked lose their
// tasks; what they do off line meanwhile is refused and their words are kept.
type TakeBack struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Words    string `json:"words,omitempty"`
	Rest     bool   `json:"rest,omitempty"` // some have acted: only the others, where the flow allows it
}

func (*TakeBack) Kind() string      { return "approval.take_back@1" }
func (x *TakeBack) Locks() []string { return lockSubject(x.Subject) }

// Run withdraws the open tasks and marks the stay as recalled; the server makes
// the sender's new task. Refusals: CodeNotPermitted for anybody but the sender,
// CodeDoneByOther when somebody has acted, CodeSuspended, CodeEnded.
func (x *TakeBack) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("instance", x.Instance); err != nil {
		return err
	}
	if err := office.CheckID("subject", x.Subject); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	inst, err := Instances.Need(tx, x.Instance)
	if err != nil {
		return err
	}
	if inst.Subject != x.Subject {
		return office.Invalid("subject", "the instance is about another record")
	}
	if !partOf(inst, c.Actor) {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if err := alive(inst); err != nil {
		return err
	}
	if len(inst.Tokens) == 0 || senderVisit(inst.Path, "") < 0 {
		return office.Errorf(office.CodeState, "on its way") // the server has not moved it yet
	}
	tokens := slices.Clone(inst.Tokens)
	var mine []int
	for i, v := range tokens {
		if v.Recall != "" {
			return office.Errorf(office.CodeState, "taken back already")
		}
		if v.From == c.Actor {
			mine = append(mine, i)
		}
	}
	if len(mine) == 0 {
		if sentBefore(inst, c.Actor) {
			return &office.Error{Code: office.CodeDoneByOther, Message: inst.StepName}
		}
		return &office.Error{Code: office.CodeNotPermitted}
	}
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	for _, i := range mine {
		if k := senderVisit(inst.Path, tokens[i].Branch); k < 0 || !slices.Contains(inst.Path[k].By, c.Actor) {
			did, err := actedAt(tx, x.Instance, inst, k, c.Actor)
			if err != nil {
				return err
			}
			if !did { // branches have met since: what was sent on is more than mine
				return &office.Error{Code: office.CodeDoneByOther, Message: tokens[i].Name}
			}
		}
		if err := x.stay(tx, c, def, inst, &tokens[i]); err != nil {
			return err
		}
	}
	for _, f := range inst.Forks { // a fork that I sent out is taken back as a whole
		sent := slices.ContainsFunc(tokens, func(v Visit) bool {
			i := senderVisit(inst.Path, v.Branch)
			return v.Recall != "" && opened(f, v.Branch) && i >= 0 && !opened(f, inst.Path[i].Branch)
		})
		if sent && (len(f.Arrived) > 0 || len(f.Ended) > 0 || slices.ContainsFunc(tokens, func(v Visit) bool { return v.Recall == "" && opened(f, v.Branch) })) {
			return &office.Error{Code: office.CodeDoneByOther, Message: inst.StepName}
		}
	}
	at := inst.Tokens[mine[0]]
	i := senderVisit(inst.Path, at.Branch)
	if i < 0 {
		return office.Errorf(office.CodeState, "nothing was passed")
	}
	inst.Tokens = tokens
	if err := Instances.Patch(tx, x.Instance, office.Fields{"tokens": tokens}); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{
		What: EventTakeBack, Step: at.Step, StepName: at.Name, Round: at.Round, ToStep: inst.Path[i].Step, Detail: x.Words,
	})
}

// standing is how a stay stands towards being taken back.
type standing struct {
	items  []taskItem
	policy string // of the step: TakeBackUndone …
	read   bool   // somebody has opened it
	acted  bool   // somebody has acted
	inside bool   // somebody has in a flow inside
}

// why is why the stay is not taken back, as a whole or, with rest, in part; "" if
// it is.
func (s standing) why(rest bool) string {
	switch {
	case s.policy == TakeBackNever:
		return WhyNever
	case s.policy == TakeBackUnread && s.read:
		return WhyRead
	case s.inside || s.acted && (!rest || s.policy != TakeBackRest):
		return WhyActed
	}
	return ""
}

func standingOf(tx office.Tx, id string, def Definition, v Visit) (standing, error) {
	step, _ := def.Step(v.Step)
	s := standing{policy: step.TakeBack}
	var err error
	if s.items, err = tasksOf(tx, id, v.Step, v.Round); err != nil {
		return s, err
	}
	for _, sub := range v.Subs {
		more, err := allTasks(tx, office.Query{View: "instance", Order: "created", Where: []office.Cond{office.Where("root", sub)}})
		if err != nil {
			return s, err
		}
		s.inside = s.inside || slices.ContainsFunc(more, func(t taskItem) bool { return t.Value.State != TaskOpen })
	}
	for _, t := range s.items {
		y := t.Value
		s.read = s.read || y.Opened != 0
		s.acted = s.acted || y.State != TaskOpen && y.State != TaskAsleep && y.Kind != TaskAgent || len(y.Adds) > 0
	}
	return s, nil
}

// Why something that was sent is not taken back.
const (
	WhyNever = "never" // the flow allows it never
	WhyRead  = "read"  // it was opened, and the flow allows it only unread
	WhyActed = "acted"
)

// A Retrieval is whether something that was sent may be taken back now.
type Retrieval struct {
	May  bool
	Rest bool   // only from those who have not acted
	Why  string // why not, to its sender: WhyRead …; "" for everybody else
}

// Retrievable tells a person whether they may take back what they sent, as far
// as their desk can see; Run decides (W20).
func Retrievable(tx office.Tx, instance string, who office.UserID) (Retrieval, error) {
	var r Retrieval
	inst, err := Instances.Need(tx, instance)
	if err != nil || inst.State != Running {
		return r, err
	}
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return r, err
	}
	for _, v := range inst.Tokens {
		if v.From != who || who == "" {
			continue
		}
		i := senderVisit(inst.Path, v.Branch)
		did, err := actedAt(tx, instance, inst, i, who)
		if err != nil {
			return r, err
		}
		if i < 0 || v.Recall != "" || v.Paper != nil || !did {
			return Retrieval{}, nil
		}
		s, err := standingOf(tx, instance, def, v)
		if err != nil {
			return r, err
		}
		if why := s.why(true); why != "" {
			return Retrieval{Why: why}, nil
		}
		r.May, r.Rest = true, r.Rest || s.acted
	}
	return r, nil
}

// stay takes one stay back: those asked lose their tasks. What the step allows
// decides: never, while unread, while nobody has acted, or only of those who
// have not acted.
func (x *TakeBack) stay(tx office.Tx, c office.Context, def Definition, inst Instance, v *Visit) error {
	if v.Paper != nil {
		return office.Errorf(office.CodeState, "on paper")
	}
	s, err := standingOf(tx, x.Instance, def, *v)
	if err != nil {
		return err
	}
	switch s.why(x.Rest) {
	case WhyNever:
		return &office.Error{Code: office.CodeNotPermitted, Field: "step", Message: v.Name}
	case WhyRead, WhyActed:
		return &office.Error{Code: office.CodeDoneByOther, Message: v.Name}
	}
	items, acted := s.items, s.acted
	n := 0
	for _, t := range items {
		if t.Value.State == TaskOpen || t.Value.State == TaskAsleep {
			n++
			if err := closeTask(tx, c, t, "taken_back"); err != nil {
				return err
			}
		}
	}
	if !acted {
		v.Recall = c.Actor
		return nil
	}
	if n == 0 {
		return &office.Error{Code: office.CodeDoneByOther, Message: v.Name}
	}
	v.People = slices.DeleteFunc(slices.Clone(v.People), func(u office.UserID) bool {
		s, _ := voiceOf(u, items)
		return s == asked || s == silent
	})
	return nil
}

// actedAt reports whether a person acted at a stay that was passed, perhaps in
// another's name.
func actedAt(tx office.Tx, id string, inst Instance, k int, who office.UserID) (bool, error) {
	if k < 0 {
		return false, nil
	}
	items, err := tasksOf(tx, id, inst.Path[k].Step, inst.Path[k].Round)
	return slices.ContainsFunc(items, func(t taskItem) bool { return t.Value.Person == who && t.Value.State == TaskDone }), err
}

// sentBefore reports whether the person acted at a step the paper has passed.
func sentBefore(inst Instance, who office.UserID) bool {
	for _, v := range inst.Path {
		if slices.Contains(v.By, who) {
			return true
		}
	}
	return false
}
