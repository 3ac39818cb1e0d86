package demo

import (
	"fmt"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Keys of the standard flows that the script uses.
const (
	flowDown   = "fawen_xiaxing"
	flowLetter = "fawen_han"
	flowAct    = "shouwen_banjian"
	flowFree   = "ziyou"
	flowRead   = "chuanyue"
)

// states are papers that stand in every way a paper can stand: with units, asked
// before and beside, delegated, with an agent, on paper, suspended, rejected,
// ended, withdrawn, late and reported, from hand to hand.
func (s *script) states() {
	s.tables()
	s.unitsAsked()
	s.freeHands()
	s.addedAndAway()
	s.stopped()
	s.late()
	s.endings()
}

// tables are who is in charge of what, whose words may be entered by whom, and
// who acts for whom.
func (s *script) tables() {
	at := s.day(-60, 9, 0)
	for i, c := range []struct {
		leader, secretary office.UserID
		units             []string
	}{
		{lin, he, []string{"fagai", "caizheng", "yingji"}}, {xu, su, []string{"zhujian", "jiaotong", "mishu4"}},
		{shen, tang, []string{"nongye", "shuiwu", "mishu3"}}, {gu, ye, []string{"jiaoyu", "weijian", "wenlv", "mishu5"}},
		{luo, "", []string{"shuju", "shichang", "kaifa", "mishu2"}},
	} {
		s.do(at.Add(time.Duration(i)*time.Minute), yao, "charge:"+string(c.leader), &approval.SetCharge{Leader: c.leader, Units: c.units})
		if c.secretary != "" {
			s.do(at.Add(time.Duration(10+i)*time.Minute), yao, "bind:"+string(c.leader), &approval.Bind{Leader: c.leader, Secretary: c.secretary})
		}
	}
	s.do(s.day(-3, 8, 40), shi, "delegation:shi", &approval.SetDelegation{
		ID: ID("delegation", "shi"), From: shi, To: zhuang, Start: s.ms(-3, 9, 0), End: s.ms(5, 9, 0), Words: "外出学习期间，三科日常文件请晚晴代办。",
	})
	for i, words := range []string{"请按程序办理。", "已核，拟同意。", "请补充依据后再报。"} {
		s.do(s.day(-20, 10, i), fang, "phrase", &approval.PutPhrase{ID: ID("phrase", words), Words: words, Order: i + 1})
	}
	s.do(s.day(-20, 11, 0), shao, "phrase", &approval.PutPhrase{ID: ID("phrase", "mishu1"), Unit: "mishu1", Words: "格式已规范，请审核。", Order: 1})
}

// asks is an act that is made when its time has come.
func (p paper) asks(at time.Time, who office.UserID, label string, make func(id string, t approval.Task, hash string) office.Command) paper {
	p.s.later(at, who, label+":"+p.name+":"+string(who), func(st *stage) (office.Command, error) {
		id, t, hash, err := st.asked(p, who)
		return make(id, t, hash), err
	})
	return p
}

// answers is an approval with more than words.
func (p paper) answers(at time.Time, who office.UserID, words string, more func(*approval.Approve)) paper {
	return p.asks(at, who, "approve", func(id string, t approval.Task, hash string) office.Command {
		a := &approval.Approve{Task: id, Subject: p.id, TaskRev: t.Rev, Step: t.Step, SeenHash: hash, Words: words}
		more(a)
		return a
	})
}

func (p paper) add(at time.Time, who office.UserID, mode, words string, people ...office.UserID) paper {
	return p.asks(at, who, "add", func(id string, t approval.Task, _ string) office.Command {
		return &approval.AddSign{Task: id, Subject: p.id, TaskRev: t.Rev, Step: t.Step, Mode: mode, People: people, Words: words}
	})
}

func (p paper) instance() string { return ID("instance", p.name) }

// unitsAsked is a 下行文 at 部门会签: one unit wants changes, one has somebody
// prepare its answer, one has not looked.
func (s *script) unitsAsked() {
	s.paper("停车规定").draft(s.day(-3, 9, 0), huo, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于规范老旧小区机动车停放管理的通知",
		To: []string{toAll}, Publicity: "主动公开", Issuer: issuerOffice, Copies: 60, Contact: "霍砥平 0000-6022",
		Leader: xu, Signer: zhou, CosignUnits: []string{"caizheng", "jiaotong", "zhujian"}, Series: "qzbf",
		Blocks: s.body(`
			为缓解老旧小区停车矛盾，保障消防车通道畅通，经市政府同意，现就规范机动车停放管理有关事项通知如下。
			# 一、摸清底数
			各区、县人民政府要在{+20}前完成老旧小区停车位和消防车通道排查，建立台账。
			# 二、挖潜扩容
			鼓励机关、学校、商场的停车场夜间错时向居民开放，收费标准不高于同类小区。
			# 三、加强保障
			划线、标识和智能道闸改造所需资金列入年度老旧小区改造计划，由市、区两级财政分担。
			~ 清岚市人民政府办公室
			= {Y+2}`),
	}).start(s.day(-3, 9, 40), huo, flowDown).approve(s.day(-3, 10, 10), huo, "同意报送，请会签。").
		answers(s.day(-2, 10, 30), caizheng, "建议第三条改为“按原渠道列支”。", func(a *approval.Approve) { a.Verdict = approval.VerdictAmend }).
		answers(s.day(-2, 15, 0), jiaotong, "请小舟同志提出意见。", func(a *approval.Approve) { a.Choose = who("peng-xiaozhou") })
}

