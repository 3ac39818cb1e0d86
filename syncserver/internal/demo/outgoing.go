package demo

import (
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// outgoing are the 发文, from a draft nobody has seen to what has been issued.
func (s *script) outgoing() {
	s.chargerNotice()
	s.interfaceReply()
	s.libraryNotice()
	s.minutes()
	s.busesReply()
	s.jointNotice()
	s.notOurs()
	s.signedThenChanged()
	s.dutyNotice()
	s.storesRules()
	s.surveyNotice()
	s.motionsNotice()
	s.unfinished()
	s.moreOutgoing()
}

const (
	issuerGov    = "清岚市人民政府"
	issuerOffice = "清岚市人民政府办公室"
	toAll        = "各区、县人民政府，清岚经济开发区管理委员会，市政府各部门"
)

// checked goes through 负责人审核, 核稿 and 办公室审核, each an hour or two after
// the other.
func (p paper) checked(at time.Time, head, reviewer office.UserID, words string) paper {
	return p.approve(at, head, "同意报送。").
		approve(at.Add(95*time.Minute), chu, words).
		approve(at.Add(3*time.Hour), reviewer, "已核，送请审签。")
}

// issued goes from 复核 to the end.
func (p paper) issued(at time.Time, minutes bool) paper {
	p.approve(at, chu, "审批手续完备，内容、文种、格式无误，附件齐全。").
		approve(at.Add(40*time.Minute), ding, "").
		explain(at.Add(3*time.Hour), ma, "附件为纸质件，已随文装订。").
		approve(at.Add(3*time.Hour), ma, "校对两遍，印制完毕。")
	if !minutes {
		p.approve(at.Add(4*time.Hour), wen, "署名与印章一致，已用印并登记。")
	}
	return p
}

func (s *script) chargerNotice() {
	p := s.paper("充电桩通知").draft(s.day(-16, 9, 0), ling, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于开展老旧小区充电桩安装工作的通知",
		To: []string{"各区、县人民政府，清岚经济开发区管理委员会，市政府有关部门、有关单位"}, CC: []string{"清岚供电公司"},
		Urgency: "加急", Publicity: "主动公开", Issuer: issuerOffice, Copies: 86, Note: "此件公开发布", Contact: "凌一帆 0000-6023",
		Leader: xu, Signer: zhou, CosignUnits: []string{"fagai", "caizheng", "yingji"}, Series: "qzbf",
		Blocks: s.body(`
			为补齐老旧小区充电设施短板，方便群众绿色出行，经市政府同意，现就{y}年老旧小区充电桩安装工作通知如下。
			# 一、目标任务
			{+30}前，在全市46个老旧小区建成公共充电桩点位120个。其中，东屏区52个，松渚区38个，南陌县18个，柳汀县12个。新增充电接口不少于480个，优先安排需求集中、供电条件成熟的小区。
			# 二、主要工作
			（一）摸清底数。各区、县对照台账逐小区核实电力容量、停车位和消防通道，形成“一小区一方案”。
			（二）规范建设。市住房城乡建设局牵头编制安装导则，市发展改革局会同供电单位落实增容和电价政策。
			（三）守住安全。点位不得占用消防车通道和安全出口，充电棚应当设置自动断电和烟感装置，建成后由属地组织联合验收。
			（四）方便使用。统一接入市级充电服务平台，公示收费标准和报修电话，故障点位48小时内修复。
			# 三、资金安排
			市级按每个点位6000元给予一次性补助，共72万元，从年初预算中列支；其余由区、县统筹解决。补助资金实行先建后补，验收合格后拨付。
			# 四、组织保障
			各区、县要明确一名负责同志具体负责，每月25日前报送进度；市政府办公室督查室按节点跟踪督办，对进度滞后的予以通报。
			@ 附件：1.老旧小区充电桩点位分配表
			@ 2.老旧小区充电桩安装导则（试行）
			~ 清岚市人民政府办公室
			= {Y-9}`),
	}).start(s.day(-16, 10, 0), ling, FlowOut)
	p.approve(s.day(-16, 15, 0), huo, "同意送会签。").
		approve(s.day(-15, 10, 30), "wang-yuanzhou", "同意。增容费用口径已与供电单位核对。").
		approve(s.day(-15, 15, 20), caizheng, "同意。补助资金请写明从年初预算列支。").
		approve(s.day(-14, 9, 40), yingji, "同意。建议增加自动断电和烟感装置的要求。").
		reword(s.day(-14, 14, 50), chu, "b07", "（三）守住安全。点位不得占用消防车通道和安全出口，充电棚应当设置自动断电和烟感装置，建成后由属地组织住建、应急、消防等单位联合验收。").
		approve(s.day(-14, 15, 16), chu, "格式检查23项通过，文字已校；采纳应急局意见1条。").
		approve(s.day(-13, 10, 0), fang, "请南乔同志审签。").
		approve(s.day(-12, 9, 12), xu, "同意，请牧野秘书长签发。").
		approve(s.day(-11, 14, 40), zhou, "同意签发。请住建局每月报一次进度。").
		issued(s.day(-10, 9, 30), false).
		circulate(s.day(-9, 9, 0), ding, false, "请按通知要求抓好落实。", directors()...).
		read(s.day(-9, 10, 20), zhujian, "安装导则已发各区县住建部门。").read(s.day(-9, 11, 5), dongping, "52个点位已分解到7个街道。").
		read(s.day(-8, 9, 0), songzhu, "").read(s.day(-8, 15, 0), caizheng, "").read(s.day(-7, 9, 30), yingji, "")
}

