package rules

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// l23 keeps the three administrators apart from one another and from the
// office's business: no second role, no post, no task.
func l23() Rule {
	var (
		two  = Text{"三员互斥：系统管理员、安全保密管理员、安全审计员不得兼任，也不得兼任其他角色和岗位", "The three administrators hold no second role and no post"}
		task = Text{"%[1]s是三员之一，不办理公文", "%[1]s is one of the three administrators, who handle no papers"}
	)
	return Rule{
		ID: "L23", Name: Text{"三员互斥", "Three administrators"}, Grade: Forbid, Fixed: true,
		At: []Moment{Assigning, Starting, Transferring}, Reads: []Reading{ReadsAct, ReadsPaper, ReadsPeople}, Source: "GB/T 22239-2019",
		Check: func(f *Facts) []Finding {
			if f.Moment == Assigning {
				if directory.Exclusive(f.Posts, f.Roles) != nil {
					return []Finding{{Grade: Forbid, Place: Place{Element: "roles"}, Message: two}}
				}
				return nil
			}
			var out []Finding
			for _, x := range f.asked() {
				if admin(f.Person(x.who)) {
					out = append(out, Finding{Grade: Forbid, Place: Place{Element: x.element}, Message: task.With(f.Name(x.who))})
				}
			}
			return out
		},
	}
}

type asked struct {
	element string
	who     office.UserID
}

// asked are the people whom the act gives work to.
func (f *Facts) asked() []asked {
	var out []asked
	for _, who := range f.Act.To {
		out = append(out, asked{"to", who})
	}
	if p := f.Paper(); f.Moment == Starting && p != nil {
		out = append(out, asked{"signer", p.Signer}, asked{"leader", p.Leader})
		for _, x := range []struct {
			element string
			people  []office.UserID
		}{{"cosigners", p.Cosigners}, {"leaders", p.Leaders}, {"undertakers", p.Undertakers}} {
			for _, who := range x.people {
				out = append(out, asked{x.element, who})
			}
		}
	}
	return out
}

func admin(p directory.Official) bool {
	return slices.ContainsFunc([]string{directory.RoleSysAdmin, directory.RoleSecAdmin, directory.RoleAuditor}, p.HasRole)
}
