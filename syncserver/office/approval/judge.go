package approval

import "qianshao/syncserver/office"

// What the acts so far mean for a stay at a step.
type outcome int

const (
	wait     outcome = iota // somebody still has to act
	handOver                // verdict.task was transferred and its successor is to be made
	ask                     // the verdict.n-th addition of verdict.task is to be asked (W7–W9, W12)
	wake                    // those whom verdict.task waited for have acted
	close_                  // verdict.task is not needed any more: its place is filled, or the pool was claimed
	goBack                  // verdict.task returned the paper
	askNext                 // verdict.person's turn has come (顺签)
	pass                    // the step is done
	fail                    // the members did not agree
	idle                    // nobody is asked and nobody has acted
)

type verdict struct {
	what   outcome
	task   int // index into the tasks judged
	n      int
	person office.UserID
}

// What a member of a step has said.
type voice int

const (
	silent voice = iota // not asked, or no longer
	asked
	yes
	no
	abstained
)

// judge weighs the tasks of one stay. It is the whole of 会签, 或签, 顺签, 票签,
// 抢办 and of the additions to them.
func judge(step Step, v Visit, tasks []taskItem) verdict {
	if d := housekeeping(step, v, tasks); d.what != wait {
		return d
	}
	p := v.policy(step)
	said := map[office.UserID]voice{}
	sum := map[voice]int{}
	refused := -1
	for _, who := range v.People {
		s, t := voiceOf(who, tasks)
		said[who] = s
		sum[s] += v.weight(p, who)
		if s == no && refused < 0 {
			refused = t
		}
	}
	if p == Serial || p == All || p == Any || p == Pool {
		if refused >= 0 && tasks[refused].Value.Act == ActReturn {
			return verdict{what: goBack, task: refused}
		}
	}
	count := func(s voice) (n int) {
		for _, x := range said {
			if x == s {
				n++
			}
		}
		return n
	}
	acted := count(yes) + count(no) + count(abstained)
	switch p {
	case Any, Pool:
		if acted > 0 {
			return verdict{what: pass}
		}
	case Serial:
		if count(asked) > 0 {
			return verdict{}
		}
		for _, who := range v.People {
			if said[who] == silent && acted > 0 {
				return verdict{what: askNext, person: who}
			}
		}
	case Ratio, Vote:
		return ballot(step, v, sum)
	case Collect:
		if count(asked) == 0 && refused >= 0 {
			return verdict{what: fail}
		}
	}
	switch {
	case count(asked) > 0:
		return verdict{}
	case acted > 0:
		return verdict{what: pass}
	}
	return verdict{what: idle}
}

// housekeeping is what has to be done before the members are counted.
func housekeeping(step Step, v Visit, tasks []taskItem) verdict {
	for i, t := range tasks {
		x := t.Value
		if x.State == TaskTransferred && x.Successor == "" {
			return verdict{what: handOver, task: i}
		}
		for n, add := range x.Adds {
			live := x.State == TaskAsleep || x.State == TaskOpen
			if !add.Made && (add.Mode == AddAfter && x.State == TaskDone && x.Act == ActApprove || add.Mode != AddAfter && live) {
				return verdict{what: ask, task: i, n: n}
			}
		}
	}
	for i, t := range tasks {
		if t.Value.State == TaskAsleep && !servants(tasks, t.ID, TaskOpen, TaskAsleep) {
			return verdict{what: wake, task: i}
		}
	}
	for i, t := range tasks {
		x := t.Value
		if x.State != TaskOpen && x.State != TaskAsleep {
			continue
		}
		for k, o := range tasks {
			y := o.Value
			same := x.Parent == y.Parent && x.Seat == y.Seat
			if k != i && same && y.State == TaskDone || k != i && v.policy(step) == Pool && y.Claimed > 0 && y.State == TaskOpen && x.Claimed == 0 && x.Parent == "" {
				return verdict{what: close_, task: i}
			}
		}
	}
	return verdict{}
}

// voiceOf is what a member has said, himself or through others, and the task
// that says so.
func voiceOf(who office.UserID, tasks []taskItem) (voice, int) {
	found, at := silent, -1
	for i, t := range tasks {
		x := t.Value
		if x.Seat != who || x.Parent != "" {
			continue
		}
		switch x.State {
		case TaskOpen, TaskAsleep:
			return asked, i
		case TaskDone:
			if servants(tasks, t.ID, TaskOpen, TaskAsleep) { // 后加签: he has acted, those after him not yet
				return asked, i
			}
			found, at = vote(x), i
			for k, o := range tasks {
				if o.Value.Parent == t.ID && o.Value.Kind == TaskAfter && o.Value.State == TaskDone && vote(o.Value) == no {
					found, at = no, k
				}
			}
		}
	}
	return found, at
}

func vote(t Task) voice {
	switch {
	case t.Act == ActReturn || t.Verdict == VerdictDisagree:
		return no
	case t.Verdict == VerdictAbstain:
		return abstained
	}
	return yes
}

// servants reports whether people added to a task are in one of the states.
func servants(tasks []taskItem, parent string, states ...string) bool {
	for _, t := range tasks {
		for _, s := range states {
			if t.Value.Parent == parent && t.Value.State == s {
				return true
			}
		}
	}
	return false
}

// ballot ends a Ratio or a Vote as soon as its result is certain.
func ballot(step Step, v Visit, sum map[voice]int) verdict {
	base := sum[silent] + sum[asked] + sum[yes] + sum[no] + sum[abstained]
	if step.Pass.AbstainOut {
		base -= sum[abstained]
	}
	reaches := func(n int) bool {
		need, have := step.Pass.Weight, n
		if need == 0 {
			need, have = step.Pass.Percent*base, n*100
		}
		if step.Pass.Over {
			return have > need
		}
		return have >= need
	}
	switch {
	case sum[yes] > 0 && reaches(sum[yes]):
		return verdict{what: pass}
	case base == 0 && sum[abstained] > 0: // everybody abstained: nobody agreed
		return verdict{what: fail}
	case base > 0 && !canStill(step, sum, reaches):
		return verdict{what: fail}
	case sum[asked] == 0 && sum[yes]+sum[no]+sum[abstained] > 0:
		return verdict{what: fail}
	case sum[asked] == 0:
		return verdict{what: idle}
	}
	return verdict{}
}

// canStill reports whether the vote passes if everybody who is asked agrees. An
// abstention that leaves the base can only help, so agreement is the best case
// unless nobody agrees at all.
func canStill(step Step, sum map[voice]int, reaches func(int) bool) bool {
	return sum[asked] > 0 && reaches(sum[yes]+sum[asked])
}

// policy is how the people of a stay act.
func (v Visit) policy(s Step) Policy {
	if v.Policy != "" {
		return v.Policy
	}
	return s.policy()
}

func (v Visit) weight(p Policy, who office.UserID) int {
	if w := v.Weights[who]; p == Vote && w > 0 {
		return w
	}
	return 1
}
