package approval

import "qianshao/syncserver/office"

// Moving are the commands that [After] does more about: the authority calls it
// for them, in the same transaction, after their Run.
func Moving() []string {
	return []string{
		"approval.start@1", "approval.approve@1", "approval.return@1", "approval.transfer@1", "approval.take_back@1",
		"approval.add_sign@1", "approval.drop_sign@1", "approval.delegate@1", "approval.claim@1", "approval.release@1",
		"approval.requeue@1", "approval.hand_task@1", "approval.reject@1", "approval.cancel@1", "approval.terminate@1",
		"approval.reopen@1", "approval.jump@1", "approval.end_branch@1", "approval.switch@1", "approval.migrate@1",
		"approval.suspend@1", "approval.resume@1", "approval.enter@1", "approval.paper_out@1", "approval.paper_in@1",
		"approval.overdue@1", "approval.timer@1", "approval.look@1", "approval.read@1",
		"approval.recall_copies@1", "approval.confirm_purge@1",
	}
}

// After advances the instance that a command has acted on: the authority calls
// it after the command's Run, in the same transaction. Commands that act on no
// instance are left alone.
func After(tx office.Tx, c office.Context, cmd office.Command, effects Effects) error {
	var instance, task string
	first := func(*advance) (bool, error) { return false, nil }
	switch x := cmd.(type) {
	case *Read:
		return afterRead(tx, c, x)
	case *RecallCopies:
		return afterRecall(tx, c, x, effects)
	case *ConfirmPurge:
		return afterConfirm(tx, c, x, effects)
	case *Start:
		instance = x.ID
	case *TakeBack:
		instance = x.Instance
	case *Overdue:
		instance = x.Instance
	case *Requeue:
		instance = x.Instance
	case *Look:
		instance = x.Instance
	case *Suspend:
		instance = x.Instance
		first = func(a *advance) (bool, error) { return true, a.show() }
	case *Resumption:
		instance = x.Instance
	case *PaperOut:
		instance = x.Instance
	case *PaperIn:
		instance = x.Instance
	case *Migrate:
		instance = x.Instance
	case *Timer:
		instance = x.Instance
		if x.Do == TimerTimeout {
			first = func(a *advance) (bool, error) { return false, a.timeout(x) }
		}
	case *Jump:
		instance = x.Instance
		first = func(a *advance) (bool, error) { return false, a.jump(x) }
	case *EndBranch:
		instance = x.Instance
		first = func(a *advance) (bool, error) { return false, a.endBranch(x.Branch) }
	case *Switch:
		instance = x.Instance
		first = func(a *advance) (bool, error) { return true, a.swap(x) }
	case *Cancel:
		instance = x.Instance
		first = func(a *advance) (bool, error) { return true, a.close(OutcomeCancelled, x.Words, EventEnd) }
	case *Terminate:
		instance = x.Instance
		first = func(a *advance) (bool, error) { return true, a.terminate(x.Words) }
	case *Reopen:
		instance = x.Instance
		first = func(a *advance) (bool, error) { return false, a.wakeUp(x.To) }
	case *Reject:
		task = x.Task
		first = func(a *advance) (bool, error) {
			return true, a.close(OutcomeRejected, x.Reason+"："+x.Words, EventEnd)
		}
	case *Approve:
		task = x.Task
	case *Return:
		task = x.Task
	case *Transfer:
		task = x.Task
	case *AddSign:
		task = x.Task
	case *DropSign:
		task = x.Task
	case *Delegate:
		task = x.Task
	case *Claim:
		task = x.Task
	case *Release:
		task = x.Task
	case *HandTask:
		task = x.Task
		first = func(a *advance) (bool, error) {
			if err := a.handNow(x.Task); err != nil || a.inst.State != Suspended {
				return false, err
			}
			return true, a.settle()
		}
	case *Enter:
		task = x.Task
	default:
		return nil
	}
	if task != "" {
		r, p, err := tx.Get(Tasks.Name, task)
		if err != nil || p != office.Present {
			return err
		}
		instance = r.Root
	}
	a, err := open(tx, c, instance, effects)
	if err != nil {
		return err
	}
	was := a.inst.State
	if done, err := first(a); done || err != nil {
		return err
	}
	if was == Running && a.inst.State == Ended { // it came to its end at once
		return a.settle()
	}
	return a.run()
}

// terminate ends a flow; a number that was given is voided (W42).
func (a *advance) terminate(why string) error {
	did := len(a.inst.Did) > 0
	if err := a.close(OutcomeTerminated, why, EventEnd); err != nil || !did {
		return err
	}
	if err := a.effect(EffectVoid, Step{}); err != nil {
		return err
	}
	return a.flush()
}

// wakeUp brings a paper that had ended back to a step it had passed (W43).
func (a *advance) wakeUp(step string) error {
	return a.reopen(Visit{Step: "end"}, lastVisit(a.inst.Path, step, ""), Task{})
}
