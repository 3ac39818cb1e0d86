package document

import "qianshao/syncserver/office"

// Kinds are the room's kinds.
func Kinds() []*office.Kind {
	return []*office.Kind{
		Headers.Kind, Bodies.Kind, Versions.Kind, AllSeries.Kind, Counters.Kind, Numbers.Kind,
	}
}

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "document.draft@1", New: func() office.Command { return new(DraftPaper) }, Class: office.Queued, Creates: true},
		{Kind: "document.register@1", New: func() office.Command { return new(Register) }, Class: office.Queued, Creates: true},
		{Kind: "document.edit@1", New: func() office.Command { return new(Edit) }, Class: office.Queued},
		{Kind: "document.save_body@1", New: func() office.Command { return new(SaveBody) }, Class: office.Queued},
		{Kind: "document.discard@1", New: func() office.Command { return new(Discard) }, Class: office.Queued},
		{Kind: "document.close_series@1", New: func() office.Command { return new(CloseSeries) }, Class: office.Online},
		{Kind: "document.witness_numbers@1", New: func() office.Command { return new(WitnessNumbers) }, Class: office.Queued},
		{Kind: "document.reopen_series@1", New: func() office.Command { return new(ReopenSeries) }, Class: office.Online},
		{Kind: "document.put_series@1", New: func() office.Command { return new(PutSeries) }, Class: office.Online},
	}
}
