package demo

import (
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// incoming are the 收文, each at another place of its way.
func (s *script) incoming() {
	s.chargers()
	s.floodStores()
	s.lunches()
	s.buses()
	s.dataInterface()
	s.libraryHours()
	s.waterlogging()
	s.gale()
	s.oldTrees()
	s.duplicate()
	s.sentBack()
	s.fireSafety()
	s.heating()
	s.medicalWaste()
	s.roadNames()
	s.moreIncoming()
}

// registered is an incoming paper that has been entered and sent on its way.
func (s *script) registered(name string, at time.Time, x document.Register) paper {
	if x.Received == 0 {
		x.Received = office.Millis(at)
	}
	if x.Copies == 0 {
		x.Copies = 1
	}
	return s.paper(name).register(at, ding, x).start(at.Add(6*time.Minute), ding, FlowIn)
}

// proposed goes through 初审 and 拟办, which names leaders, undertakers and the
// deputy secretary-general ("": an office director) who reviews.
func (p paper) proposed(at time.Time, first, words string, deputy office.UserID, leaders, undertakers []office.UserID) paper {
	p.approve(at, chu, first)
	set := map[string]any{"leaders": leaders}
	if len(undertakers) > 0 {
		set["undertakers"] = undertakers
	}
	if deputy != "" {
		set["leader"] = deputy
	}
	return p.set(at.Add(50*time.Minute), shao, set).approve(at.Add(55*time.Minute), shao, words)
}

func who(u ...office.UserID) []office.UserID { return u }

// paperChargers waits at the 或签 step of the demonstration trip.
const paperChargers = "岚建函118"

func (s *script) chargers() {
	s.registered(paperChargers, s.day(-2, 9, 20), document.Register{
		Series: "sw-shang", Genre: "函", Title: "关于报送老旧小区充电设施台账的函", From: "省住房城乡建设主管部门",
		FromNumber: s.number("岚建函", -3, 118), Urgency: "加急", Handling: document.HandlingAct, Limit: s.ms(5, 17, 30), Unit: "mishu1",
		Blocks: s.body(`
			各市人民政府办公室：
			为全面掌握老旧小区电动汽车和电动自行车充电设施建设、运行情况，做好下一年度建设任务测算和补助资金安排，现就报送老旧小区充电设施台账有关事项函告如下。
			# 一、报送范围
			2005年以前建成、已列入城镇老旧小区改造计划或者已完成改造的住宅小区，含公共停车场内向居民开放的充电点位。
			# 二、报送内容
			（一）已建点位：所在小区、建成时间、接口数量、功率、运营单位、消防验收情况。
			（二）在建和拟建点位：建设主体、计划完工时间、电力容量核实情况、资金来源。
			（三）存在问题：占用消防车通道、私拉电线、长期停用等情形逐项列明，并注明整改责任单位和时限。
			# 三、有关要求
			请于{+5}前将台账（电子版）和情况说明（加盖公章）报送我厅，逾期未报的，下一年度不予安排补助资金。台账数据应当与年度统计口径一致，不得以估算数代替。
			联系人：舒望，电话：0000-80118。
			@ 附件：1.老旧小区充电设施台账（样表）
			@ 2.填报说明
			~ 省住房城乡建设主管部门
			= {Y-4}`),
	}).proposed(s.day(-2, 9, 50), "手续齐全，格式规范，属本机关办理事项。",
		"拟请知远、南乔同志和牧野秘书长阅示（任一位批示即可），由市住房城乡建设局牵头，市发展改革局、市应急管理局和各区县配合，"+s.md(4)+"前形成台账送秘书四科。",
		he, who(lin, xu, zhou), who(zhujian)).
		approve(s.day(-2, 15, 10), he, "拟同意。请知远、南乔同志，牧野秘书长批示。")
}

func (s *script) floodStores() {
	s.registered("清水请22", s.day(-5, 10, 5), document.Register{
		Series: "sw-ping", Genre: "请示", Title: "关于汛前物资储备的请示", From: "市水务局", FromNumber: s.number("清水请", -6, 22),
		Handling: document.HandlingAct, Limit: s.ms(3, 18, 0), Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			按照市政府关于提前做好汛前准备的部署，我局会同市应急管理局对市级和各区县防汛物资进行了清点。现将有关情况和下一年度汛前物资储备事项请示如下。
			# 一、储备现状
			全市现有编织袋38.6万条、土工布4.2万平方米、冲锋舟31艘、移动泵车9台、应急照明车4台。其中编织袋缺口6.4万条，冲锋舟有7艘超过使用年限，3台移动泵车需要大修。
			# 二、补充方案
			（一）市级补充编织袋4万条、土工布1万平方米、冲锋舟6艘，更新移动泵车2台，入库市防汛物资中心仓库。
			（二）各区县按照“常住人口每万人不少于600条编织袋”的标准自行补足，于{+40}前完成。
			（三）与两家本地企业签订代储协议，常年代储砂石料2000立方米，按需调用。
			# 三、资金来源
			所需资金386万元，建议从年度水利建设资金结余中调剂240万元，其余146万元由市级预备费解决。市财政局已出具审核意见。
			妥否，请批示。
			@ 附件：1.防汛物资缺口明细表
			@ 2.市财政局审核意见
			~ 市水务局
			= {Y-6}`),
	}).proposed(s.day(-5, 11, 0), "一文一事，已与市财政局、市应急管理局会商，符合要求。",
		"拟请砚秋、知远同志批示，由市水务局承办，市财政局、市应急管理局配合。",
		tang, who(shen, lin), who(shuiwu)).
		approve(s.day(-4, 9, 15), tang, "方案经专题会研究，拟同意。请砚秋、知远同志批示。").
		approve(s.day(-2, 16, 40), shen, "原则同意。冲锋舟数量请水务局与应急局再核一次，避免重复购置。请知远同志批示。")
}

func (s *script) lunches() {
	p := s.registered("清教报31", s.day(-6, 14, 30), document.Register{
		Series: "sw-ping", Genre: "报告", Title: "关于校园午餐供应检查情况的报告", From: "市教育局", FromNumber: s.number("清教报", -7, 31),
		Handling: document.HandlingRead, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			{-20}至{-9}，我局会同市市场监管局、市卫生健康局，对全市中小学校园午餐供应情况进行了检查。现将有关情况报告如下。
			# 一、基本情况
			全市义务教育阶段学校186所，其中自办食堂142所、集中配餐44所，日均供餐11.8万份。本次实地检查学校96所、配餐企业7家，查阅台账412本，随机访谈学生和家长870人次。
			# 二、发现的主要问题
			（一）有9所学校留样记录不完整，其中3所留样量不足125克。
			（二）有5所学校公示的带量食谱与实际供应不一致，家长意见较为集中。
			（三）2家配餐企业运输车辆保温设施不达标，到校温度低于60摄氏度。
			# 三、处理情况
			对上述问题已逐校逐企下达整改通知，截至{-8}，14所学校和1家企业完成整改并经复核；另1家企业暂停新增供餐业务，整改合格后恢复。
			# 四、下一步打算
			建立每月抽检、每季通报制度，推行家长代表陪餐，年内将全部配餐企业纳入“互联网+明厨亮灶”。我局将于下季度组织一次回头看。
			特此报告。
			~ 市教育局
			= {Y-8}`),
	}).proposed(s.day(-6, 15, 20), "属阅件，格式规范，未夹带请示事项。",
		"拟请清和同志阅，送市市场监管局、市卫生健康局和督查室阅知，由督查室列入回头看。", ye, who(gu), nil).
		approve(s.day(-5, 9, 30), ye, "请清和同志阅，按拟办意见传阅。")
	p.circulate(s.day(-5, 10, 0), ding, true, "请阅。督查室请关注整改回头看。", gu, ye, meng, shijt, "shang-gongyun", "hua-ruosu").
		read(s.day(-5, 17, 20), gu, "问题找得准。两家配餐企业整改情况，请教育局两周后书面报我。").
		read(s.day(-5, 10, 45), ye, "").read(s.day(-4, 9, 5), shijt, "已列入回头看清单，由阮青同志跟进。").read(s.day(-4, 11, 30), meng, "").
		approve(s.day(-3, 16, 0), ding, "传阅完毕，办结。")
}

