package document

import "qianshao/syncserver/office"

// Kinds are the room's kinds.
func Kinds() []*office.Kind {
	return []*office.Kind{
		Headers.Kind, Bodies.Kind, Versions.Kind, Attachments.Kind, AllSeries.Kind, Counters.Kind, Numbers.Kind, Gaps.Kind, Findings.Kind,
	}
}

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "document.draft@1", New: func() office.Command { return new(DraftPaper) }, Class: office.Queued, Creates: true},
		{Kind: "document.register@1", New: func() office.Command { return new(Register) }, Class: office.Queued, Creates: true},
		{Kind: "document.edit@1", New: func() office.Command { return new(Edit) }, Class: office.Queued},
		{Kind: "document.save_body@1", New: func() office.Command { return new(SaveBody) }, Class: office.Queued},
		{Kind: "document.attach@1", New: func() office.Command { return new(Attach) }, Class: office.Queued, Creates: true},
		{Kind: "document.detach@1", New: func() office.Command { return new(Detach) }, Class: office.Queued},
		{Kind: "document.discard@1", New: func() office.Command { return new(Discard) }, Class: office.Queued},
		{Kind: "document.classify@1", New: func() office.Command { return new(Classify) }, Class: office.Queued},
		{Kind: "document.reserve_numbers@1", New: func() office.Command { return new(ReserveNumbers) }, Class: office.Online},
		{Kind: "document.choose_number@1", New: func() office.Command { return new(ChooseNumber) }, Class: office.Online},
		{Kind: "document.void_number@1", New: func() office.Command { return new(VoidNumber) }, Class: office.Online},
		{Kind: "document.annul@1", New: func() office.Command { return new(Annul) }, Class: office.Online},
		{Kind: "document.close_series@1", New: func() office.Command { return new(CloseSeries) }, Class: office.Online},
		{Kind: "document.witness_numbers@1", New: func() office.Command { return new(WitnessNumbers) }, Class: office.Queued},
		{Kind: "document.reopen_series@1", New: func() office.Command { return new(ReopenSeries) }, Class: office.Online},
		{Kind: "document.put_series@1", New: func() office.Command { return new(PutSeries) }, Class: office.Online},
	}
}
