package rules

import (
	"slices"
	"strings"
)

// addressed are 文种 that name whom they go to. (A 请示 is L2's.)
var addressed = []string{"通知", "函", "批复", "报告", "议案"}

// g11 wants the elements that a paper cannot do without: who issues it, a text,
// whom it goes to, whether it is published. What would make it void blocks 签发.
func g11() Rule {
	var (
		issuer    = Text{"没有写发文机关，标志和署名都无从印出", "Nobody is named who issues it: neither head nor signature can be printed"}
		body      = Text{"没有正文", "There is no text"}
		to        = Text{"%[1]s要写明主送机关", "A %[1]s names the body it goes to"}
		publicity = Text{"拟稿时就要明确公开属性", "Whether it is published is said when it is drafted"}
		open      = Text{"标为%[1]s", "Make it %[1]s"}
		why       = Text{"不予公开要写明理由", "What is not published says why"}
		people    = Text{"纪要没有写出席人员", "The minutes do not say who was present"}
		title     = Text{"加盖签名章要写明签发人职务", "With a signature stamp the signer's office is printed"}
		others    = Text{"联合行文加盖签名章，其他%[1]d个机关的签发人都要写明职务和姓名", "In a joint paper with signature stamps each of the other %[1]d offices names its signer and the office held"}
	)
	return Rule{
		ID: "G11", Name: Text{"要素齐全", "Nothing is missing"}, Grade: Forbid, Warns: true,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "条例第九条；GB/T 9704-2012 7；政府信息公开条例",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.atGates())
			if p == nil {
				return nil
			}
			var out []Finding
			if f.Moment != Starting { // whoever begins a flow may still fill them in
				if len(p.Issuers()) == 0 {
					out = append(out, Finding{Grade: Forbid, Place: Place{Element: "issuer"}, Message: issuer})
				}
				if f.Moment != Drafting && !slices.ContainsFunc(f.Text(), func(b Block) bool { return strings.TrimSpace(b.Text) != "" }) {
					out = append(out, Finding{Grade: Forbid, Message: body})
				}
			}
			if !f.byClerks() {
				return out
			}
			// While it is being written a gap is no more than a hint.
			grade := Warn
			if f.Moment == Drafting || f.Moment == Starting {
				grade = Note
			}
			if slices.Contains(addressed, p.Genre) && len(names(p.To)) == 0 {
				out = append(out, Finding{Grade: grade, Place: Place{Element: "to"}, Message: to.With(p.Genre)})
			}
			switch {
			case p.Publicity == "":
				out = append(out, Finding{Grade: grade, Place: Place{Element: "publicity"}, Message: publicity, Mends: []Mend{
					setTo("publicity", "主动公开", open.With("主动公开")), setTo("publicity", "依申请公开", open.With("依申请公开")),
				}})
			case p.Publicity == "不予公开" && strings.TrimSpace(p.PublicityReason) == "":
				out = append(out, Finding{Grade: grade, Place: Place{Element: "publicity_reason"}, Message: why})
			}
			if p.Genre == "纪要" && len(p.Present) == 0 {
				out = append(out, Finding{Grade: Note, Place: Place{Element: "present"}, Message: people})
			}
			if p.Seal == "sign" && p.SignTitle == "" {
				out = append(out, Finding{Grade: grade, Place: Place{Element: "sign_title"}, Message: title})
			}
			if n := len(p.Issuers()) - 1; p.Seal == "sign" && n > 0 {
				told := 0
				for _, x := range p.AlsoSigned {
					if len(strings.Fields(x)) > 1 {
						told++
					}
				}
				if told < n {
					out = append(out, Finding{Grade: grade, Place: Place{Element: "also_signed"}, Message: others.With(n)})
				}
			}
			return out
		},
	}
}