func (s *script) interfaceReply() {
	s.paper("数据接口复函").draft(s.day(-2, 10, 0), yu, document.DraftPaper{
		Direction: document.Outgoing, Genre: "函", Title: "清岚市人民政府办公室关于对《政务数据接口规范（征求意见稿）》意见的复函",
		To: []string{"省数据局"}, Urgency: "加急", Publicity: "依申请公开", Issuer: issuerOffice, Copies: 4, Contact: "俞小满 0000-6019",
		Leader: luo, Signer: luo, Cosigners: who(he), CosignUnits: []string{"shuju", "fagai"}, Series: "qzbh",
		Blocks: s.body(`
			你局《关于征求政务数据接口规范（征求意见稿）意见的函》收悉。经研究并征求有关部门意见，总体同意，现提出修改意见如下。
			一、关于第九条日志留存期限。建议明确“留存不少于6个月”的起算时间，并允许基层单位采用市级平台统一留存，减少重复建设。
			二、关于第十四条调用频次上限。建议增加应急扩容条款：自然灾害、公共卫生等突发情况下，经共享双方书面确认可以临时提高上限，事后补录记录。
			三、关于第二十二条过渡期限。现有接口217个，其中68个需要重新开发，建议过渡期由6个月调整为12个月，按照“先增量、后存量”分步实施。
			四、关于附录B错误代码。建议与现行规范保持兼容，新旧代码对照表作为附件一并印发。
			以上意见，供修改时参考。
			~ 清岚市人民政府办公室
			= {Y0}`),
	}).start(s.day(-2, 11, 0), yu, FlowOut).approve(s.day(-2, 14, 30), yue, "三条主要意见请数据局、发改局再把一下关，送会签。").
		approve(s.day(-1, 9, 50), shuju, "同意，68个接口的口径已核对。")
}

