package approval

import "qianshao/syncserver/office"

// What the acts so far mean for a stay at a step.
type outcome int

const (
	wait     outcome = iota // somebody still has to act
	handOver                // verdict.task was transferred and its successor is to be made
	goBack                  // verdict.task returned the paper
	askNext                 // verdict.person's turn has come (顺签)
	pass                    // the step is done
	idle                    // nobody is asked and nobody has acted
)

type verdict struct {
	what   outcome
	task   int // index into the tasks judged
	person office.UserID
}

// judge weighs the tasks of one stay. It is the whole of 会签, 或签 and 顺签;
// further policies (比例, 票签 …) are further cases.
func judge(p Policy, v Visit, tasks []Task) verdict {
	var open, done int
	for i, t := range tasks {
		switch {
		case t.State == TaskTransferred && t.Successor == "":
			return verdict{what: handOver, task: i}
		case t.State == TaskOpen:
			open++
		case t.State == TaskDone:
			done++
		}
	}
	for i, t := range tasks {
		if t.State == TaskDone && t.Act == ActReturn {
			return verdict{what: goBack, task: i}
		}
	}
	switch {
	case p == Any && done > 0:
		return verdict{what: pass}
	case open > 0:
		return verdict{what: wait}
	case p == Serial && done > 0 && done < len(v.People):
		return verdict{what: askNext, person: v.People[done]}
	case done > 0:
		return verdict{what: pass}
	}
	return verdict{what: idle}
}
