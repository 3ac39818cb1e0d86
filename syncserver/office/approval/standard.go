package approval

// Posts that the standard flows name, besides those of the plain ones.
const (
	PostReceiver  = "shoufa"     // 收发
	PostProposer  = "niban"      // 拟办
	PostOffice    = "shenhe"     // 办公室审核
	PostPrinter   = "wenyin"     // 文印
	PostSeal      = "yinzhang"   // 印章管理
	PostSection   = "duikou"     // 对口科室核稿
	PostArchivist = "danganyuan" // 档案
)

// A Post is one that flows name.
type Post struct{ ID, Name string }

// StandardPosts are the posts that the standard flows name.
func StandardPosts() []Post {
	return []Post{
		{PostReceiver, "收发"}, {PostClerk, "文书"}, {PostProposer, "拟办"}, {PostSection, "对口科室核稿"}, {PostReviser, "核稿"}, {PostOffice, "办公室审核"},
		{PostChecker, "复核"}, {PostPrinter, "文印"}, {PostSeal, "印章管理"}, {PostArchivist, "档案员"},
	}
}

// Reasons are those of a 退文 (条例 art. 24, rule L18).
var Reasons = []string{
	"不属本机关职权范围", "不符合行文规则", "文种或格式不规范", "涉及其他部门未经会签", "未按要求说明依据", "报告中夹带请示事项", "其他",
}

// Standard are the flows an office may begin with, after the steps F1–F15 and
// R1–R12 of facts §6 and §7, in the order they have to be published. They are
// data: an office changes them as it works.
func Standard() []Definition {
	return []Definition{
		UnitCosign(),
		outgoing("fawen_shangxing", "上行文", outgoingOf{genres: "请示|报告|议案"}),
		outgoing("fawen_xiaxing", "下行文和平行文", outgoingOf{genres: "决议|决定|公报|公告|通告|意见|通知|通报|批复"}),
		outgoing("fawen_lianhe", "联合行文", outgoingOf{joint: true}),
		outgoing("fawen_han", "函", outgoingOf{short: true, genres: "函"}),
		outgoing("fawen_jiyao", "纪要", outgoingOf{short: true, noSeal: true, genres: "纪要"}),
		outgoing("fawen_ling", "命令(令)", outgoingOf{genres: "命令"}),
		banjian(), yuejian(), dianbao(), signNote(), FreeFlow(), ReadingFlow(),
	}
}

func field(id string) []Handler { return []Handler{{By: ByField, ID: id}} }
func post(id string) []Handler  { return []Handler{{By: ByPost, ID: id}} }
func line(to string) []Line     { return []Line{{To: to}} }
func set(f, to string) Line     { return Line{To: to, When: &Cond{Field: f, Op: OpSet}} }
func starts(next ...Line) Step {
	return Step{
		ID: "nigao", Name: "拟稿", Handlers: []Handler{{By: ByStarter}}, Acts: []string{ActApprove}, Edit: true, Area: "note", AreaName: "备注", Lines: next,
	}
}

func ends() Step { return Step{ID: "banjie", Name: "办结", Type: StepEnd} }

// days is the limit of an ordinary step: in working days by urgency.
func days(n, fast, urgent int) *Limit {
	return &Limit{N: n, Unit: UnitDays, Fast: fast, Urgent: urgent}
}

// told reminds before a limit and tells the office's head after it.
func told(s Step) Step {
	s.Remind = []int{4}
	s.Timeout = &Timeout{Do: TimeoutEscalate, After: 24, To: post(PostProposer)}
	return s
}

