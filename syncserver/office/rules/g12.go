package rules

// g12 wants 署名 and 成文日期 together, behind the text and the 附件说明. A text
// without either is in order: the page prints both from the elements.
func g12() Rule {
	var (
		noDate = Text{"有署名，没有成文日期", "It is signed, and not dated"}
		noSign = Text{"有成文日期，没有署名", "It is dated, and not signed"}
		behind = Text{"署名和成文日期应当在正文、附件说明之后，这一段却在它们后面", "Signature and date stand behind the text; this paragraph is behind them"}
		early  = Text{"成文日期应当在署名之后", "The date stands behind the signature"}
		note   = Text{"附件说明应当在正文之后、署名之前，正文又在它后面", "The list of annexes stands behind the text; this paragraph is behind it"}
	)
	return Rule{
		ID: "G12", Name: Text{"要素的位置", "Each in its place"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 9704-2012 7.3",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			var sign, date, listed *Block
			for _, b := range f.Text() {
				if b.Type == "annex" { // an 附件 may be signed and dated in its own way
					break
				}
				if blank(b.Text) && b.Type != "image" {
					continue
				}
				switch b.Type {
				case "signature":
					if date != nil && sign == nil {
						out = append(out, Finding{Grade: Warn, Place: Place{Block: date.ID}, Message: early})
					}
					sign = &b
				case "date":
					date = &b
				default:
					switch {
					case sign != nil || date != nil:
						out = append(out, Finding{Grade: Warn, Place: Place{Block: b.ID}, Message: behind})
					case listed != nil && b.Type != "attachment":
						out = append(out, Finding{Grade: Warn, Place: Place{Block: b.ID}, Message: note})
					}
					if b.Type == "attachment" {
						listed = &b
					}
				}
			}
			switch {
			case sign != nil && date == nil:
				out = append(out, Finding{Grade: Warn, Place: Place{Block: sign.ID}, Message: noDate})
			case date != nil && sign == nil && p.Genre != "纪要":
				out = append(out, Finding{Grade: Warn, Place: Place{Block: date.ID}, Message: noSign})
			}
			return out
		},
	}
}
