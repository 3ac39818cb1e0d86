package approval

import "qianshao/syncserver/office"

// move is one line of a state machine: what a command makes of a state.
type move struct{ from, command, to string }

// taskMoves is the life of a task. What is not in it is refused.
var taskMoves = []move{
	{TaskOpen, ActApprove, TaskDone},
	{TaskOpen, ActReturn, TaskDone},
	{TaskOpen, ActTransfer, TaskTransferred},
	{TaskOpen, "other_acted", TaskDoneByOther}, // 或签, or a rescue that somebody else made
	{TaskOpen, "step_left", TaskCancelled},     // somebody returned the paper
	{TaskOpen, "taken_back", TaskWithdrawn},
	{TaskDone, "taken_back", TaskWithdrawn}, // the act itself is taken back by its author
	{TaskDone, "step_left", TaskCancelled},  // 退回上一签: it is asked again (W5)
	{TaskOpen, "lapsed", TaskWithdrawn},     // a delegation ended
	{TaskOpen, "removed", TaskWithdrawn},    // 减签
	{TaskOpen, "sleep", TaskAsleep},         // 前加签, 委派
	{TaskAsleep, "wake", TaskOpen},
	{TaskAsleep, "other_acted", TaskDoneByOther},
	{TaskAsleep, "step_left", TaskCancelled},
	{TaskAsleep, "taken_back", TaskWithdrawn},
	{TaskAsleep, "removed", TaskWithdrawn},
	{TaskDoneByOther, "release", TaskOpen}, // the pool is open again
	{TaskOpen, ActReject, TaskDone},
}

// instanceMoves is the life of an instance.
var instanceMoves = []move{
	{Running, "act", Running},
	{Running, "circulate", Running},
	{Suspended, "circulate", Suspended},
	{Ended, "circulate", Ended},
	{Running, "end", Ended},
	{Running, "close", Ended},
	{Suspended, "close", Ended},
	{Running, "suspend", Suspended},
	{Suspended, "resume", Running},
	{Ended, "reopen", Running},
}

// copyMoves is the life of a copy. A reader may add words later.
var copyMoves = []move{
	{CopyUnread, "read", CopyRead},
	{CopyRead, "read", CopyRead},
	{CopyUnread, "recall", CopyRecalled},
}

// subjectMoves is the part of a subject's life that approval governs.
var subjectMoves = []move{
	{FlowNone, "start", FlowRunning},
	{FlowRunning, "advance", FlowRunning},
	{FlowRunning, "return", FlowReturned},
	{FlowReturned, "advance", FlowRunning},
	{FlowReturned, "return", FlowReturned},
	{FlowRunning, "end", FlowDone},
	{FlowReturned, "end", FlowDone},
	{FlowDone, "end", FlowDone},
	{FlowDone, "advance", FlowRunning}, // reopened (W43)
	{FlowDone, "return", FlowReturned},
	{FlowRunning, "cancel", FlowNone},
	{FlowReturned, "cancel", FlowNone},
}

// to looks a move up; the refusal names the state found.
func to(table []move, from, command string) (string, error) {
	for _, m := range table {
		if m.from == from && m.command == command {
			return m.to, nil
		}
	}
	return "", office.Errorf(office.CodeState, "%s in state %q", command, from)
}

// refusal says why a person cannot act on a task that is no longer open.
func refusal(task Task, inst Instance) error {
	switch {
	case task.State == TaskDoneByOther:
		return &office.Error{Code: office.CodeDoneByOther}
	case task.State == TaskTransferred:
		return &office.Error{Code: office.CodeTaskTransferred}
	case task.State == TaskAsleep:
		return office.Errorf(office.CodeState, "%s", task.State) // those asked before have not acted
	case task.State == TaskDone:
		return office.Errorf(office.CodeState, "%s", task.State) // done by the person himself, perhaps on another desk
	case inst.State == Ended:
		return &office.Error{Code: office.CodeEnded}
	default: // withdrawn, or cancelled by a return
		return &office.Error{Code: office.CodeTaskWithdrawn}
	}
}

// alive refuses an act on an instance that has ended or sleeps.
func alive(inst Instance) error {
	switch inst.State {
	case Ended:
		return &office.Error{Code: office.CodeEnded}
	case Suspended:
		return &office.Error{Code: office.CodeSuspended}
	}
	_, err := to(instanceMoves, inst.State, "act")
	return err
}