// UnitCosign is what a unit does with a paper it is asked about: its head has
// somebody prepare it or answers at once: 同意, 有修改意见, 不同意 (W2).
func UnitCosign() Definition {
	return Definition{
		Key: "bumen_huiqian", Name: "部门会签", Subjects: []string{"doc.header"}, Child: true, First: "fenban",
		Steps: []Step{
			{ID: "fenban", Name: "分办", Handlers: []Handler{{By: ByHead}}, Area: "cosign", AreaName: "会签", Limit: days(2, 1, 1),
				Lines: []Line{{To: "banli", When: &Cond{Expr: "chosen != 0"}}, {To: "banjie"}}},
			{ID: "banli", Name: "提出意见", Handlers: []Handler{{By: ByChosen}}, Policy: All, Limit: days(2, 1, 1), Area: "cosign", AreaName: "会签", Lines: line("shending")},
			{ID: "shending", Name: "负责人审定", Handlers: []Handler{{By: ByHead}}, Limit: days(1, 1, 1), Area: "cosign", AreaName: "会签", Lines: line("banjie")},
			ends(),
		},
	}
}

type outgoingOf struct {
	genres string // the 文种 it is made for
	joint  bool   // 联合行文: the units' heads sign too
	short  bool   // without 对口科室核 and 分管领导
	noSeal bool   // 纪要
}

// outgoing is F1–F15. A short one leaves out F4 and F7; a joint one has every
// unit's head sign after the host's (L17).
func outgoing(key, name string, o outgoingOf) Definition {
	after := "duikou"
	if o.short {
		after = "hegao"
	}
	d := Definition{
		Key: key, Name: name, Subjects: []string{"doc.header"}, First: "nigao",
		Requires: []Cond{
			{Field: "direction", Op: OpIs, Value: "out"}, {Field: "series", Op: OpSet}, {Field: "signer", Op: OpSet}, {Field: "publicity", Op: OpSet},
		},
		Material: []string{"signer", "leader", "cosigners", "cosign_units"},
	}
	if o.joint {
		d.Requires = append(d.Requires, Cond{Field: "cosign_units", Op: OpSet})
	} else { // of a 联合行文 only its issuers tell, a text: it is offered after these
		d.Suits = []Cond{{Field: "genre", Op: OpIn, Value: o.genres}}
	}
	hegao := post(PostReviser)
	add := func(s Step) { d.Steps = append(d.Steps, s) }
	add(starts(line("fuze")...))
	add(told(Step{ID: "fuze", Name: "负责人审核", Handlers: []Handler{{By: ByHead}}, Edit: true, Keep: true, Limit: days(2, 1, 1),
		Area: "unit_head", AreaName: "拟稿单位负责人", Lines: []Line{set("cosign_units", "huiqian"), set("cosigners", "renqian"), {To: after}}}))
	add(Step{ID: "huiqian", Name: "部门会签", Type: StepSub, Sub: &Sub{Flow: "bumen_huiqian", Units: "cosign_units"}, Limit: days(5, 3, 1),
		Timeout: &Timeout{Do: TimeoutEscalate, To: post(PostReviser)}, Lines: []Line{set("cosigners", "renqian"), {To: after}}})
	add(told(Step{ID: "renqian", Name: "会签", Policy: All, Handlers: field("cosigners"), Limit: days(3, 2, 1), Area: "cosign", AreaName: "会签", Lines: line(after)}))
	if !o.short {
		add(told(Step{ID: "duikou", Name: "对口科室核稿", Policy: Any, Handlers: post(PostSection), Edit: true, Limit: days(2, 1, 1), Area: "section", AreaName: "对口科室", Lines: line("hegao")}))
	}
	add(told(Step{ID: "hegao", Name: "核稿", Policy: Any, Handlers: hegao, Edit: true, Limit: days(2, 1, 1), Resubmit: ResubmitReturner, Area: "revise", AreaName: "核稿", Lines: line("shenhe")}))
	next := []Line{set("leader", "fenguan"), {To: "fenguan_table"}}
	if o.short {
		next = line("qianfa")
	}
	add(told(Step{ID: "shenhe", Name: "办公室审核", Policy: Any, Handlers: post(PostOffice), Editors: hegao, Limit: days(2, 1, 1), Area: "office", AreaName: "办公室审核", Lines: next}))
	if !o.short {
		add(told(Step{ID: "fenguan", Name: "分管领导审签", Handlers: field("leader"), Editors: hegao, Limit: days(3, 2, 1), Area: "leader", AreaName: "审签", Lines: line("qianfa")}))
		add(told(Step{ID: "fenguan_table", Name: "分管领导审签", Policy: Any, Handlers: []Handler{{By: ByCharge}}, Editors: hegao, Limit: days(3, 2, 1), Area: "leader", AreaName: "审签", Lines: line("qianfa")}))
	}
	sign := told(Step{ID: "qianfa", Name: "签发", Gate: GateSign, Handlers: field("signer"), Editors: hegao, Limit: days(3, 2, 1), Area: "sign", AreaName: "签发", Lines: line("fuhe")})
	if o.joint {
		sign.Lines = line("lianqian")
	}
	add(sign)
	if o.joint {
		add(told(Step{ID: "lianqian", Name: "联合签发", Gate: GateSign, Policy: All, Handlers: []Handler{{By: ByFieldUnits, ID: "cosign_units"}}, Limit: days(5, 3, 1), Area: "sign", AreaName: "签发", Lines: line("fuhe")}))
	}
	add(told(Step{ID: "fuhe", Name: "复核", Policy: Any, Gate: GateReview, Handlers: post(PostChecker), Edit: true, Limit: days(1, 1, 1), Area: "check", AreaName: "复核", Lines: line("bianhao")}))
	add(Step{ID: "bianhao", Name: "登记编号", Policy: Any, Handlers: post(PostClerk), Effects: []string{EffectNumber}, Limit: days(1, 1, 1), Area: "note", AreaName: "备注", Lines: line("paiban")})
	add(Step{ID: "paiban", Name: "排版校对", Policy: All, Handlers: append(post(PostPrinter), Handler{By: ByStarter}), Limit: days(1, 1, 1), Area: "note", AreaName: "备注", Lines: line("yinzhi")})
	seal := "yongyin"
	if o.noSeal {
		seal = "hefa"
	}
	add(Step{ID: "yinzhi", Name: "印制", Policy: Any, Handlers: post(PostPrinter), Limit: days(1, 1, 1), Area: "note", AreaName: "备注", Lines: line(seal)})
	if !o.noSeal {
		add(Step{ID: "yongyin", Name: "用印", Policy: Any, Handlers: post(PostSeal), Limit: days(1, 1, 1), Area: "note", AreaName: "备注", Lines: line("hefa")})
	}
	add(Step{ID: "hefa", Name: "核发", Policy: Any, Handlers: hegao, Limit: days(1, 1, 1), Area: "note", AreaName: "备注", Lines: line("guidang")})
	add(Step{ID: "guidang", Name: "归档", Policy: Any, Handlers: post(PostArchivist), Limit: days(10, 10, 10), Area: "note", AreaName: "备注", Lines: line("banjie")})
	add(ends())
	return d
}

