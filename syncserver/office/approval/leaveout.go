package approval

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// leaveOut takes those from a step's people who need not be asked, and says why
// if nobody is left (W40, W41). Nothing is ever left out at a gate.
func (a *advance) leaveOut(step Step, v Visit, people []office.UserID) ([]office.UserID, string, error) {
	if len(people) == 0 || step.Gate != "" {
		return people, "", nil
	}
	if i := slices.Index(people, a.inst.Starter); i >= 0 && step.ID != a.def.First {
		switch step.Self {
		case SelfAbove:
			above, err := directory.SuperiorOf(a.tx, a.inst.Starter)
			if err != nil {
				return nil, "", err
			}
			if above != "" {
				people = slices.Clone(people)
				people[i] = above
				people = union(nil, people...)
			}
		case SelfSkip:
			people = slices.Delete(slices.Clone(people), i, i+1)
			if len(people) == 0 {
				return nil, "starter", nil
			}
		}
	}
	if a.def.Dedupe == DedupeNone || a.inst.Returned || step.Keep || step.Free {
		return people, "", nil
	}
	acted := a.acted(v.Branch)
	rest := slices.DeleteFunc(slices.Clone(people), func(u office.UserID) bool { return slices.Contains(acted, u) })
	switch v.policy(step) {
	case All, Collect, Serial:
		if len(rest) == 0 {
			return nil, "acted_before", nil
		}
		return rest, "", nil
	case Any:
		if len(rest) < len(people) {
			return nil, "acted_before", nil
		}
	}
	return people, "", nil
}

// acted are the people who have acted before, as far as the definition counts
// them. An act at a gate stands for nothing but itself: 核稿 and 签发 are never one.
func (a *advance) acted(branch string) []office.UserID {
	var out []office.UserID
	for i := len(a.inst.Path) - 1; i >= 0; i-- {
		p := a.inst.Path[i]
		if s, ok := a.def.Step(p.Step); !ok || s.Gate != "" || !within(branch, p.Branch) || p.Auto != "" {
			if a.def.Dedupe == DedupeConsecutive && p.Auto == "" {
				break
			}
			continue
		}
		out = union(out, p.By...)
		if a.def.Dedupe == DedupeConsecutive {
			break
		}
	}
	return out
}

// freely goes on in a free flow: to those whom the handler picked, or, where he
// picked nobody, back to the starter (W29).
func (a *advance) freely(v Visit, step Step, sender office.UserID) error {
	people := a.chosen
	if len(people) == 0 {
		people = []office.UserID{a.inst.Starter}
	}
	then := a.last.Then
	if then == "" {
		then = Any
	}
	a.chosen = nil
	return a.enter(step, Visit{Branch: v.Branch, From: sender, Policy: then}, people)
}

// copies sends the copies for information that leaving a step sends (W26).
func (a *advance) copies(step Step, sender office.UserID) error {
	if len(step.CC) == 0 {
		return nil
	}
	to, err := a.resolve(step.CC)
	if err != nil || len(to) == 0 {
		return err
	}
	from := sender
	if from == "" {
		from = a.inst.Starter
	}
	if err := circulate(a.tx, a.c, a.subject, CirculateBatch{
		Circulation: a.newID(), SubjectKind: a.inst.SubjectKind, Subject: a.inst.Subject, From: from, To: to, Sort: CopyNotice,
	}); err != nil {
		return err
	}
	a.subject.Readers = union(a.subject.Readers, to...)
	return nil
}
