package rules

import "slices"

// l13 is 归口: papers from outside are registered, and papers for outside
// numbered, by the posts of 秘书一科 alone.
func l13() Rule {
	var (
		in  = Text{"来文由收发员归口登记", "Incoming papers are registered by the registry alone"}
		out = Text{"发文由文书岗归口编号、分送", "Outgoing papers are numbered and sent by the clerk's post alone"}
	)
	return Rule{
		ID: "L13", Name: Text{"归口管理", "One door in and out"}, Grade: Forbid, Fixed: true,
		At: []Moment{Registering, Approving}, Reads: []Reading{ReadsFlow, ReadsPeople}, Source: "需求：归口管理",
		Check: func(f *Facts) []Finding {
			if f.Moment == Registering {
				if !f.Person(f.Actor).HasRole(roleRegistrar) {
					return []Finding{{Grade: Forbid, Message: in}}
				}
				return nil
			}
			flow := f.Flow()
			if p := f.issuing(flow.Numbers); p == nil || len(flow.Posts) == 0 {
				return nil
			}
			mine := f.Person(f.seat()).Posts
			if slices.ContainsFunc(flow.Posts, func(post string) bool { return has(mine, post) || f.vacant(post) }) {
				return nil
			}
			return []Finding{{Grade: Forbid, Message: out}}
		},
	}
}
