package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// knownActs are the acts a definition may allow.
var knownActs = []string{ActApprove, ActReturn, ActTransfer, ActAdd, ActDelegate, ActReject}

// ways are the steps that one step may lead to.
func (s Step) ways() []string {
	var out []string
	for _, l := range s.Lines {
		out = append(out, l.To)
	}
	if s.Fail != "" {
		out = append(out, s.Fail)
	}
	return out
}

// checkSpecial checks steps without tasks.
func (d Definition) checkSpecial(i int, s Step) error {
	if len(s.Handlers)+len(s.Effects)+len(s.Acts)+len(s.Editors) > 0 || s.Policy != "" || s.Gate != "" || s.Free {
		return fault(i, s, "type", "a %s has no handlers, acts, policy, gate or effects", s.Type)
	}
	if s.Type != StepSub && (s.Hours != 0 || s.Limit != nil || s.Timeout != nil || len(s.CC) > 0) {
		return fault(i, s, "type", "a %s takes no time", s.Type)
	}
	switch s.Type {
	case StepFork:
		if len(s.Lines) < 2 {
			return fault(i, s, "lines", "a fork has two lines at least")
		}
	case StepJoin:
		if len(s.Lines) != 1 {
			return fault(i, s, "lines", "a join leads on by one line")
		}
		if s.Join != nil && (s.Join.Need < 0 || s.Join.Need > maxSteps) {
			return fault(i, s, "join", "branches needed: %d", s.Join.Need)
		}
	case StepSub:
		if s.Sub == nil || !flowKey.MatchString(s.Sub.Flow) || s.Sub.Flow == d.Key {
			return fault(i, s, "sub", "which flow is inside?")
		}
		if s.Sub.Units != "" && !fieldName.MatchString(s.Sub.Units) {
			return fault(i, s, "sub", "%q is not a field", s.Sub.Units)
		}
		if s.Sub.Refused != RefusedRecord && s.Sub.Refused != RefusedReturn {
			return fault(i, s, "sub", "%q", s.Sub.Refused)
		}
		return d.checkTimes(i, s)
	}
	return nil
}

// checkMore checks what a step with tasks may have besides the plain things.
func (d Definition) checkMore(i int, s Step) error {
	if s.Join != nil || s.Sub != nil {
		return fault(i, s, "type", "only a join or a sub-flow has this")
	}
	switch s.policy() {
	case Ratio, Vote:
		if s.Pass == nil {
			return fault(i, s, "pass", "会签 without policy: when is it passed?")
		}
		if s.Pass.Weight < 0 || s.Pass.Percent < 0 || s.Pass.Percent > 100 || (s.Pass.Weight > 0) == (s.Pass.Percent > 0) || s.Pass.Weight > 0 && s.policy() == Ratio {
			return fault(i, s, "pass", "a percentage, or for 票签 a weight")
		}
		if s.Pass.Over && s.Pass.Percent == 100 {
			return fault(i, s, "pass", "nothing is over 100 percent")
		}
	default:
		if s.Pass != nil {
			return fault(i, s, "pass", "only 比例 and 票签 count")
		}
	}
	if s.Fail != "" {
		if _, ok := d.Step(s.Fail); !ok || !slices.Contains([]Policy{Collect, Ratio, Vote}, s.policy()) || s.Gate != "" {
			return fault(i, s, "fail", "it leads to a step, from a vote")
		}
	}
	for _, h := range s.Handlers {
		if h.Weight < 0 || h.Weight > 1000 || h.Weight > 0 && s.policy() != Vote {
			return fault(i, s, "handlers", "weight %d", h.Weight)
		}
	}
	for _, h := range s.CC {
		if err := d.checkHandler(h); err != nil {
			return fault(i, s, "cc", "%v", err)
		}
	}
	one := func(field, got string, known ...string) error {
		if !slices.Contains(known, got) {
			return fault(i, s, field, "%q is not known", got)
		}
		return nil
	}
	for _, err := range []error{
		one("order", s.Order, "", OrderRank),
		one("resubmit", s.Resubmit, ResubmitAgain, ResubmitDirect, ResubmitReturner),
		one("take_back", s.TakeBack, TakeBackUndone, TakeBackUnread, TakeBackRest, TakeBackNever),
		one("empty", s.Empty, EmptyClerk, EmptyAdmin),
		one("self", s.Self, SelfAct, SelfAbove, SelfSkip),
	} {
		if err != nil {
			return err
		}
	}
	if s.Gate != "" && (s.Self == SelfSkip || s.Free || s.Policy == Ratio || s.Policy == Vote || s.Policy == Collect) {
		return fault(i, s, "gate", "%s is never skipped, free or put to a vote", s.Gate)
	}
	if s.Claim != 0 && (s.policy() != Pool || s.Claim < 0 || s.Claim > maxHours) {
		return fault(i, s, "claim", "hours of a claim in a pool")
	}
	if slices.Contains(s.Acts, ActReject) != (len(s.Reasons) > 0) || len(s.Reasons) > 50 {
		return fault(i, s, "reasons", "a 退文 has reasons to choose from")
	}
	for _, list := range [][]string{s.Reasons, s.Ban} {
		for _, x := range list {
			if err := office.CheckLine("reasons", x, 1, 200); err != nil || len(list) > 50 {
				return fault(i, s, "reasons", "%q", x)
			}
		}
	}
	return d.checkTimes(i, s)
}

