package approval

import "qianshao/syncserver/office"

// Kinds are the room's kinds.
func Kinds() []*office.Kind {
	return []*office.Kind{
		Definitions.Kind, Instances.Kind, Tasks.Kind, Opinions.Kind, Events.Kind, Copies.Kind,
		Delegations.Kind, Secretaries.Kind, Charges.Kind, Phrases.Kind, Talks.Kind,
		Purges.Kind, PurgeDesks.Kind, PurgeOrders.Kind,
	}
}

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "approval.start@1", New: func() office.Command { return new(Start) }, Class: office.Queued, Creates: true},
		{Kind: "approval.approve@1", New: func() office.Command { return new(Approve) }, Class: office.Queued},
		{Kind: "approval.return@1", New: func() office.Command { return new(Return) }, Class: office.Queued},
		{Kind: "approval.take_back@1", New: func() office.Command { return new(TakeBack) }, Class: office.Intent},
		{Kind: "approval.transfer@1", New: func() office.Command { return new(Transfer) }, Class: office.Queued},
		{Kind: "approval.circulate@1", New: func() office.Command { return new(Circulate) }, Class: office.Queued, Creates: true},
		{Kind: "approval.read@1", New: func() office.Command { return new(Read) }, Class: office.Queued},
		{Kind: "approval.publish@1", New: func() office.Command { return new(Publish) }, Class: office.Online},
		{Kind: "approval.overdue@1", New: func() office.Command { return new(Overdue) }, Class: office.Online},
		{Kind: "approval.circulate_batch@1", New: func() office.Command { return new(CirculateBatch) }, Class: office.Online},
		{Kind: "approval.add_sign@1", New: func() office.Command { return new(AddSign) }, Class: office.Queued},
		{Kind: "approval.drop_sign@1", New: func() office.Command { return new(DropSign) }, Class: office.Intent},
		{Kind: "approval.delegate@1", New: func() office.Command { return new(Delegate) }, Class: office.Queued},
		{Kind: "approval.claim@1", New: func() office.Command { return new(Claim) }, Class: office.Intent},
		{Kind: "approval.release@1", New: func() office.Command { return new(Release) }, Class: office.Intent},
		{Kind: "approval.requeue@1", New: func() office.Command { return new(Requeue) }, Class: office.Queued},
		{Kind: "approval.delegation_set@1", New: func() office.Command { return new(SetDelegation) }, Class: office.Online, Creates: true},
		{Kind: "approval.delegation_end@1", New: func() office.Command { return new(EndDelegation) }, Class: office.Online},
		{Kind: "approval.delegation_due@1", New: func() office.Command { return new(DelegationDue) }, Class: office.Online},
		{Kind: "approval.look@1", New: func() office.Command { return new(Look) }, Class: office.Online},
		{Kind: "approval.hand_over@1", New: func() office.Command { return new(HandOver) }, Class: office.Online},
		{Kind: "approval.hand_task@1", New: func() office.Command { return new(HandTask) }, Class: office.Online},
		{Kind: "approval.reject@1", New: func() office.Command { return new(Reject) }, Class: office.Queued},
		{Kind: "approval.cancel@1", New: func() office.Command { return new(Cancel) }, Class: office.Intent},
		{Kind: "approval.terminate@1", New: func() office.Command { return new(Terminate) }, Class: office.Online},
		{Kind: "approval.reopen@1", New: func() office.Command { return new(Reopen) }, Class: office.Online},
		{Kind: "approval.jump@1", New: func() office.Command { return new(Jump) }, Class: office.Online},
		{Kind: "approval.end_branch@1", New: func() office.Command { return new(EndBranch) }, Class: office.Online},
		{Kind: "approval.switch@1", New: func() office.Command { return new(Switch) }, Class: office.Online, Creates: true},
		{Kind: "approval.migrate@1", New: func() office.Command { return new(Migrate) }, Class: office.Online},
		{Kind: "approval.suspend@1", New: func() office.Command { return new(Suspend) }, Class: office.Online},
		{Kind: "approval.resume@1", New: func() office.Command { return new(Resumption) }, Class: office.Online},
		{Kind: "approval.timer@1", New: func() office.Command { return new(Timer) }, Class: office.Online},
		{Kind: "approval.urge@1", New: func() office.Command { return new(Urge) }, Class: office.Intent},
		{Kind: "approval.enter@1", New: func() office.Command { return new(Enter) }, Class: office.Queued},
		{Kind: "approval.answer@1", New: func() office.Command { return new(Answer) }, Class: office.Queued},
		{Kind: "approval.paper_out@1", New: func() office.Command { return new(PaperOut) }, Class: office.Queued},
		{Kind: "approval.paper_in@1", New: func() office.Command { return new(PaperIn) }, Class: office.Queued},
		{Kind: "approval.phrase_put@1", New: func() office.Command { return new(PutPhrase) }, Class: office.Queued, Creates: true},
		{Kind: "approval.phrase_drop@1", New: func() office.Command { return new(DropPhrase) }, Class: office.Queued},
		{Kind: "approval.opened@1", New: func() office.Command { return new(Opened) }, Class: office.Queued},
		{Kind: "approval.reword@1", New: func() office.Command { return new(Reword) }, Class: office.Queued},
		{Kind: "approval.talk@1", New: func() office.Command { return new(Ask) }, Class: office.Queued, Creates: true},
		{Kind: "approval.talk_reply@1", New: func() office.Command { return new(Reply) }, Class: office.Queued},
		{Kind: "approval.recall_copies@1", New: func() office.Command { return new(RecallCopies) }, Class: office.Online},
		{Kind: "approval.confirm_purge@1", New: func() office.Command { return new(ConfirmPurge) }, Class: office.Queued},
		{Kind: "approval.lose_machine@1", New: func() office.Command { return new(LoseMachine) }, Class: office.Online},
		{Kind: "approval.bind@1", New: func() office.Command { return new(Bind) }, Class: office.Online},
		{Kind: "approval.charge@1", New: func() office.Command { return new(SetCharge) }, Class: office.Online},
	}
}