func (s *script) buses() {
	s.registered("东政请14", s.day(-9, 9, 40), document.Register{
		Series: "sw-xia", Genre: "请示", Title: "关于公交线路调整的请示", From: "东屏区", FromNumber: s.number("东政请", -10, 14),
		Urgency: "加急", Handling: document.HandlingAct, Limit: s.ms(-2, 18, 0), Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			随着东屏新区一期、文澜片区陆续交付使用，沿线居民由2.1万人增至5.7万人，现有公交线路走向和班次已不能满足出行需要。经实地踏勘、问卷调查并征求市交通运输局意见，现就调整公交线路有关事项请示如下。
			# 一、调整内容
			（一）延长8路至文澜小学，新增站点6处，首末班时间调整为6:00至21:30。
			（二）将17路由人民路改走滨江路，取消与23路重复的4个站点。
			（三）新开通东屏新区至客运东站的微循环线路，配车8辆，高峰间隔10分钟。
			# 二、意见征求情况
			问卷回收3120份，赞成率86.4%；17路改线涉及的人民路沿线商户有不同意见，我区已召开两次座谈会，拟在公示期内组织听证。
			# 三、运营补贴
			经测算，年新增运营成本约410万元，建议按照市、区4∶6比例分担。
			妥否，请批示。
			~ 东屏区人民政府
			= {Y-11}`),
	}).proposed(s.day(-9, 10, 30), "一文一事，已附市交通运输局意见。", "拟请南乔同志批示，由市交通运输局会同东屏区承办，17路改线须先行听证。",
		su, who(xu), who(jiaotong, dongping)).
		approve(s.day(-9, 16, 10), su, "拟同意按程序办理，请南乔同志批示。").
		approve(s.day(-8, 11, 25), xu, "同意8路延长和微循环线路先行实施。17路改线涉及沿线商户，务必把听证开好，听证结果报我后再定。").
		approve(s.day(-3, 17, 5), dongping, "听证公告已发布，定于"+s.md(3)+"举行，听证代表25人已产生。8路延长段站点"+s.md(6)+"前完成施工。")
}

func (s *script) dataInterface() {
	s.registered("岚数函37", s.day(-4, 8, 50), document.Register{
		Series: "sw-shang", Genre: "函", Title: "关于征求政务数据接口规范（征求意见稿）意见的函", From: "省数据局", FromNumber: s.number("岚数函", -5, 37),
		Urgency: "加急", Handling: document.HandlingAct, Limit: s.ms(1, 17, 0), Unit: "mishu1",
		Blocks: s.body(`
			各市人民政府办公室：
			为统一全省政务数据共享接口的技术要求，我局组织编制了《政务数据接口规范（征求意见稿）》。现送你们征求意见，请组织相关单位研究，于收文后3个工作日内反馈书面意见；无意见也请书面回复。
			征求意见的重点：一是接口命名和版本管理规则是否便于现有系统衔接；二是调用频次上限和应急扩容条款是否可行；三是日志留存不少于6个月的要求对基层单位的影响；四是过渡期限是否合理。
			反馈意见请注明条款号、修改建议和理由。联系人：沐言，电话：0000-80237。
			@ 附件：1.政务数据接口规范（征求意见稿）
			@ 2.意见反馈表
			~ 省数据局
			= {Y-5}`),
	}).proposed(s.day(-4, 9, 20), "时限紧，请优先办理。", "拟请景行同志阅示，由市数据局牵头汇总各部门意见，代拟复函，"+s.md(0)+"前送秘书二科。",
		"", who(luo), who(shuju)).
		approve(s.day(-4, 11, 0), fang, "同意拟办意见。请景行同志批示。").
		approve(s.day(-3, 9, 10), luo, "请数据局抓紧征求各部门意见，重点研究过渡期和日志留存两条，按时回复。")
}

func (s *script) libraryHours() {
	s.registered("清文旅请8", s.day(-14, 10, 35), document.Register{
		Series: "sw-ping", Genre: "请示", Title: "关于图书馆延时开放方案的请示", From: "市文化旅游局", FromNumber: s.number("清文旅请", -15, 8),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			今年以来，市图书馆收到读者关于延长开放时间的建议237件，占意见总数的61%。为方便上班群众和学生借阅，我局研究制定了延时开放方案，现请示如下。
			# 一、开放时间
			市图书馆总馆由每日9:00至17:30延长至9:00至21:00，周一闭馆调整为每月最后一个周一闭馆；6个分馆周末延时至20:00。
			# 二、保障措施
			（一）增聘夜间服务人员18名，实行轮班制；（二）与公交企业衔接，将12路末班车延后至21:40；（三）夜间安保、消防值守各增加1班。
			# 三、经费
			年新增人员和水电支出约164万元，由我局部门预算调剂解决，不新增财政支出。
			妥否，请批示。
			~ 市文化旅游局
			= {Y-15}`),
	}).proposed(s.day(-14, 11, 20), "符合行文规则。", "拟请清和同志批示，由市文化旅游局实施，代拟通告稿。", ye, who(gu), who(wenlv)).
		approve(s.day(-14, 16, 0), ye, "方案可行，拟同意。").
		approve(s.day(-13, 10, 20), gu, "同意。延时开放前把夜间安全预案做细，公布时间以市政府通告为准。").
		approve(s.day(-8, 15, 30), wenlv, "方案已组织实施，通告代拟稿已送秘书五科。").
		approve(s.day(-7, 9, 0), ding, "已办结，复文见图书馆延时开放通告。")
}