func (d Definition) checkTimes(i int, s Step) error {
	if s.Limit != nil && (s.Hours != 0 || s.Limit.N < 1 || s.Limit.N > maxHours || s.Limit.Fast < 0 || s.Limit.Urgent < 0 || max(s.Limit.Fast, s.Limit.Urgent) > maxHours || s.Limit.Unit != UnitHours && s.Limit.Unit != UnitDays) {
		return fault(i, s, "limit", "a number of working hours or days, instead of hours")
	}
	timed := s.Limit != nil || s.Hours > 0
	if len(s.Remind) > 10 || len(s.Remind) > 0 && !timed {
		return fault(i, s, "remind", "at most ten, of a limit")
	}
	for _, h := range s.Remind {
		if h > maxHours || h < -maxHours {
			return fault(i, s, "remind", "%d hours", h)
		}
	}
	t := s.Timeout
	if t == nil {
		return nil
	}
	if !timed || t.After < 0 || t.After > maxHours {
		return fault(i, s, "timeout", "it follows a limit")
	}
	for _, h := range t.To {
		if err := d.checkHandler(h); err != nil {
			return fault(i, s, "timeout", "%v", err)
		}
	}
	switch t.Do {
	case TimeoutEscalate, TimeoutTransfer:
		if len(t.To) == 0 {
			return fault(i, s, "timeout", "to whom?")
		}
	case TimeoutPass, TimeoutSkip, TimeoutReturn:
	default:
		return fault(i, s, "timeout", "%q is not known", t.Do)
	}
	if t.Do != TimeoutEscalate && (s.Gate != "" || len(s.Effects) > 0 || s.ID == d.First || s.Free) {
		return fault(i, s, "timeout", "time never acts here (W37)")
	}
	if s.Type == StepSub && t.Do != TimeoutSkip && t.Do != TimeoutEscalate && t.Do != TimeoutReturn {
		return fault(i, s, "timeout", "a flow inside is not %s", t.Do)
	}
	return nil
}

// checkCircles refuses ways that come back to themselves without a task.
func (d Definition) checkCircles() error {
	waits := func(s Step) bool { return s.Type == "" || s.Type == StepTask || s.Type == StepEnd }
	for i, s := range d.Steps {
		if waits(s) {
			continue
		}
		seen, todo := map[string]bool{}, s.ways()
		for len(todo) > 0 {
			id := todo[0]
			todo = todo[1:]
			if id == s.ID {
				return fault(i, s, "lines", "it comes back here without a task")
			}
			if n, ok := d.Step(id); ok && !seen[id] && !waits(n) {
				seen[id] = true
				todo = append(todo, n.ways()...)
			}
		}
	}
	return nil
}

// nesting says in which forks each step lies, outermost first, and refuses
// branches that do not meet: each fork has one join, and nothing leads into a
// branch or out of it by another way. Gates stand on the main line.
func (d Definition) nesting() (map[string][]string, error) {
	out, _, err := d.nest()
	return out, err
}

// nest is nesting, and by fork the join where its branches meet.
func (d Definition) nest() (map[string][]string, map[string]string, error) {
	out, joins := map[string][]string{}, map[string]string{}
	var walk func(id string, in []string) error
	walk = func(id string, in []string) error {
		i := slices.IndexFunc(d.Steps, func(s Step) bool { return s.ID == id })
		if i < 0 {
			return nil
		}
		s := d.Steps[i]
		if s.Type == StepJoin {
			if len(in) == 0 {
				return fault(i, s, "type", "no branches meet here")
			}
			fork := in[len(in)-1]
			if j, ok := joins[fork]; ok && j != id {
				return fault(i, s, "type", "the branches of %q meet at %q and here", fork, j)
			}
			joins[fork] = id
			in = in[:len(in)-1]
		}
		if was, ok := out[id]; ok {
			if !slices.Equal(was, in) {
				return fault(i, s, "lines", "it is reached inside and outside of parallel branches")
			}
			return nil
		}
		out[id] = slices.Clone(in)
		if len(in) > 0 && s.Type == StepEnd {
			return fault(i, s, "type", "a branch of %q ends here without meeting the others", in[len(in)-1])
		}
		if len(in) > 0 && (s.Gate != "" || len(s.Effects) > 0) {
			return fault(i, s, "gate", "签发, 复核 and numbers stand on the main line")
		}
		if s.Type == StepFork {
			in = append(slices.Clone(in), id)
		}
		for _, next := range s.ways() {
			if err := walk(next, in); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(d.First, nil); err != nil {
		return nil, nil, err
	}
	for _, j := range joins {
		n := 0
		for _, k := range joins {
			if k == j {
				n++
			}
		}
		if n > 1 {
			i := slices.IndexFunc(d.Steps, func(s Step) bool { return s.ID == j })
			return nil, nil, fault(i, d.Steps[i], "type", "the branches of several forks meet here")
		}
	}
	return out, joins, nil
}

// joinOf is the step where the branches of a fork meet.
func (d Definition) joinOf(fork string) string {
	_, joins, _ := d.nest()
	return joins[fork]
}