func (s *script) libraryNotice() {
	s.paper("图书馆通告").draft(s.day(-6, 9, 30), bai, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通告", Title: "清岚市人民政府关于公布图书馆延时开放时间的通告",
		Publicity: "主动公开", Issuer: issuerGov, Copies: 40, Contact: "柏舒 0000-6025", Leader: gu, Signer: zhou, Series: "qztg",
		Blocks: s.body(`
			为更好满足群众阅读学习需要，市政府决定延长公共图书馆开放时间，现将有关事项通告如下。
			一、市图书馆总馆开放时间调整为每日9:00至21:00，每月最后一个周一闭馆。
			二、东屏、松渚、文澜、南陌、柳汀、开发区6个分馆周六、周日开放时间延长至20:00，工作日开放时间不变。
			三、延时开放期间，少儿阅览区开放至19:30，自习区提供预约服务，预约可以通过馆内终端或者电话办理。
			四、12路公交末班车调整为21:40从图书馆站发出。
			五、本通告自{Y+5}起施行。法定节假日开放时间由市图书馆另行公布。
			咨询电话：0000-80555。
			~ 清岚市人民政府
			= {Y-1}`),
	}).start(s.day(-6, 10, 0), bai, FlowOut).checked(s.day(-6, 14, 0), meng, yao, "文种使用正确，无主送机关；施行日期已与市文旅局核对。").
		approve(s.day(-4, 10, 0), gu, "同意，请牧野秘书长签发。").
		approve(s.day(-1, 14, 20), zhou, "同意签发。")
}

func (s *script) minutes() {
	s.paper("市长办公会纪要").draft(s.day(-8, 14, 0), xia, document.DraftPaper{
		Direction: document.Outgoing, Genre: "纪要", Title: "市长办公会议纪要", To: nil, CC: []string{"市政府各位领导，办公室各科室"},
		Level: document.LevelInternal, Publicity: "不予公开", PublicityReason: "内部会议记录，涉及尚未公布的工作安排",
		Issuer: issuerOffice, Copies: 30, Contact: "夏以沫 0000-6028", Signer: zhou, Series: "qzy",
		Blocks: s.body(`
			{Y-8}上午，市长陈望舒在市政府第二会议室主持召开市长办公会议，研究老旧小区充电桩安装、城市道路积水点整改等工作。现将会议议定事项纪要如下。
			# 一、关于老旧小区充电桩安装工作
			会议听取了市住房城乡建设局的汇报。会议议定：（一）120个点位年内全部建成，按月通报进度；（二）市级补助资金实行先建后补；（三）充电安全由属地负总责，建成一个、验收一个、投用一个。
			# 二、关于城市道路积水点整改
			会议听取了松渚区的汇报。会议指出，18处积水点整改低于序时进度，群众反映强烈。会议议定：由副市长许南乔牵头协调管线迁改，督查室列入黄色督办；整改完成前每处安排专人值守。
			# 三、关于农贸市场改造
			因过渡安置意见尚未协商一致，本次会议不作研究，由市市场监管局会同属地继续协调，成熟后再行提请。
			出席：陈望舒、林知远、许南乔、沈砚秋、顾清和、罗景行、周牧野
			列席：贺云舟、苏以宁、方启明，市发展改革局、市财政局、市住房城乡建设局、市市场监管局和松渚区主要负责同志
			= {Y-7}`),
	}).start(s.day(-8, 16, 0), xia, FlowOut).checked(s.day(-7, 9, 0), qin, fang, "议定事项与会议记录核对一致，“农贸市场改造”按未议处理。").
		approve(s.day(-7, 15, 30), zhou, "同意签发。").
		issued(s.day(-6, 8, 50), true).
		circulate(s.day(-6, 14, 0), ding, true, "请阅。议定事项由督查室立项。", chen, lin, xu, shen, gu, luo, he, su, fang, shijt, zhujian, songzhu).
		read(s.day(-6, 15, 0), chen, "").read(s.day(-6, 16, 30), xu, "管线迁改本周内开协调会。").read(s.day(-5, 8, 40), shijt, "已立项3件。").
		read(s.day(-5, 9, 0), su, "").read(s.day(-5, 10, 0), songzhu, "")
}

