package bridge

import (
	"strings"

	"qianshao/syncserver/office/document"
)

// elementDiff are the differences of what a signer signs besides the text.
func elementDiff(before, now document.Elements) []Difference {
	var out []Difference
	for _, f := range []struct{ b, n string }{
		{before.Title, now.Title}, {before.Genre, now.Genre},
		{strings.Join(before.To, "、"), strings.Join(now.To, "、")},
		{strings.Join(before.CC, "、"), strings.Join(now.CC, "、")},
		{before.Level, now.Level}, {before.Urgency, now.Urgency},
		{before.Publicity, now.Publicity}, {before.PublicityReason, now.PublicityReason},
		{before.Issuer, now.Issuer}, {before.Note, now.Note},
		{before.From, now.From}, {before.FromNumber, now.FromNumber},
	} {
		if f.b != f.n {
			x, y := pieces(f.b, f.n)
			out = append(out, Difference{Before: x, After: y})
		}
	}
	return out
}