// freeHands are a 签报 that goes from hand to hand and papers for reading.
func (s *script) freeHands() {
	free := s.paper("会场方案").draft(s.day(-2, 9, 0), qin, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于年度总结会议材料分工的签报", Contact: "秦鹤鸣 0000-6027", Leaders: who(zhou),
		Blocks: s.body(`
			年度总结会议材料拟分三部分起草：总报告由综合科牵头，典型经验由信息科征集，数据附件由督查室汇总。
			请有关科室提出意见，确定人员和时间节点。`),
	})
	s.do(s.day(-2, 9, 20), qin, "start:会场方案", &approval.Start{
		ID: free.instance(), Flow: flowFree, SubjectKind: document.Headers.Name, Subject: free.id, Choose: who(jiang, ruan), Then: approval.All, Words: "请两科先提意见。",
	})
	free.approve(s.day(-2, 11, 0), jiang, "典型经验8篇，下周三前交齐。").
		answers(s.day(-1, 9, 30), ruan, "数据附件由魏朗负责。", func(a *approval.Approve) { a.Choose = who(wei); a.Then = approval.Any })

	read := s.paper("值班通报传阅").draft(s.day(-1, 15, 0), cheng, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于近期值班抽查情况的通报", Contact: "程守安 0000-6036", Leaders: who(zhou),
		Blocks: s.body(`
			上周抽查12个单位值班情况，在岗率100%，有1个单位接报后未在30分钟内反馈。
			请各科室阅知，值班人员对照整改。`),
	})
	s.do(s.day(-1, 15, 20), cheng, "start:值班通报传阅", &approval.Start{
		ID: read.instance(), Flow: flowRead, SubjectKind: document.Headers.Name, Subject: read.id, Choose: who(yusq, fu, liu, kang),
	})
	read.approve(s.day(-1, 16, 0), yusq, "已阅，已对照整改。").approve(s.day(-1, 16, 40), kang, "已阅。")
}

