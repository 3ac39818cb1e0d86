package approval

// Posts that the default definitions name; the directory has to know them
// before they are published.
const (
	PostReviser = "hegao"  // 秘书一科核稿
	PostChecker = "fuhe"   // 秘书一科复核
	PostClerk   = "wenshu" // 文书: 登记编号
)

// Defaults are the flows an office begins with, in the terms of the document
// room's fields. They are data: an office publishes its own versions of them.
func Defaults() []Definition { return []Definition{Fawen(), Shouwen(), Qianbao()} }

// Fawen is the 发文 flow: 拟稿 → 负责人 → 会签, where somebody is named for it → 核稿
// → 分管领导 → 签发 → 复核 → 登记编号 → 办结 (facts §7). While a paper is at 签发
// its reviser may still correct it: whoever signs the older text is asked again.
func Fawen() Definition {
	return Definition{
		Key: "fawen", Name: "发文", Subjects: []string{"doc.header"}, First: "nigao",
		Requires: []Cond{{Field: "direction", Op: OpIs, Value: "out"}, {Field: "leader", Op: OpSet}, {Field: "signer", Op: OpSet}},
		Steps: []Step{
			{
				ID: "nigao", Name: "拟稿", Handlers: []Handler{{By: ByStarter}}, Acts: []string{ActApprove}, Edit: true,
				Area: "note", AreaName: "备注", Lines: []Line{{To: "fuze"}},
			},
			{
				ID: "fuze", Name: "负责人审核", Handlers: []Handler{{By: ByHead}}, Edit: true, Hours: 24,
				Area: "unit_head", AreaName: "拟稿单位负责人",
				Lines: []Line{
					{To: "huiqian", When: &Cond{Field: "cosigners", Op: OpSet}},
					{To: "huiqian", When: &Cond{Field: "cosign_units", Op: OpSet}},
					{To: "hegao"},
				},
			},
			{
				ID: "huiqian", Name: "会签", Policy: All, Hours: 72, Area: "cosign", AreaName: "会签",
				Handlers: []Handler{{By: ByField, ID: "cosigners"}, {By: ByFieldUnits, ID: "cosign_units"}},
				Lines:    []Line{{To: "hegao"}},
			},
			{
				ID: "hegao", Name: "核稿", Handlers: []Handler{{By: ByPost, ID: PostReviser}}, Policy: Any, Edit: true, Hours: 24,
				Area: "revise", AreaName: "核稿", Lines: []Line{{To: "fenguan"}},
			},
			{
				ID: "fenguan", Name: "分管领导审签", Handlers: []Handler{{By: ByField, ID: "leader"}}, Hours: 48,
				Editors: []Handler{{By: ByDone, ID: "hegao"}},
				Area:    "leader", AreaName: "审签", Lines: []Line{{To: "qianfa"}},
			},
			{
				ID: "qianfa", Name: "签发", Handlers: []Handler{{By: ByField, ID: "signer"}}, Gate: GateSign, Hours: 48,
				Editors: []Handler{{By: ByDone, ID: "hegao"}},
				Area:    "sign", AreaName: "签发", Lines: []Line{{To: "fuhe"}},
			},
			{
				ID: "fuhe", Name: "复核", Handlers: []Handler{{By: ByPost, ID: PostChecker}}, Policy: Any, Gate: GateReview,
				Edit: true, Hours: 24, Area: "check", AreaName: "复核", Lines: []Line{{To: "bianhao"}},
			},
			{
				ID: "bianhao", Name: "登记编号", Handlers: []Handler{{By: ByPost, ID: PostClerk}}, Policy: Any, Edit: true, Hours: 24,
				Effects: []string{EffectNumber}, Area: "note", AreaName: "备注", Lines: []Line{{To: "banjie"}},
			},
			{ID: "banjie", Name: "办结", Type: StepEnd},
		},
	}
}

// Shouwen is the 收文 flow: 登记 → 拟办 → 批示, where the first of several leaders
// decides → 承办, or for a 阅件 straight → 办结 (facts §6). 拟办 names the leaders
// and those who do the work; where it names nobody the 文书 passes the paper on.
func Shouwen() Definition {
	return Definition{
		Key: "shouwen", Name: "收文", Subjects: []string{"doc.header"}, First: "dengji",
		Requires: []Cond{{Field: "direction", Op: OpIs, Value: "in"}},
		Steps: []Step{
			{
				ID: "dengji", Name: "登记", Handlers: []Handler{{By: ByStarter}}, Acts: []string{ActApprove}, Edit: true,
				Area: "note", AreaName: "备注", Lines: []Line{{To: "niban"}},
			},
			{
				ID: "niban", Name: "拟办", Handlers: []Handler{{By: ByHead}}, Edit: true, Hours: 24,
				Area: "propose", AreaName: "拟办意见", Lines: []Line{{To: "pishi"}},
			},
			{
				ID: "pishi", Name: "批示", Handlers: []Handler{{By: ByField, ID: "leaders"}}, Policy: Any, Hours: 72,
				Area: "instruct", AreaName: "领导批示",
				Lines: []Line{{To: "banjie", When: &Cond{Field: "handling", Op: OpIs, Value: "阅件"}}, {To: "chengban"}},
			},
			{
				ID: "chengban", Name: "承办", Handlers: []Handler{{By: ByField, ID: "undertakers"}}, Policy: All, Hours: 120,
				Area: "result", AreaName: "承办意见及结果", Lines: []Line{{To: "banjie"}},
			},
			{ID: "banjie", Name: "办结", Type: StepEnd},
		},
	}
}

// Qianbao is the 签报 flow: 拟稿 → 负责人 → 会签, where somebody is named for it →
// 领导批示, one leader after the other → 办结.
func Qianbao() Definition {
	return Definition{
		Key: "qianbao", Name: "签报", Subjects: []string{"doc.header"}, First: "nigao",
		Requires: []Cond{{Field: "direction", Op: OpIs, Value: "sign"}, {Field: "leaders", Op: OpSet}},
		Steps: []Step{
			{
				ID: "nigao", Name: "拟稿", Handlers: []Handler{{By: ByStarter}}, Acts: []string{ActApprove}, Edit: true,
				Area: "note", AreaName: "备注", Lines: []Line{{To: "fuze"}},
			},
			{
				ID: "fuze", Name: "负责人审核", Handlers: []Handler{{By: ByHead}}, Edit: true, Hours: 24,
				Area: "unit", AreaName: "部门意见",
				Lines: []Line{
					{To: "huiqian", When: &Cond{Field: "cosigners", Op: OpSet}},
					{To: "huiqian", When: &Cond{Field: "cosign_units", Op: OpSet}},
					{To: "pishi"},
				},
			},
			{
				ID: "huiqian", Name: "会签", Policy: All, Hours: 72, Area: "cosign", AreaName: "会签",
				Handlers: []Handler{{By: ByField, ID: "cosigners"}, {By: ByFieldUnits, ID: "cosign_units"}},
				Lines:    []Line{{To: "pishi"}},
			},
			{
				ID: "pishi", Name: "领导批示", Handlers: []Handler{{By: ByField, ID: "leaders"}}, Policy: Serial, Hours: 72,
				Area: "instruct", AreaName: "领导批示", Lines: []Line{{To: "banjie"}},
			},
			{ID: "banjie", Name: "办结", Type: StepEnd},
		},
	}
}
