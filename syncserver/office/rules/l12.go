package rules

import "slices"

// sanfa is 三发三不发: what is issued, and what is not.
func sanfa() Checklist {
	return Checklist{ID: "L12", Post: PostReviser, Items: []Item{
		{ID: "reform", Good: true, Text: Text{"推进改革、建设、发展", "It furthers reform, construction or development"}},
		{ID: "livelihood", Good: true, Text: Text{"事关民本民生", "It concerns people's livelihood"}},
		{ID: "problem", Good: true, Text: Text{"解决现实问题", "It solves an actual problem"}},
		{ID: "occasion", Text: Text{"“应景式”的文", "It is written for the occasion only"}},
		{ID: "procedure", Text: Text{"程序未到位", "Its procedure is not complete"}},
		{ID: "department", Text: Text{"可由部门行文", "A department could issue it itself"}},
	}}
}

// l12 has 核稿 answer 三发三不发 for what goes out in the name of the government or
// its office; what should not be issued needs a reason.
func l12() Rule {
	var (
		open   = Text{"“三发三不发”尚未核对", "The checklist 三发三不发 has not been answered"}
		bad    = Text{"“三发三不发”核对：%[1]s", "The checklist 三发三不发 says: %[2]s"}
		noGood = Text{"“三发三不发”核对：不属应发的三类", "The checklist 三发三不发 says: none of the three that are issued"}
	)
	return Rule{
		ID: "L12", Name: Text{"三发三不发", "What is issued and what is not"}, Grade: Warn,
		At: []Moment{Approving}, Reads: []Reading{ReadsPaper, ReadsFlow, ReadsUnits, ReadsSheet}, Source: "需求：三发三不发",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.Asks(PostReviser))
			if p == nil || !f.governmental(p) {
				return nil
			}
			a, ok := f.Answered("L12")
			if !ok {
				return []Finding{{Grade: Warn, Message: open}}
			}
			var out []Finding
			good := false
			for _, it := range sanfa().Items {
				yes := slices.Contains(a.Yes, it.ID)
				good = good || yes && it.Good
				if yes && !it.Good {
					out = append(out, Finding{Grade: Warn, Message: bad.With(it.Text.ZH, it.Text.EN)})
				}
			}
			if !good {
				out = append(out, Finding{Grade: Warn, Message: noGood})
			}
			return out
		},
	}
}

// governmental reports whether the paper goes out in the name of the directory's
// government or of that government's office.
func (f *Facts) governmental(p *Paper) bool {
	return slices.ContainsFunc(p.Issuers(), func(issuer string) bool {
		u, ok := f.Unit(issuer)
		return ok && isGovernment(u.Name)
	})
}