// received are R1–R3: 签收 and 登记 are the receiver's own step; at 初审 a paper may
// go back to where it came from.
func received(next string) []Step {
	first := starts(line("chushen")...)
	first.ID, first.Name = "dengji", "签收登记"
	return []Step{first, told(Step{
		ID: "chushen", Name: "初审", Policy: Any, Handlers: post(PostReviser), Limit: days(1, 1, 1),
		Acts: []string{ActApprove, ActReturn, ActTransfer, ActReject}, Reasons: Reasons, Area: "preview", AreaName: "初审意见", Lines: line(next),
	})}
}

// suits is what a flow of incoming papers is made for, telegrams apart.
func suits(handling Cond) []Cond {
	return []Cond{handling, {Field: "genre", Op: OpNot, Value: "电报"}, {Field: "genre", Op: OpNot, Value: "明传电报"}}
}

func incoming(key, name string, suits []Cond, steps []Step) Definition {
	return Definition{
		Key: key, Name: name, Subjects: []string{"doc.header"}, First: "dengji",
		Requires: []Cond{{Field: "direction", Op: OpIs, Value: "in"}}, Suits: suits, Steps: append(steps, ends()),
	}
}

// banjian is R1–R12 of a 办件.
func banjian() Definition {
	s := append(received("niban"),
		told(Step{ID: "niban", Name: "拟办", Policy: Any, Handlers: post(PostProposer), Edit: true, Switch: true, Limit: days(1, 1, 1), Area: "propose", AreaName: "拟办意见", Lines: line("shenhe")}),
		told(Step{ID: "shenhe", Name: "审核拟办", Policy: Any, Handlers: post(PostOffice), Limit: days(1, 1, 1), Area: "office", AreaName: "办公室意见", Lines: []Line{set("leaders", "pishi"), {To: "fenban"}}}),
		told(Step{ID: "pishi", Name: "批示", Order: OrderRank, Handlers: field("leaders"), Limit: days(3, 2, 1), Area: "instruct", AreaName: "领导批示", Lines: line("fenban")}),
		told(Step{ID: "fenban", Name: "分办", Policy: Any, Handlers: post(PostProposer), Limit: days(1, 1, 1), Area: "note", AreaName: "备注",
			Lines: []Line{{To: "chengban_x", When: &Cond{Expr: "chosen != 0"}}, {To: "chengban"}}}),
		told(Step{ID: "chengban", Name: "承办", Policy: All, Handlers: field("undertakers"), Limit: days(7, 3, 1), Area: "result", AreaName: "承办意见及结果", Lines: line("dafu")}),
		told(Step{ID: "chengban_x", Name: "承办", Policy: All, Handlers: []Handler{{By: ByChosen}}, Limit: days(7, 3, 1), Area: "result", AreaName: "承办意见及结果", Lines: line("dafu")}),
		told(Step{ID: "dafu", Name: "答复", Policy: Any, Handlers: post(PostClerk), CC: field("leaders"), Limit: days(2, 1, 1), Area: "note", AreaName: "备注", Lines: line("guidang")}),
		Step{ID: "guidang", Name: "办结归档", Policy: Any, Handlers: post(PostArchivist), Limit: days(10, 10, 10), Area: "note", AreaName: "备注", Lines: line("banjie")},
	)
	return incoming("shouwen_banjian", "收文(办件)", suits(Cond{Field: "handling", Op: OpNot, Value: "阅件"}), s)
}