func (s *script) waterlogging() {
	s.registered("松政报19", s.day(-3, 15, 15), document.Register{
		Series: "sw-xia", Genre: "报告", Title: "关于道路积水点整改进展的报告", From: "松渚区", FromNumber: s.number("松政报", -4, 19),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			按照市政府办公室督办通知要求，现将我区道路积水点整改进展情况报告如下。
			# 一、总体进度
			列入台账的18处积水点，已完成整改9处，正在施工6处，尚未开工3处，完成率50%，低于序时进度17个百分点。
			# 二、滞后原因
			（一）松渚大桥北引桥、渡口路下穿通道2处需迁改燃气和通信管线，产权单位排期较晚。
			（二）老城厢东街1处涉及文物保护单位建设控制地带，施工方案正在报批。
			（三）两家施工单位同时承担学校改造项目，人员机具不足。
			# 三、下一步措施
			建立“一点一策”和每周调度制度，{+15}前完成在建的6处；管线迁改由区政府主要负责人牵头协调，{+35}前完成全部整改。整改期间在18处点位安排专人值守，配置移动泵车3台，确保不发生车辆被淹事件。
			特此报告。
			~ 松渚区人民政府
			= {Y-4}`),
	}).proposed(s.day(-3, 15, 50), "报告内容完整，未夹带请示事项。", "进度落后序时，拟请南乔、知远同志批示，送督查室列入黄色督办。",
		su, who(xu, lin), who(songzhu, shijt)).
		approve(s.day(-2, 9, 40), su, "进度滞后，请南乔、知远同志批示。")
}

func (s *script) gale() {
	at := s.now.Add(-2 * time.Hour)
	p := s.registered("明电9", at, document.Register{
		Series: "sw-dian", Genre: "电报", Title: "大风蓝色预警信号", From: "市气象台", FromNumber: s.number("明电", 0, 9),
		Urgency: "特急", Handling: document.HandlingRead, Unit: "mishu1", Copies: 20,
		Blocks: s.body(`
			各区、县人民政府，市政府各部门：
			受强冷空气影响，预计{0}夜间到{+1}，我市平均风力6级，阵风8到9级，江面和沿湖地区阵风可达10级，气温下降8到10摄氏度。现发布大风蓝色预警信号。
			请各地各部门做好以下工作：一是立即停止高空、水上等户外作业，加固围板、广告牌、临时搭建物；二是渡口、景区水上项目视情停航停运，做好旅客疏导；三是加强林区和施工工地火源管理；四是24小时值班，突发情况30分钟内电话报告市政府总值班室。
			市气象台将根据天气变化及时变更或者解除预警信号。
			~ 市气象台
			= {Y0}`),
	})
	p.approve(at.Add(10*time.Minute), chu, "特急，请立即送办。")
	p.set(at.Add(14*time.Minute), shao, map[string]any{"leaders": who(lin)})
	p.approve(at.Add(16*time.Minute), shao, "拟立即转发各地各部门，送各位市领导阅，由总值班室值守。")
	p.approve(at.Add(24*time.Minute), yao, "同意，立即转发。")
	p.circulate(at.Add(30*time.Minute), ding, true, "特急，请立即落实。", append(who(chen, lin, xu, shen, gu, luo, zhou, cheng, yusq), directors()...)...)
	p.read(at.Add(38*time.Minute), zhou, "请总值班室每两小时汇总一次。")
	p.read(at.Add(41*time.Minute), cheng, "已通知各值班点。")
	p.read(at.Add(45*time.Minute), yingji, "救援队伍已集结待命。")
	p.read(at.Add(52*time.Minute), dongping, "")
	p.read(at.Add(58*time.Minute), xu, "工地围挡请住建局再查一遍。")
}

func (s *script) oldTrees() {
	s.registered("岚林报5", s.day(-1, 14, 0), document.Register{
		Series: "sw-ping", Genre: "报告", Title: "关于古树名木普查情况的报告", From: "市林业站", FromNumber: s.number("岚林报", -2, 5),
		Handling: document.HandlingRead, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			今年以来，我站组织技术人员63名，对全市古树名木进行了普查。现将有关情况报告如下。
			# 一、普查结果
			全市共有古树名木1286株，分属34科71种，其中树龄500年以上的47株、300至499年的212株、100至299年的1027株；古树群19处。与上一轮普查相比新增登记168株，因自然死亡注销11株。
			# 二、存在的问题
			有92株生长势衰弱，主要原因是根系周围硬化、病虫危害和主干空洞；26株位于拟建项目范围内，需要提前制定避让方案；34株尚未明确日常养护责任人。
			# 三、下一步工作
			完成挂牌、建档和定位信息入库，对衰弱植株逐株制定复壮方案；与自然资源、住建部门建立项目选址会商机制，做到先避让、后审批。
			特此报告。
			~ 市林业站
			= {Y-2}`),
	}).approve(s.day(-1, 15, 10), chu, "属阅件，格式规范。")
}

