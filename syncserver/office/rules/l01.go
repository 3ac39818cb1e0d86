package rules

import "slices"

// l1 is 逐级送签: a definition of 发文 offers no way around 拟稿单位负责人, 核稿, 签发
// and 复核. (Which steps a paper really went through the engine keeps: no act
// skips one, and a 跳转 cannot pass 签发 or 复核.)
func l1() Rule {
	around := Text{"流程可以绕过“%[1]s”直达办结：发文须逐级送签", "The flow can get round %[2]s: an outgoing paper is signed level by level"}
	return Rule{
		ID: "L1", Name: Text{"逐级送签", "Signed level by level"}, Grade: Forbid, Fixed: true,
		At: []Moment{Publishing}, Reads: []Reading{ReadsAct}, Source: "需求：公文处理逐级把关",
		Check: func(f *Facts) []Finding {
			if !f.Out {
				return nil
			}
			var out []Finding
			for _, need := range []struct {
				zh, en string
				is     func(Step) bool
			}{
				{"拟稿单位负责人审核", "the head of the drafting unit", func(s Step) bool { return has(s.Handlers, "head") || has(s.Handlers, "superior") }},
				{"核稿", "revision", func(s Step) bool { return has(s.Handlers, "post:"+PostReviser) }},
				{"签发", "signing", func(s Step) bool { return s.Gate == gateSign }},
				{"复核", "review", func(s Step) bool { return s.Gate == gateReview }},
			} {
				if len(f.Steps) > 0 && avoids(f.Steps, need.is) {
					out = append(out, Finding{Grade: Forbid, Place: Place{Element: "definition.steps"}, Message: around.With(need.zh, need.en)})
				}
			}
			return out
		},
	}
}

// avoids reports whether an end can be reached from the first step without
// going through a step of the wanted sort.
func avoids(steps []Step, is func(Step) bool) bool {
	seen := map[string]bool{}
	var walk func(id string) bool
	walk = func(id string) bool {
		i := slices.IndexFunc(steps, func(s Step) bool { return s.ID == id })
		if i < 0 || seen[id] || is(steps[i]) {
			return false
		}
		seen[id] = true
		return steps[i].End || slices.ContainsFunc(steps[i].Next, walk)
	}
	return walk(steps[0].ID)
}