// yuejian is R1–R3, R4, R9, R12 of a 阅件.
func yuejian() Definition {
	s := append(received("niban"),
		told(Step{ID: "niban", Name: "拟办", Policy: Any, Handlers: post(PostProposer), Switch: true, Limit: days(1, 1, 1), Area: "propose", AreaName: "拟办意见", Lines: []Line{set("leaders", "chuanyue"), {To: "guidang"}}}),
		told(Step{ID: "chuanyue", Name: "传阅", Policy: All, Handlers: field("leaders"), Acts: []string{ActApprove, ActTransfer}, Limit: days(5, 3, 1), Area: "read", AreaName: "传阅", Lines: line("guidang")}),
		Step{ID: "guidang", Name: "归档", Policy: Any, Handlers: post(PostArchivist), Limit: days(10, 10, 10), Area: "note", AreaName: "备注", Lines: line("banjie")},
	)
	return incoming("shouwen_yuejian", "收文(阅件)", suits(Cond{Field: "handling", Op: OpIs, Value: "阅件"}), s)
}

// dianbao is a 电报: the first leader who writes decides, in hours.
func dianbao() Definition {
	first := starts(line("niban")...)
	first.ID, first.Name = "dengji", "签收登记"
	soon := func(n, fast, urgent int) *Limit { return &Limit{N: n, Unit: UnitHours, Fast: fast, Urgent: urgent} }
	return incoming("shouwen_dianbao", "电报", []Cond{{Field: "genre", Op: OpIn, Value: "电报|明传电报"}}, []Step{
		first,
		told(Step{ID: "niban", Name: "拟办", Policy: Any, Handlers: post(PostProposer), Limit: soon(4, 2, 1), Area: "propose", AreaName: "拟办意见", Lines: []Line{set("leaders", "pishi"), {To: "chengban"}}}),
		told(Step{ID: "pishi", Name: "批示", Policy: Any, Handlers: field("leaders"), Limit: soon(14, 7, 2), Area: "instruct", AreaName: "领导批示", Lines: line("chengban")}),
		told(Step{ID: "chengban", Name: "承办", Policy: All, Handlers: field("undertakers"), Limit: soon(28, 14, 4), Area: "result", AreaName: "承办意见及结果", Lines: line("guidang")}),
		{ID: "guidang", Name: "归档", Policy: Any, Handlers: post(PostArchivist), Limit: days(10, 10, 10), Area: "note", AreaName: "备注", Lines: line("banjie")},
	})
}

