package rules

import "slices"

// Posts that rules know by the ids of the default definitions.
const (
	postClerk   = "wenshu"   // 文书: 登记编号
	postPrinter = "wenyin"   // 文印
	postSeal    = "yinzhang" // 印章管理
)

// Roles that rules know.
const (
	roleRegistrar = "registrar"    // 收发员 of 秘书一科
	rolePrincipal = "principal"    // 主要领导
	roleIncharge  = "incharge"     // 分管领导
	roleReviewer  = "officereview" // 办公室审核
)

// Gates of steps, as definitions name them.
const (
	gateSign   = "sign"
	gateReview = "review"
)

// byClerks reports whether the paper is with those who answer for its form: who
// drafts or starts it, 核稿 and 复核. There a warning asks for a reason; a leader
// who signs is not asked for the clerks' reasons.
func (f *Facts) byClerks() bool {
	switch f.Moment {
	case Drafting, Starting:
		return true
	case Approving:
		return f.Asks(PostReviser) || f.Flow().Gate == gateReview
	}
	return false
}

// atGates is byClerks and 签发: what blocks must not be signed either.
func (f *Facts) atGates() bool {
	return f.byClerks() || f.Moment == Approving && f.Flow().Gate == gateSign
}

// issuing is the paper, if it is a 发文 of the 15 文种 whose form is looked at now.
func (f *Facts) issuing(when bool) *Paper {
	if !when {
		return nil
	}
	if p := f.Paper(); p.outward() {
		return p
	}
	return nil
}

// forms are where rules about a paper's form are asked.
var forms = []Moment{Drafting, Starting, Approving}

func has(list []string, s string) bool { return slices.Contains(list, s) }