func (s *script) busesReply() {
	s.paper("公交批复").draft(s.day(-4, 9, 0), ling, document.DraftPaper{
		Direction: document.Outgoing, Genre: "批复", Title: "清岚市人民政府关于东屏区公交线路调整有关事项的批复",
		To: []string{"东屏区人民政府"}, CC: []string{"市交通运输局，市财政局"}, Publicity: "依申请公开", Issuer: issuerGov, Copies: 12,
		Contact: "凌一帆 0000-6023", Leader: xu, Signer: chen, CosignUnits: []string{"jiaotong", "caizheng"}, Series: "qzh",
		Blocks: s.body(`
			你区《关于公交线路调整的请示》收悉。经研究，现批复如下。
			一、原则同意8路公交线路延长至文澜小学，同意新开通东屏新区至客运东站微循环线路。请抓紧完成站点施工、标识更新和宣传告知，{+10}前投入运营。
			二、17路公交线路改线事项，待听证程序完成后另行研究。听证期间维持现有线路不变。
			三、新增运营补贴由市、区两级按照4∶6比例分担，市级部分由市财政局根据年度考核结果据实结算。
			四、请你区会同市交通运输局加强客流监测，运行满3个月后报送评估报告。
			此复。
			~ 清岚市人民政府
			= {Y0}`),
	}).start(s.day(-4, 10, 0), ling, FlowOut).
		approve(s.day(-4, 14, 0), huo, "同意，17路改线暂不纳入批复。").
		approve(s.day(-3, 10, 0), jiaotong, "同意。").approve(s.day(-3, 16, 0), caizheng, "同意，分担比例与我局意见一致。").
		approve(s.day(-2, 10, 15), chu, "与来文逐条核对，已调整第四条表述。").approve(s.day(-2, 14, 0), yao, "送南乔同志审签。")
}

// Two equal departments issue together; the first named does the work (L17).
func (s *script) jointNotice() {
	s.paper("联合通知").draft(s.day(-5, 9, 0), zhuang, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "市水务局、市应急管理局关于加强防汛物资储备管理的通知",
		To: []string{"各区、县水务局、应急管理局，清岚经济开发区有关部门"}, Publicity: "主动公开", Issuer: "市水务局、市应急管理局", Copies: 30,
		Contact: "庄晚晴 0000-6021", Leader: lin, Signer: shen, CosignUnits: []string{"shuiwu", "yingji"}, Series: "qzbh",
		Blocks: s.body(`
			为规范防汛物资储备、调用和更新，确保关键时刻调得出、用得上，现就有关事项通知如下。
			# 一、明确储备责任
			市级物资由市水务局负责储备、市应急管理局负责调度；区县物资由属地统筹，水务、应急部门共同建立台账，账、卡、物每季核对一次。
			# 二、规范出入库管理
			入库物资应当有检验合格证明，按照“先进先出”的原则使用；冲锋舟、移动泵车等装备每月试运行一次，汛期每半月一次，记录存档备查。
			# 三、严格调用程序
			一般险情由属地先行调用，2小时内报告；跨区县调用由市应急管理局统一下达指令，接令后1小时内完成装车。
			# 四、做好更新补充
			调用消耗的物资应当在30日内补齐。对超过使用年限的装备，由两部门联合鉴定后予以报废。
			~ 市水务局　　市应急管理局
			= {Y0}`),
	}).start(s.day(-5, 10, 0), zhuang, FlowOut).
		approve(s.day(-5, 15, 0), shi, "同意送两局会签。").
		approve(s.day(-4, 10, 0), shuiwu, "同意，我局为主办单位。").approve(s.day(-4, 16, 0), yingji, "同意。建议跨区县调用时限写到1小时。").
		approve(s.day(-3, 11, 0), chu, "联合行文单位平级，主办在前，会签齐全。").
		approve(s.day(-2, 15, 0), fang, "送知远同志审签、砚秋同志签发。")
}