// addedAndAway are papers that wait for somebody asked before, beside, or in
// somebody's place.
func (s *script) addedAndAway() {
	reply := func(name, title string) paper {
		return s.paper(name).draft(s.day(-2, 13, 30), huo, document.DraftPaper{
			Direction: document.Outgoing, Genre: "函", Title: title, To: []string{"市住房城乡建设局"}, Publicity: "依申请公开", Issuer: issuerOffice,
			Copies: 3, Contact: "霍砥平 0000-6022", Signer: zhou, Series: "qzbh",
			Blocks: s.body(`
				你局来函收悉。经研究，原则同意所报意见，请按照职责抓好落实。
				执行中遇到的问题，及时报市政府办公室。
				此函。
				~ 清岚市人民政府办公室
				= {Y+1}`),
		}).start(s.day(-2, 14, 0), huo, flowLetter).approve(s.day(-2, 14, 10), huo, "同意报送。")
	}
	reply("电梯复函", "清岚市人民政府办公室关于既有住宅加装电梯有关事项的复函").answer(s.day(-2, 14, 50), chu, "livelihood", "problem").
		add(s.day(-2, 15, 0), chu, approval.AddBefore, "涉及资金表述，请先核。", jian, xia).approve(s.day(-2, 16, 0), jian, "资金表述与上年文件一致。")
	reply("外墙复函", "清岚市人民政府办公室关于外墙保温材料排查有关事项的复函").
		asks(s.day(-2, 15, 30), chu, "delegate", func(id string, t approval.Task, _ string) office.Command {
			return &approval.Delegate{Task: id, Subject: ID("document", "外墙复函"), TaskRev: t.Rev, Step: t.Step, To: shao, Words: "请文渊同志把关后退我。"}
		})
	reply("物业复函", "清岚市人民政府办公室关于物业服务质量评价有关事项的复函").approve(s.day(-2, 16, 20), chu, "已核。").
		add(s.day(-1, 9, 0), fang, approval.AddAfter, "请静姝同志再看一遍。", qin).approve(s.day(-1, 9, 10), fang, "同意。")

	// The head of 三科 is away: what comes for him comes to his agent as well.
	s.paper("春耕签报").draft(s.day(-1, 10, 0), zhuang, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于赴县区调研备耕物资储备的签报", Contact: "庄晚晴 0000-6021", Leaders: who(shen),
		Blocks: s.body(`
			拟于下周赴南陌县、柳汀县调研种子、化肥储备情况，为期两天，随行2人。
			妥否，请批示。`),
	}).start(s.day(-1, 10, 20), zhuang, FlowNote)
}

// stopped are a paper that sleeps and one that is handled on paper.
func (s *script) stopped() {
	asleep := s.paper("体育馆签报").draft(s.day(-5, 9, 0), bai, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于市体育馆冬季惠民开放的签报", Contact: "柏舒 0000-6025", Leaders: who(gu),
		Blocks: s.body(`
			拟于冬季延长市体育馆惠民开放时间，每周增加12小时，所需水电和安保经费约9万元。
			妥否，请批示。`),
	}).start(s.day(-5, 9, 30), bai, FlowNote).approve(s.day(-5, 10, 0), meng, "拟同意。")
	s.do(s.day(-4, 9, 0), bai, "suspend:体育馆签报", &approval.Suspend{
		Instance: asleep.instance(), Subject: asleep.id, Words: "等省级补助资金方案明确后再报。", Until: s.ms(12, 9, 0),
	})

	paper := s.paper("档案移交签报").draft(s.day(-4, 14, 0), cui, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于向市档案馆移交到期档案的签报", Contact: "崔雅 0000-6047", Leaders: who(zhou),
		Blocks: s.body(`
			本办保管期满应当移交的档案共126卷、412件，已完成整理、编目和数字化。拟于{+15}前向市档案馆移交。
			妥否，请批示。`),
	}).start(s.day(-4, 14, 30), cui, FlowNote).approve(s.day(-4, 15, 0), "song-yannong", "同意。").approve(s.day(-3, 10, 0), fang, "请牧野秘书长批示。")
	s.do(s.day(-3, 10, 30), fang, "paper:档案移交签报", &approval.PaperOut{Instance: paper.instance(), Subject: paper.id, Step: "pishi", Round: 1, Words: "秘书长在会场，纸质件送批。"})
}

