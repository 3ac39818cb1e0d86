package approval

import "qianshao/syncserver/office"

// Kinds are the room's kinds.
func Kinds() []*office.Kind {
	return []*office.Kind{
		Definitions.Kind, Instances.Kind, Tasks.Kind, Opinions.Kind, Events.Kind, Copies.Kind,
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
	}
}