// What a department can issue itself is not issued by the office (三发三不发, L12).
func (s *script) notOurs() {
	s.paper("计量检查通知").draft(s.day(-4, 14, 0), yu, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于开展农贸市场计量器具检查的通知",
		To: []string{toAll}, Publicity: "主动公开", Issuer: issuerOffice, Copies: 60, Contact: "俞小满 0000-6019",
		Leader: luo, Signer: zhou, Series: "qzbf",
		Blocks: s.body(`
			为维护公平交易秩序，保护消费者合法权益，决定在全市农贸市场开展计量器具检查，现将有关事项通知如下。
			一、检查范围为全市68个农贸市场在用的电子秤、台秤等强制检定计量器具。
			二、检查内容包括检定证书是否有效、铅封是否完好、是否存在作弊装置、公平秤设置是否规范。
			三、检查时间自{+5}起至{+30}止，由市市场监管局组织实施，各区县市场监管部门配合。
			四、对使用未经检定或者超过检定周期计量器具的，依法处理；对弄虚作假的，公开曝光。
			~ 清岚市人民政府办公室
			= {Y0}`),
	}).start(s.day(-4, 15, 0), yu, FlowOut).approve(s.day(-3, 9, 0), yue, "请核。").
		answer(s.day(-3, 10, 30), chu, "problem", "department").
		giveBack(s.day(-3, 10, 40), chu, "nigao", "三发三不发核对：本事项属市市场监管局职责范围，可由部门行文，不宜以市政府办公室名义印发。请转市市场监管局自行发文。")
}

const paperResign = "供热通知"

// A figure in the text changed after 签发: 复核 leads back to the signer (L9).
func (s *script) signedThenChanged() {
	s.paper(paperResign).draft(s.day(-7, 9, 0), jian, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于做好居民供热保障工作的通知",
		To: []string{toAll}, CC: []string{"市供热公司"}, Publicity: "主动公开", Issuer: issuerOffice, Copies: 60, Contact: "简一鸣 0000-6029",
		Signer: lin, Series: "qzbf",
		Blocks: s.body(`
			为切实做好本采暖期居民供热保障工作，经市政府同意，现将有关事项通知如下。
			# 一、确保按时稳定供热
			供热企业要提前完成注水试压和设备调试，严格执行采暖期起止时间，用户室内温度不得低于18摄氏度。
			# 二、强化燃料和电力保障
			供热燃料库存不得少于10天用量，低于7天的应当立即报告。供电单位对热源厂、换热站实行重点保障。
			# 三、提高服务响应速度
			服务热线24小时有人接听，用户报修2小时内到场，一般故障12小时内处理完毕；对独居老人、低保家庭实行上门测温。
			# 四、做好应急处置
			各区县和供热企业要落实抢修队伍和备用热源，停热超过8小时的，应当启动应急供暖场所。
			# 五、加强监督考核
			市住房城乡建设局每周通报室温达标率和投诉办结率，结果与运行补贴挂钩。
			~ 清岚市人民政府办公室
			= {Y0}`),
	}).start(s.day(-7, 10, 0), jian, FlowOut).checked(s.day(-6, 9, 0), qin, fang, "格式无误，已核。").
		approve(s.day(-4, 9, 30), lin, "同意签发。燃料库存要盯紧。").
		reword(s.day(-3, 9, 20), chu, "b05", "供热燃料库存不得少于15天用量，低于10天的应当立即报告。供电单位对热源厂、换热站实行重点保障。").
		approve(s.day(-3, 9, 40), chu, "复核时经与市住房城乡建设局核实，燃料库存标准由10天调整为15天，属实质性修改，请原签发人复审。")
}

// paperDuty is signed on the demonstration trip without ado.
const paperDuty = "值守通知"

