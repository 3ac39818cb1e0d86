package demo

import (
	"time"

	"qianshao/syncserver/office/document"
)

// moreIncoming are further 收文, shorter ones, that fill the desks of those who
// handle everything.
func (s *script) moreIncoming() {
	s.registered("清交函43", s.day(-2, 8, 50), document.Register{
		Series: "sw-ping", Genre: "函", Title: "关于客运站搬迁选址意见的函", From: "市交通运输局", FromNumber: s.number("清交函", -3, 43),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府办公室：
			现有客运总站位于老城区，日均发班412班，车辆进出与早晚高峰叠加，周边道路饱和度达0.92。经比选，我局提出东屏新区、松渚大桥南两个备选站址。
			方案一占地78亩，距高铁站2.1公里，征拆量小；方案二占地65亩，距老城区近，但需改造两处路口。专家组倾向方案一。
			请协调有关部门就站址、公交接驳和用地指标提出意见，以便按程序上报。
			@ 附件：站址比选报告（摘要）
			~ 市交通运输局
			= {Y-3}`),
	}).proposed(s.day(-2, 9, 30), "手续齐全。", "涉及城建、规划和两个区，拟请南乔同志批示。", su, who(xu), who(jiaotong, dongping, songzhu))

	s.registered("清发改报40", s.day(-1, 8, 40), document.Register{
		Series: "sw-ping", Genre: "报告", Title: "关于固定资产投资情况的报告", From: "市发展改革局", FromNumber: s.number("清发改报", -2, 40),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			现将今年以来固定资产投资情况报告如下。
			全市完成固定资产投资同比增长6.8%，其中工业投资增长11.2%，基础设施投资增长4.1%，房地产开发投资下降3.5%。126个市级重点项目已开工119个，完成年度计划的83%。
			主要问题是：7个项目因用地、电力配套未落实尚未开工；重点项目储备后劲不足，亿元以上新开工项目同比减少9个。
			下一步，将逐项目列出堵点清单，实行领导包联、每周会商，确保应开尽开；提前谋划下一年度项目，{+20}前提交前期工作清单。
			特此报告。
			~ 市发展改革局
			= {Y-2}`),
	}).proposed(s.day(-1, 9, 20), "符合要求。", "拟请知远同志阅示，送各位副市长阅。", he, who(lin), who("wang-yuanzhou"))

	s.registered("柳政请28", s.day(-1, 10, 30), document.Register{
		Series: "sw-xia", Genre: "请示", Title: "关于学生午餐补助有关事项的请示", From: "柳汀县", FromNumber: s.number("柳政请", -2, 28),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			我县山区寄宿制学校23所，在校学生6840人。现行午餐补助标准为每生每日5元，受食材、运输价格影响，已难以保障带量食谱要求。
			拟自下学期起将补助标准提高至6.5元，年增加支出约185万元，其中县级承担105万元，恳请市级补助80万元。
			妥否，请批示。
			~ 柳汀县人民政府
			= {Y-2}`),
	}).approve(s.day(-1, 11, 20), chu, "一文一事，曾以报告形式退文，现已改正。")

	s.registered("南政请9", s.day(-4, 14, 20), document.Register{
		Series: "sw-xia", Genre: "请示", Title: "关于南陌河防洪堤加固项目的请示", From: "南陌县", FromNumber: s.number("南政请", -5, 9),
		Handling: document.HandlingAct, Limit: s.ms(4, 18, 0), Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			南陌河城区段左岸防洪堤建成于1998年，经安全鉴定，3.4公里堤段为三类堤防，存在堤身渗漏、护坡沉陷等问题，威胁沿岸1.2万群众安全。
			拟实施加固工程，主要内容为堤身防渗、护坡重建、穿堤涵闸改造4座，总投资4260万元，工期14个月。
			资金拟申请上级补助2500万元，市级配套800万元，其余由我县自筹。
			妥否，请批示。
			@ 附件：1.安全鉴定报告（摘要）
			@ 2.初步设计概算表
			~ 南陌县人民政府
			= {Y-5}`),
	}).proposed(s.day(-4, 15, 0), "符合要求，市水务局意见已附。", "拟请砚秋同志批示，市水务局、市财政局研究资金方案。", tang, who(shen), who(shuiwu, caizheng)).
		approve(s.day(-3, 9, 0), tang, "请砚秋同志批示。")

	s.registered("清机函6", s.day(-5, 16, 0), document.Register{
		Series: "sw-ping", Genre: "函", Title: "关于调整公务车辆停放区域的函", From: "市机关事务中心", FromNumber: s.number("清机函", -6, 6),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府办公室：
			因附楼北侧停车场进行充电设施改造，自{+3}起施工约25天。施工期间，公务车辆调整至东侧地下一层B区停放，来访车辆停放区域不变。
			请通知各科室做好车辆转移，{+2}前完成清场。施工联系人：计勤，电话：0000-80661。
			~ 市机关事务中心
			= {Y-6}`),
	}).proposed(s.day(-5, 16, 30), "符合要求。", "属事务性工作，拟请牧野秘书长阅，由行政科承办。", "", who(zhou), who(kang)).
		approve(s.day(-4, 10, 30), fang, "同意。").approve(s.day(-3, 17, 20), zhou, "行政科办，提前一天通知到人。")

	s.registered("岚应急52", s.day(-10, 9, 30), document.Register{
		Series: "sw-shang", Genre: "通知", Title: "关于做好低温天气户外作业保障的通知", From: "省应急主管部门", FromNumber: s.number("岚应急", -11, 52),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			各市人民政府：
			为保障低温天气户外作业人员安全和健康，现就有关事项通知如下。
			一、合理安排作业时间。日最低气温低于零下5摄氏度时，减少早晚露天作业；遇大风、冰冻天气停止高空作业。
			二、落实防护措施。为环卫、施工、巡线等人员配备防寒用品，作业点设置热水和取暖休息场所。
			三、加强监督检查。各级应急、住建、城管部门开展专项检查，重点查用火用电和燃气取暖安全。
			请将落实情况于收文后10个工作日内报送。
			~ 省应急主管部门
			= {Y-11}`),
	}).proposed(s.day(-10, 10, 10), "符合要求。", "拟请知远同志批示，由市应急管理局牵头落实并代拟报告。", he, who(lin), who(yingji)).
		approve(s.day(-10, 15, 0), he, "请知远同志批示。").
		approve(s.day(-9, 8, 50), lin, "请应急局牵头，住建、城管配合，一周内查一遍，结果报我。").
		approve(s.day(-2, 15, 40), yingji, "已检查工地86处、环卫休息点41处，整改问题53个，报告代拟稿已送综合科。")

	at := s.now.Add(-26 * time.Minute)
	s.paper("信访来件").register(at, ding, document.Register{
		Series: "sw-xia", Genre: "报告", Title: "关于夜间施工噪声投诉处理情况的报告", From: "松渚区", FromNumber: s.number("松政报", -1, 21),
		Received: at.UnixMilli(), Copies: 1, Handling: document.HandlingRead, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			现将大桥南片区夜间施工噪声投诉处理情况报告如下。
			{-12}以来共收到投诉17件，涉及3个工地。我区组织住建、生态环境、城管等部门夜查6次，责令2个工地停止22:00以后的土方作业，1个工地因连续浇筑确需夜间施工的，依法办理手续并提前公告。
			目前投诉量由日均2.1件降至0.3件，投诉人均已回访。
			特此报告。
			~ 松渚区人民政府
			= {Y-1}`),
	})
}

// moreOutgoing are further 发文, at the steps after the signature.
func (s *script) moreOutgoing() {
	s.paper("督查通报").draft(s.day(-5, 9, 0), ruan, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通报", Title: "清岚市人民政府办公室关于民生实事项目进展情况的督查通报",
		To: []string{toAll}, Publicity: "依申请公开", Issuer: issuerOffice, Copies: 60, Contact: "阮青 0000-6033", Signer: zhou, Series: "qdt",
		Blocks: s.body(`
			近期，督查室对10件民生实事项目进展情况进行了实地核查。现将有关情况通报如下。
			# 一、总体进展
			10件实事涉及任务38项，已完成21项，按序时推进13项，落后序时4项，总体完成率55%。
			# 二、推进较好的单位
			市文化旅游局提前完成图书馆延时开放，市教育局校园午餐整改率100%，东屏区充电桩点位开工率居首。
			# 三、存在问题
			松渚区道路积水点整改完成9处，占50%；菜市场改造2个项目过渡安置未落实；部分单位报送数据与现场不符，2家单位未按时报送《问题处理报告单》。
			# 四、下一步要求
			落后单位于{+5}前书面说明原因和赶工措施；督查室每周核查一次，逐项销号，完不成的按照考核办法扣分。
			~ 清岚市人民政府办公室
			= {Y-2}`),
	}).start(s.day(-5, 9, 30), ruan, FlowOut).checked(s.day(-5, 10, 0), shijt, yao, "数据与台账核对一致。").
		approve(s.day(-3, 11, 0), zhou, "同意签发，点名到单位。").
		approve(s.day(-2, 9, 30), chu, "审批手续完备，格式无误。")

	s.paper("演练通报").draft(s.day(-7, 14, 0), jian, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通报", Title: "清岚市人民政府关于对应急演练表现突出单位予以表扬的通报",
		To: []string{toAll}, Publicity: "主动公开", Issuer: issuerGov, Copies: 60, Contact: "简一鸣 0000-6029", Leader: lin, Signer: chen, Series: "qzf",
		Blocks: s.body(`
			在近期组织的城市内涝综合应急演练中，各参演单位响应迅速、配合有序，达到了检验预案、锻炼队伍的目的。市政府决定，对市应急管理局、市水务局、松渚区、市供水抢修队等8个单位予以表扬。
			希望受到表扬的单位珍惜荣誉、再接再厉。各级各部门要以先进为榜样，完善预案，补齐装备，提高快速反应和协同处置能力。
			~ 清岚市人民政府
			= {Y-2}`),
	}).start(s.day(-7, 14, 30), jian, FlowOut).checked(s.day(-7, 15, 0), qin, fang, "已核。").
		approve(s.day(-5, 10, 0), lin, "同意，请望舒市长签发。").approve(s.day(-4, 16, 0), chen, "同意。").
		approve(s.day(-3, 9, 50), chu, "无误。").approve(s.day(-3, 10, 30), ding, "").approve(s.day(-2, 11, 0), ma, "校对完毕，已印制62份。")

	s.paper("会场复函").draft(s.day(-6, 9, 0), duan, document.DraftPaper{
		Direction: document.Outgoing, Genre: "函", Title: "清岚市人民政府办公室关于使用市会议中心有关事项的复函",
		To: []string{"市教育局"}, Publicity: "依申请公开", Issuer: issuerOffice, Copies: 3, Contact: "段星野 0000-6035", Signer: zhou, Series: "qzbh",
		Blocks: s.body(`
			你局关于借用市会议中心举办校园阅读展示活动的来函收悉。经研究，同意使用二层多功能厅，时间为{+6}全天。
			请提前2天与会务科对接布展、用电和安保事项，活动结束后恢复原状。场地费用按照公益活动标准减免。
			此函。
			~ 清岚市人民政府办公室
			= {Y-3}`),
	}).start(s.day(-6, 9, 30), duan, FlowOut).checked(s.day(-6, 10, 0), liu, yao, "已核。").
		approve(s.day(-4, 9, 0), zhou, "同意。").approve(s.day(-3, 14, 10), chu, "无误。").approve(s.day(-3, 15, 0), ding, "")
}