// late is an urgent letter that has lain at 核稿: its limit passed, and a day later
// the head of 一科 was told.
func (s *script) late() {
	p := s.paper("路灯复函").draft(s.day(-8, 9, 0), huo, document.DraftPaper{
		Direction: document.Outgoing, Genre: "函", Title: "清岚市人民政府办公室关于背街小巷路灯照明有关事项的复函", Urgency: "加急",
		To: []string{"市住房城乡建设局"}, Publicity: "依申请公开", Issuer: issuerOffice, Copies: 3, Contact: "霍砥平 0000-6022", Signer: zhou, Series: "qzbh",
		Blocks: s.body(`
			你局来函收悉。经研究，原则同意分两批补装路灯，请按照职责抓好落实。
			执行中遇到的问题，及时报市政府办公室。
			此函。
			~ 清岚市人民政府办公室
			= {Y+1}`),
	}).start(s.day(-8, 9, 20), huo, flowLetter).approve(s.day(-8, 9, 40), huo, "同意报送，请抓紧核稿。")
	timer := func(at time.Time, label string, make func(v approval.Visit) office.Command) {
		s.later(at, office.System, label+":"+p.name, func(st *stage) (office.Command, error) {
			var i approval.Instance
			if err := st.read(approval.Instances.Name, p.instance(), &i); err != nil {
				return nil, err
			}
			if len(i.Tokens) != 1 || i.Tokens[0].Due == 0 {
				return nil, fmt.Errorf("%s has no limit: %+v", p.name, i.Tokens)
			}
			return make(i.Tokens[0]), nil
		})
	}
	timer(s.day(-6, 8, 0), "overdue", func(v approval.Visit) office.Command {
		return &approval.Overdue{Instance: p.instance(), Subject: p.id, Step: v.Step, Round: v.Round, Due: v.Due}
	})
	timer(s.day(-5, 8, 0), "timeout", func(v approval.Visit) office.Command {
		return &approval.Timer{Instance: p.instance(), Subject: p.id, Step: v.Step, Round: v.Round, Due: v.Due, Do: approval.TimerTimeout, At: v.Due + 24*3600_000}
	})
}

// endings are a paper sent back to where it came from, one that was ended and
// one that its drafter withdrew.
func (s *script) endings() {
	s.paper("清林报9").register(s.day(-3, 10, 0), ding, document.Register{
		Series: "sw-ping", Genre: "报告", Title: "关于森林防火物资储备情况的报告", From: "市林业站", FromNumber: s.number("清林报", -4, 9),
		Handling: document.HandlingAct, Received: s.ms(-3, 9, 40), Limit: s.ms(5, 18, 0), Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			现将森林防火物资储备情况报告如下。全市储备风力灭火机186台、防火服620套，完好率94%。
			因经费不足，请市财政追加专项资金30万元，请予批准。
			市林业站`),
	}).start(s.day(-3, 10, 20), ding, flowAct).
		asks(s.day(-3, 11, 0), chu, "reject", func(id string, t approval.Task, hash string) office.Command {
			return &approval.Reject{
				Task: id, Subject: ID("document", "清林报9"), TaskRev: t.Rev, Step: t.Step, SeenHash: hash,
				Reason: "报告中夹带请示事项", Words: "报告中夹带追加资金的请示，请分别行文后再报。",
			}
		})

	ended := s.paper("灯会签报").draft(s.day(-9, 9, 0), duan, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于举办冬季灯会活动的签报", Contact: "段星野 0000-6035", Leaders: who(zhou, gu),
		Blocks: s.body(`
			拟于下月在滨江公园举办冬季灯会，为期15天，所需经费120万元由承办企业自筹。
			妥否，请批示。`),
	}).start(s.day(-9, 9, 30), duan, FlowNote).approve(s.day(-9, 10, 0), liu, "请领导批示。")
	s.do(s.day(-7, 9, 0), yao, "terminate:灯会签报", &approval.Terminate{Instance: ended.instance(), Subject: ended.id, Words: "活动已由市文旅局统筹安排，不再单独办理。"})

	back := s.paper("印刷签报").draft(s.day(-6, 9, 0), "ge-jiashu", document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于印制干部学习手册的签报", Contact: "葛嘉树 0000-6045", Leaders: who(zhou),
		Blocks: s.body(`
			拟印制干部学习手册300册，所需经费1.2万元，在培训费中列支。
			妥否，请批示。`),
	}).start(s.day(-6, 9, 30), "ge-jiashu", FlowNote)
	s.do(s.day(-6, 10, 0), "ge-jiashu", "cancel:印刷签报", &approval.Cancel{Instance: back.instance(), Subject: back.id, Words: "数量有误，修改后再报。"})
}