func (s *script) dutyNotice() {
	s.paper(paperDuty).draft(s.day(-4, 9, 10), jian, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于进一步加强应急值守和信息报告工作的通知",
		To: []string{toAll}, Urgency: "加急", Publicity: "主动公开", Issuer: issuerOffice, Copies: 60, Contact: "简一鸣 0000-6029",
		Signer: lin, Series: "qzbf",
		Blocks: s.body(`
			为进一步规范应急值守和突发事件信息报告工作，现就有关事项通知如下。
			# 一、严格落实值班制度
			各级各部门实行24小时专人值班和领导带班，值班人员不得擅自离岗、替岗。值班电话、传真、视频系统每日8:30、20:30各点名一次。
			# 二、规范信息报告
			发生突发事件，事发地区县和主管部门应当在30分钟内电话报告、1小时内书面报告。首报内容包括时间、地点、伤亡、信息来源和核实方式；情况变化及时续报，处置完毕报送终报。
			# 三、坚持先核实、再上报
			信息应当逐级报送，特别紧急的可以在报告上级的同时越级报告。未经现场或者电话核实的，应当在报告中注明“正在核实”。
			# 四、做好交接和记录
			交接班应当面进行，未办结事项逐项交代。值班记录一事一记，保存期限不少于2年。
			# 五、强化检查通报
			市政府总值班室采取电话抽查、视频点名、实地检查等方式，每月通报一次值守情况。
			~ 清岚市人民政府办公室
			= {Y0}`),
	}).start(s.day(-4, 10, 0), jian, FlowOut).checked(s.day(-3, 9, 30), qin, yao, "与《值班工作规范》核对一致，文字已校。")
}

// paperStores is changed on the demonstration trip while its signer is away.
const paperStores = "物资调用办法"

func (s *script) storesRules() {
	s.paper(paperStores).draft(s.day(-5, 14, 0), xia, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于印发市级应急物资储备和调用办法的通知",
		To: []string{toAll}, Publicity: "主动公开", Issuer: issuerOffice, Copies: 60, Contact: "夏以沫 0000-6028",
		Signer: lin, Cosigners: who(shi), CosignUnits: []string{"yingji", "caizheng"}, Series: "qzbf",
		Blocks: s.body(`
			《市级应急物资储备和调用办法》已经市政府同意，现印发给你们，请认真贯彻执行。
			# 一、总则
			本办法所称应急物资，是指由市级财政资金购置、用于突发事件处置的抢险救援、生活保障和医疗防护物资。
			# 二、储备标准
			市级储备冲锋舟20艘、编织袋12万条、帐篷1500顶、棉被3000床，由市应急管理局保管，实行专库专账。
			各区、县于{+20}前完成补库，并报市应急管理局备案。
			# 三、调用程序
			市级物资的调用由市应急管理局批准；紧急情况下可以先调用、后补办手续，补办时限不超过24小时。
			# 四、更新和核销
			储备物资每年更新比例不低于10%，消耗、报废物资由市财政局会同市应急管理局核销。
			# 五、附则
			本办法自印发之日起施行。
			~ 清岚市人民政府办公室
			= {Y0}`),
	}).start(s.day(-5, 15, 0), xia, FlowOut).
		approve(s.day(-4, 9, 0), qin, "送会签。").
		approve(s.day(-4, 15, 30), shi, "同意。").approve(s.day(-3, 10, 20), yingji, "同意，储备数量为目前库存数，采购到货后另行更新。").
		approve(s.day(-3, 15, 0), caizheng, "同意。").
		approve(s.day(-2, 9, 0), chu, "格式无误。冲锋舟数量待应急局最终确认。").approve(s.day(-2, 11, 20), yao, "送请知远同志签发。")
}

