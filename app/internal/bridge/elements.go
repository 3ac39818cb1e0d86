package bridge

import (
	"slices"
	"strings"

	"qianshao/syncserver/office/document"
)

// fileDiff is the difference of the attachments: their names, and a mark where
// a file of one name has another content.
func fileDiff(before, now []document.File) []Difference {
	if slices.Equal(before, now) {
		return nil
	}
	names := func(files, others []document.File) string {
		var out []string
		for _, f := range files {
			name := "附件：" + f.Name
			if slices.ContainsFunc(others, func(o document.File) bool { return o.Name == f.Name && o.SHA256 != f.SHA256 }) {
				name += "（" + f.SHA256[:8] + "）"
			}
			out = append(out, name)
		}
		return strings.Join(out, "\n")
	}
	x, y := pieces(names(before, now), names(now, before))
	return []Difference{{Before: x, After: y}}
}

// formWords say how a paper is signed and headed, where that is not as usual.
func formWords(f document.Form) string {
	var out []string
	if s := map[string]string{document.SealNone: "不加盖印章", document.SealSign: "加盖签名章"}[f.Seal]; s != "" {
		out = append(out, s)
	}
	if f.Joint == document.JointLead {
		out = append(out, "单独使用主办机关标志")
	}
	return strings.Join(out, "、")
}

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
		{before.CopyNo, now.CopyNo}, {before.SignTitle, now.SignTitle},
		{formWords(before.Form), formWords(now.Form)},
		{strings.Join(before.AlsoSigned, "、"), strings.Join(now.AlsoSigned, "、")},
		{strings.Join(before.Present, "、"), strings.Join(now.Present, "、")},
		{strings.Join(before.Excused, "、"), strings.Join(now.Excused, "、")},
		{strings.Join(before.Attending, "、"), strings.Join(now.Attending, "、")},
		{before.From, now.From}, {before.FromNumber, now.FromNumber},
	} {
		if f.b != f.n {
			x, y := pieces(f.b, f.n)
			out = append(out, Difference{Before: x, After: y})
		}
	}
	return out
}
