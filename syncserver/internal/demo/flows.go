package demo

import (
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Keys of the three flows.
const (
	FlowOut  = "fawen"   // 发文
	FlowIn   = "shouwen" // 收文
	FlowNote = "qianbao" // 签报
)

// Time limits in hours. They are hours of the clock, weekends among them, so
// that what came on a Friday is not late on Monday.
const (
	short      = 96
	forOthers  = 120 // 会签
	forLeaders = 144
	forWork    = 216 // 承办
)

func by(how, id string) []approval.Handler { return []approval.Handler{{By: how, ID: id}} }

func to(step string) []approval.Line { return []approval.Line{{To: step}} }

// cond is a line that is taken if the field has a value, or is one.
func cond(step, field, op, value string) approval.Line {
	return approval.Line{To: step, When: &approval.Cond{Field: field, Op: op, Value: value}}
}

// flows are the office's three ways of handling a paper (facts §6 and §7): the
// defaults of package approval with this office's own steps, 初审, 办公室审核 and
// what follows the number.
func flows() []approval.Definition {
	hegao := by(approval.ByPost, approval.PostReviser)
	return []approval.Definition{
		{
			Key: FlowOut, Name: "发文办理", Subjects: []string{document.Headers.Name}, First: "nigao",
			Requires: []approval.Cond{
				{Field: "direction", Op: approval.OpIs, Value: document.Outgoing},
				{Field: "series", Op: approval.OpSet}, {Field: "signer", Op: approval.OpSet}, {Field: "publicity", Op: approval.OpSet},
			},
			Suits: []approval.Cond{{Field: "direction", Op: approval.OpIs, Value: document.Outgoing}},
			Steps: []approval.Step{
				{ID: "nigao", Name: "拟稿", Handlers: by(approval.ByStarter, ""), Acts: []string{approval.ActApprove}, Edit: true,
					Area: "note", AreaName: "备注", Lines: to("fuze")},
				{ID: "fuze", Name: "负责人审核", Handlers: by(approval.ByHead, ""), Edit: true, Hours: short,
					Area: "unit_head", AreaName: "拟稿单位负责人", Lines: cosigned("hegao")},
				{ID: "huiqian", Name: "会签", Policy: approval.All, Hours: forOthers, Area: "cosign", AreaName: "会签",
					Handlers: cosigners(), Lines: to("hegao")},
				{ID: "hegao", Name: "核稿", Handlers: hegao, Policy: approval.Any, Edit: true, Hours: short,
					Area: "revise", AreaName: "核稿", Lines: to("shenhe")},
				{ID: "shenhe", Name: "办公室审核", Policy: approval.Any, Handlers: by(approval.ByPost, "shenhe"), Editors: hegao, Hours: short,
					Area: "office", AreaName: "办公室审核", Lines: []approval.Line{cond("fenguan", "leader", approval.OpSet, ""), {To: "qianfa"}}},
				{ID: "fenguan", Name: "分管领导审签", Handlers: by(approval.ByField, "leader"), Editors: hegao, Hours: forLeaders,
					Area: "leader", AreaName: "审签", Lines: to("qianfa")},
				{ID: "qianfa", Name: "签发", Handlers: by(approval.ByField, "signer"), Editors: hegao, Gate: approval.GateSign, Hours: forLeaders,
					Area: "sign", AreaName: "签发", Lines: to("fuhe")},
				{ID: "fuhe", Name: "复核", Handlers: by(approval.ByPost, approval.PostChecker), Policy: approval.Any, Edit: true,
					Gate: approval.GateReview, Hours: short, Area: "check", AreaName: "复核", Lines: to("bianhao")},
				{ID: "bianhao", Name: "登记编号", Handlers: by(approval.ByPost, approval.PostClerk), Policy: approval.Any, Hours: short,
					Effects: []string{approval.EffectNumber}, Area: "note", AreaName: "备注", Lines: to("yinzhi")},
				{ID: "yinzhi", Name: "排版印制", Handlers: by(approval.ByPost, "wenyin"), Policy: approval.Any, Hours: short,
					Area: "note", AreaName: "备注", Lines: []approval.Line{
						cond("banjie", "genre", approval.OpIs, "纪要"), {To: "yongyin"}, // 纪要 has no seal
					}},
				{ID: "yongyin", Name: "用印核发", Handlers: by(approval.ByPost, "yinzhang"), Policy: approval.Any, Hours: short,
					Area: "note", AreaName: "备注", Lines: to("banjie")},
				{ID: "banjie", Name: "办结", Type: approval.StepEnd},
			},
		},
		{
			Key: FlowIn, Name: "收文办理", Subjects: []string{document.Headers.Name}, First: "dengji",
			Requires: []approval.Cond{{Field: "direction", Op: approval.OpIs, Value: document.Incoming}},
			Suits:    []approval.Cond{{Field: "direction", Op: approval.OpIs, Value: document.Incoming}},
			Steps: []approval.Step{
				{ID: "dengji", Name: "登记", Handlers: by(approval.ByStarter, ""), Acts: []string{approval.ActApprove}, Edit: true,
					Area: "note", AreaName: "备注", Lines: to("chushen")},
				{ID: "chushen", Name: "初审", Handlers: hegao, Policy: approval.Any, Hours: short, Area: "preview", AreaName: "初审意见", Lines: to("niban"),
					Acts: []string{approval.ActApprove, approval.ActReturn, approval.ActTransfer, approval.ActReject}, Reasons: approval.Reasons},
				{ID: "niban", Name: "拟办", Handlers: by(approval.ByPost, "niban"), Edit: true, Hours: short, Area: "propose", AreaName: "拟办意见",
					Lines: []approval.Line{cond("fumishuzhang", "leader", approval.OpSet, ""), {To: "shenhe"}}},
				{ID: "fumishuzhang", Name: "副秘书长审核", Handlers: by(approval.ByField, "leader"), Hours: short,
					Area: "office", AreaName: "办公室意见", Lines: afterReview()},
				{ID: "shenhe", Name: "办公室审核", Policy: approval.Any, Handlers: by(approval.ByPost, "shenhe"), Hours: short,
					Area: "office", AreaName: "办公室意见", Lines: afterReview()},
				// A 请示 is decided by each leader in turn; for the rest the first who writes decides.
				{ID: "qingshi", Name: "批示", Policy: approval.Serial, Handlers: by(approval.ByField, "leaders"), Hours: forLeaders,
					Area: "instruct", AreaName: "领导批示", Lines: afterDecision()},
				{ID: "pishi", Name: "批示(或签)", Policy: approval.Any, Handlers: by(approval.ByField, "leaders"), Hours: forLeaders,
					Area: "instruct", AreaName: "领导批示", Lines: afterDecision()},
				{ID: "chengban", Name: "承办", Policy: approval.All, Handlers: by(approval.ByField, "undertakers"), Hours: forWork,
					Area: "result", AreaName: "承办意见及结果", Lines: to("dafu")},
				{ID: "dafu", Name: "答复办结", Handlers: by(approval.ByPost, approval.PostClerk), Policy: approval.Any, Hours: short,
					Area: "note", AreaName: "备注", Lines: to("banjie")},
				{ID: "banjie", Name: "办结", Type: approval.StepEnd},
			},
		},
		{
			Key: FlowNote, Name: "签报", Subjects: []string{document.Headers.Name}, First: "nigao",
			Requires: []approval.Cond{
				{Field: "direction", Op: approval.OpIs, Value: document.Internal}, {Field: "leaders", Op: approval.OpSet},
			},
			Steps: []approval.Step{
				{ID: "nigao", Name: "拟稿", Handlers: by(approval.ByStarter, ""), Acts: []string{approval.ActApprove}, Edit: true,
					Area: "note", AreaName: "备注", Lines: to("fuze")},
				{ID: "fuze", Name: "负责人审核", Handlers: by(approval.ByHead, ""), Edit: true, Hours: short, Area: "unit", AreaName: "部门意见",
					Lines: cosigned("shenhe")},
				{ID: "huiqian", Name: "会签", Policy: approval.All, Handlers: cosigners(), Hours: short,
					Area: "cosign", AreaName: "会签", Lines: to("shenhe")},
				{ID: "shenhe", Name: "办公室审核", Policy: approval.Any, Handlers: by(approval.ByPost, "shenhe"), Hours: short,
					Area: "office", AreaName: "办公室审核", Lines: to("pishi")},
				{ID: "pishi", Name: "领导批示", Policy: approval.Serial, Handlers: by(approval.ByField, "leaders"), Hours: forLeaders,
					Area: "instruct", AreaName: "领导批示", Lines: to("banjie")},
				{ID: "banjie", Name: "办结", Type: approval.StepEnd},
			},
		},
	}
}

func cosigners() []approval.Handler {
	return []approval.Handler{{By: approval.ByField, ID: "cosigners"}, {By: approval.ByFieldUnits, ID: "cosign_units"}}
}

// cosigned leads over 会签 where somebody is named for it.
func cosigned(next string) []approval.Line {
	return []approval.Line{
		cond("huiqian", "cosigners", approval.OpSet, ""), cond("huiqian", "cosign_units", approval.OpSet, ""), {To: next},
	}
}

func afterReview() []approval.Line {
	return []approval.Line{
		cond("dafu", "handling", approval.OpIs, document.HandlingRead),
		cond("dafu", "leaders", approval.OpUnset, ""),
		cond("qingshi", "genre", approval.OpIs, "请示"),
		{To: "pishi"},
	}
}

func afterDecision() []approval.Line {
	return []approval.Line{cond("chengban", "undertakers", approval.OpSet, ""), {To: "dafu"}}
}