// The same letter came a second time, by post: registered, found to be a
// duplicate and left where it is.
func (s *script) duplicate() {
	at := s.day(-1, 11, 40)
	s.paper("岚建函118再").register(at, ding, document.Register{
		Series: "sw-shang", Genre: "函", Title: "关于报送老旧小区充电设施台账的函", From: "省住房城乡建设主管部门",
		FromNumber: s.number("岚建函", -3, 118), Received: office.Millis(at), Copies: 1, Urgency: "加急", Unit: "mishu1",
		Note: "邮寄件，与" + s.md(-2) + "登记的电子件同文号，疑似重复，待核",
		Blocks: s.body(`
			（纸质件，内容与已登记的电子件一致，共3页，附件2份。）`),
	})
}

// A report that hides a request is given back by 初审 (L3, L18).
func (s *script) sentBack() {
	s.registered("清市监报26", s.day(-3, 10, 10), document.Register{
		Series: "sw-ping", Genre: "报告", Title: "关于菜市场改造进展情况的报告", From: "市市场监管局", FromNumber: s.number("清市监报", -4, 26),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			今年列入民生实事的12个菜市场改造项目，已完工5个、在建5个、未开工2个，总体进度58%。
			目前主要困难是北门、柳桥两个市场的过渡安置点尚未落实，经营户搬迁意愿不一；部分市场产权复杂，工程款支付较慢。
			下一步，我局将与属地政府逐一对接，力争年内完工9个。
			考虑到材料价格上涨，请市政府批准追加改造资金230万元，并请予明确由市级预备费解决。
			特此报告。
			~ 市市场监管局
			= {Y-4}`),
	}).giveBack(s.day(-3, 11, 0), chu, "dengji", "报告中夹带请示事项（追加资金230万元），不符合行文规则，请退回来文单位，资金事项另行以请示报送。")
}

func (s *script) fireSafety() {
	s.registered("清应急报17", s.day(-2, 10, 20), document.Register{
		Series: "sw-ping", Genre: "报告", Title: "关于消防安全重点单位检查情况的报告", From: "市应急管理局", FromNumber: s.number("清应急报", -3, 17),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			根据市政府办公室通知要求，我局牵头组织6个检查组，于{-15}至{-5}对全市消防安全重点单位进行了检查。现将有关情况报告如下。
			# 一、检查情况
			共检查重点单位318家，其中商场市场52家、宾馆饭店96家、养老和医疗机构71家、学校64家、仓储物流35家，发现隐患746处，当场整改503处，限期整改229处，责令停业整顿4家。
			# 二、突出问题
			（一）电动自行车违规停放充电仍较普遍，38个老旧小区架空层存在“飞线”充电。
			（二）部分高层建筑消防设施维护不到位，11家单位自动喷水系统处于停用状态。
			（三）农贸市场、沿街商铺“前店后宅”现象反弹，疏散通道被占用。
			# 三、工作建议
			建议将架空层充电整治与老旧小区充电桩安装工作统筹推进；对11家停用消防设施的单位挂牌督办，{+20}前整改销号。
			特此报告。
			~ 市应急管理局
			= {Y-3}`),
	}).proposed(s.day(-2, 11, 0), "符合要求。", "拟请知远同志批示，挂牌督办事项由督查室立项。", he, who(lin), who(yingji, shijt)).
		approve(s.day(-2, 16, 50), he, "隐患比较突出，请知远同志批示。")
}