// signNote is the 签报: the unit, those it concerns, the leaders from the lower to
// the higher.
func signNote() Definition {
	return Definition{
		Key: "qianbao_huiqian", Name: "签报(部门会签)", Subjects: []string{"doc.header"}, First: "nigao",
		Requires: []Cond{{Field: "direction", Op: OpIs, Value: "sign"}, {Field: "leaders", Op: OpSet}},
		Material: []string{"leaders", "cosigners", "cosign_units"}, Dedupe: DedupeConsecutive,
		Steps: []Step{
			starts(line("fuze")...),
			told(Step{ID: "fuze", Name: "负责人审核", Handlers: []Handler{{By: ByHead}}, Edit: true, Limit: days(2, 1, 1), Area: "unit", AreaName: "部门意见",
				Lines: []Line{set("cosign_units", "huiqian"), set("cosigners", "renqian"), {To: "shenhe"}}}),
			{ID: "huiqian", Name: "部门会签", Type: StepSub, Sub: &Sub{Flow: "bumen_huiqian", Units: "cosign_units"}, Limit: days(3, 2, 1),
				Lines: []Line{set("cosigners", "renqian"), {To: "shenhe"}}},
			told(Step{ID: "renqian", Name: "会签", Policy: All, Handlers: field("cosigners"), Limit: days(3, 2, 1), Area: "cosign", AreaName: "会签", Lines: line("shenhe")}),
			told(Step{ID: "shenhe", Name: "办公室审核", Policy: Any, Handlers: post(PostOffice), Limit: days(1, 1, 1), Area: "office", AreaName: "办公室审核", Lines: line("pishi")}),
			told(Step{ID: "pishi", Name: "领导批示", Order: OrderRank, Handlers: field("leaders"), Limit: days(3, 2, 1), Area: "instruct", AreaName: "领导批示", Lines: line("banjie")}),
			ends(),
		},
	}
}

// FreeFlow is 自由流: whoever has it picks who is next and how (W29).
func FreeFlow() Definition {
	return Definition{
		Key: "ziyou", Name: "自由流转", Subjects: []string{"doc.header"}, First: "nigao",
		Steps: []Step{
			starts(line("liuzhuan")...),
			{ID: "liuzhuan", Name: "流转", Free: true, Policy: Any, Handlers: []Handler{{By: ByChosen}}, Area: "flow", AreaName: "流转意见", Lines: line("banjie")},
			ends(),
		},
	}
}

// ReadingFlow is 传阅 as a flow of its own: all who were chosen read it.
func ReadingFlow() Definition {
	return Definition{
		Key: "chuanyue", Name: "传阅", Subjects: []string{"doc.header"}, First: "nigao",
		Steps: []Step{
			starts(line("yue")...),
			{ID: "yue", Name: "传阅", Policy: All, Handlers: []Handler{{By: ByChosen}}, Acts: []string{ActApprove, ActTransfer, ActAdd}, TakeBack: TakeBackRest,
				Limit: days(5, 3, 1), Area: "read", AreaName: "传阅", Lines: line("banjie")},
			ends(),
		},
	}
}