func (s *script) surveyNotice() {
	s.paper("古树通知").draft(s.day(-1, 9, 0), zhuang, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于加强古树名木保护工作的通知",
		To: []string{toAll}, Publicity: "主动公开", Issuer: issuerOffice, Copies: 60, Contact: "庄晚晴 0000-6021",
		Leader: shen, Signer: zhou, Series: "qzbf",
		Blocks: s.body(`
			为切实加强古树名木保护管理，现就有关事项通知如下。
			一、落实养护责任。对尚未明确责任人的34株古树，由属地街道、乡镇承担日常养护，{+15}前签订责任书。
			二、坚持先避让后审批。建设项目选址涉及古树名木保护范围的，应当先行制定避让方案并征求林业部门意见。
			三、开展抢救复壮。对92株长势衰弱的古树逐株会诊，一树一策，{+60}前完成第一批30株复壮。
			四、加强宣传引导。统一设置保护标牌和二维码，鼓励认养，严禁在古树上悬挂物品、刻划钉钉。
			~ 清岚市人民政府办公室
			= {Y0}`),
	}).start(s.day(-1, 10, 0), zhuang, FlowOut)
}

func (s *script) motionsNotice() {
	s.paper("建议提案交办").draft(s.day(-3, 14, 0), lutf, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于做好代表建议和委员提案办理工作的通知",
		To: []string{toAll}, Publicity: "主动公开", Issuer: issuerOffice, Copies: 60, Contact: "陆听风 0000-6038",
		Leader: zhou, Signer: zhou, Series: "qzbf",
		Blocks: s.body(`
			为提高代表建议、委员提案办理质量，现就有关事项通知如下。
			一、本年度闭会期间共收到建议28件、提案41件，已按照职责分工确定承办单位，见附件。对分办有异议的，应当自收到之日起5个工作日内书面提出，不得自行转办或者滞留。
			二、主办单位应当自交办之日起3个月内答复；情况复杂的，经同意可以延长，但最长不超过6个月。会办单位应当在1个月内将意见送主办单位。
			三、坚持办前联系、办中沟通、办后回访，联名建议应当逐一答复。答复函由单位主要负责人签发并加盖公章。
			四、对表示不满意的，应当在3个月内重新办理并再次答复。办理情况纳入年度考核。
			@ 附件：建议提案分办表
			~ 清岚市人民政府办公室
			= {Y0}`),
	}).start(s.day(-3, 15, 0), lutf, FlowOut).approve(s.day(-3, 15, 40), lutf, "同意报送。").
		approve(s.day(-1, 10, 50), chu, "期限表述与规定核对一致。")
}

func (s *script) unfinished() {
	s.paper("信息要点草稿").draft(s.day(-1, 16, 0), jiang, document.DraftPaper{
		Direction: document.Outgoing, Genre: "通知", Title: "清岚市人民政府办公室关于印发下一季度政务信息报送要点的通知",
		To: []string{toAll}, Publicity: "依申请公开", Issuer: issuerOffice, Copies: 60, Contact: "江令仪 0000-6031",
		Signer: zhou, Series: "qzbf", Editors: who(liqing),
		Blocks: s.body(`
			为提高政务信息的针对性和时效性，现将下一季度政务信息报送要点印发给你们，请结合实际抓好落实。
			# 一、重点选题
			民生实事推进、老旧小区改造、基层治理、营商环境、防灾减灾、公共文化服务。
			# 二、报送要求
			突发情况按照值班报告规定办理，不以信息代替报告；经验类信息应当有数据、有做法、有成效，每篇不超过1500字。`),
	})
	s.paper("联络员草稿").draft(s.day(-2, 17, 0), lin, document.DraftPaper{
		Direction: document.Internal, Genre: "便函", Title: "关于重点项目调度几点考虑（草稿）", Leaders: who(chen), Unit: leaders,
		Blocks: s.body(`
			望舒市长：
			结合近期调研情况，就重点项目调度有几点考虑，先报你参考。
			一、供热补贴和物资储备两件事都涉及预备费，建议统筹安排，避免分散使用。
			二、积水点整改的堵点在管线迁改，建议由市级直接约谈产权单位。`),
	})
}