func (s *script) heating() {
	s.registered("清财请30", s.day(-3, 9, 5), document.Register{
		Series: "sw-ping", Genre: "请示", Title: "关于追加集中供热运行补贴的请示", From: "市财政局", FromNumber: s.number("清财请", -4, 30),
		Handling: document.HandlingAct, Limit: s.ms(2, 18, 0), Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			受燃料价格上涨影响，市供热公司本采暖期运行成本较年初测算增加。经我局会同市发展改革局、市住房城乡建设局审核，现就追加运行补贴事项请示如下。
			# 一、成本审核情况
			本采暖期供热面积1420万平方米，燃料成本较上年同期上涨11.6%，人工和管网维护成本持平，审核确认增支2180万元。
			# 二、补贴方案
			企业通过降低管损、压减费用自行消化780万元，争取上级补助400万元，其余1000万元由市财政追加补贴，分两批拨付：{+5}前拨付600万元，采暖期结束清算后拨付400万元。
			# 三、监管要求
			补贴资金专账核算，与供热质量考核挂钩，用户室温达标率低于97%的，按比例扣减。居民供热价格不作调整。
			妥否，请批示。
			@ 附件：供热成本审核报告
			~ 市财政局
			= {Y-4}`),
	}).proposed(s.day(-3, 10, 0), "一文一事，已会商市发展改革局、市住房城乡建设局。", "涉及民生保障，拟请知远同志审核后报望舒市长审定。", he, who(lin, chen), who(caizheng)).
		approve(s.day(-1, 10, 30), he, "事关群众温暖过冬，拟同意，请知远同志批示后报望舒市长。")
}

func (s *script) medicalWaste() {
	s.registered("清卫请17", s.day(-1, 11, 6), document.Register{
		Series: "sw-ping", Genre: "请示", Title: "关于医疗废物转运线路的请示", From: "市卫生健康局", FromNumber: s.number("清卫请", -2, 17),
		Handling: document.HandlingAct, Limit: s.ms(4, 18, 0), Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			为减少医疗废物转运对城区交通和居民生活的影响，经与市生态环境、公安交管等部门会商，拟对转运时间和线路作出调整，现请示如下。
			一、将东屏区、松渚区14家医疗机构的转运时间统一调整至21:00以后。
			二、新增松渚大桥作为备用线路，遇江面大风、桥梁检修等情况启用。
			三、转运车辆全部安装定位和视频设备，运行数据接入市级监管平台，由市卫生健康监督机构每月抽查。
			上述调整不增加转运费用，现有合同继续履行。
			妥否，请批示。
			@ 附件：1.转运线路示意图
			@ 2.医疗机构名单
			~ 市卫生健康局
			= {Y-2}`),
	}).proposed(s.day(-1, 11, 40), "符合要求，已附会商意见。", "拟请清和、南乔同志批示，由市卫生健康局承办。", su, who(gu, xu), who("hua-ruosu"))
}

func (s *script) roadNames() {
	at := s.now.Add(-55 * time.Minute)
	s.registered("清开请11", at, document.Register{
		Series: "sw-xia", Genre: "请示", Title: "关于开发区新建道路命名的请示", From: "清岚经济开发区", FromNumber: s.number("清开请", -1, 11),
		Handling: document.HandlingAct, Unit: "mishu1",
		Blocks: s.body(`
			市人民政府：
			开发区南片区新建道路5条已完成竣工验收，为便于交通管理和企业登记，按照地名管理有关规定，现就道路命名事项请示如下。
			拟命名为：启帆路（东起望江大道，西至环湖路，长2.3公里）、听松路（长1.1公里）、揽月街（长0.9公里）、知行街（长0.8公里）、芦汀巷（长0.4公里）。上述名称经专家论证并公示7日，未收到异议，与现有道路名称不重名、不同音。
			妥否，请批示。
			@ 附件：1.命名方案及位置图
			@ 2.专家论证意见
			~ 清岚经济开发区管理委员会
			= {Y-1}`),
	})
}
