package rules

import "qianshao/syncserver/office"

// Kinds are the room's kinds.
func Kinds() []*office.Kind {
	return []*office.Kind{Switches.Kind, Reasons.Kind, Sheets.Kind}
}

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "rules.justify@1", New: func() office.Command { return new(Justify) }, Class: office.Queued},
		{Kind: "rules.answer@1", New: func() office.Command { return new(Answer) }, Class: office.Queued},
		{Kind: "rules.configure@1", New: func() office.Command { return new(Configure) }, Class: office.Online},
	}
}
