package demo

import "qianshao/syncserver/office/document"

// notes are the 签报: what the office decides for itself.
func (s *script) notes() {
	s.paper("通信设备签报").draft(s.day(-4, 9, 0), cheng, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于增配应急指挥通信设备的签报", Contact: "程守安 0000-6036",
		Leaders: who(lin), Cosigners: who(kang),
		Blocks: s.body(`
			总值班室现有卫星电话2部、数字集群手台14部、移动视频终端3套，均为六年前购置，续航和信号明显下降。上月演练中，南陌县山区点位两次中断联系。
			拟增配卫星电话4部、数字集群手台20部、移动视频终端4套，用于市应急指挥中心和四个前进指挥点，所需资金58.6万元。
			经与行政科核对，年度办公设备预算尚有余额41万元，缺口17.6万元拟在应急专项中调剂解决。采购按照政府采购规定执行。
			妥否，请批示。`),
	}).start(s.day(-4, 9, 30), cheng, FlowNote).approve(s.day(-4, 9, 50), cheng, "拟同意。").
		approve(s.day(-3, 14, 20), kang, "预算余额属实，请按程序采购。").
		approve(s.day(-2, 10, 10), fang, "设备老化影响指挥，拟同意。请知远同志批示。")

	s.paper("驾驶员签报").draft(s.day(-8, 10, 0), niu, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于公务车辆年度安全检测安排的签报", Contact: "牛大力 0000-6040", Leaders: who(zhou),
		Blocks: s.body(`
			办公室现有公务用车5辆，其中2辆将于下月到期检测。拟分两批安排检测和保养，期间用车由机关事务中心保障平台调剂。
			检测、保养费用按定点单位协议价结算，预计1.8万元，在车辆运行经费中列支。
			妥否，请批示。`),
	}).start(s.day(-8, 10, 30), niu, FlowNote).approve(s.day(-8, 14, 0), kang, "同意，注意错开会议用车高峰。").
		approve(s.day(-7, 9, 20), yao, "已核。").approve(s.day(-7, 16, 0), zhou, "同意。")

	s.paper("督办预警签报").draft(s.day(-2, 14, 0), shijt, document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于本月督办事项预警情况的签报", Contact: "石敬亭 0000-6032", Leaders: who(zhou, lin), Urgency: "加急",
		Blocks: s.body(`
			截至{-2}，在办督办事项46件，正常37件，蓝色提醒4件，黄色预警3件，红色逾期2件。
			一、红色逾期：东屏区公交线路听证（应于{-3}前完成）、菜市场改造过渡安置（未按期报送《问题处理报告单》）。
			二、黄色预警：松渚区18处积水点整改（完成50%，低于序时进度17个百分点）、数据接口整改（报告单已获批延期至{+10}）、校园午餐回头看（两家企业未复核）。
			三、下一步：拟对两件红色事项发督办函，对松渚区约谈一次，本月讲评会上通报。
			妥否，请批示。`),
	}).start(s.day(-2, 14, 30), shijt, FlowNote).approve(s.day(-2, 14, 50), shijt, "拟同意。").
		approve(s.day(-2, 17, 10), yao, "送牧野秘书长、知远同志批示。").
		approve(s.day(-1, 9, 10), zhou, "同意。督办函今天发出，约谈我参加。请知远同志阅示。")

	s.paper("借调签报").draft(s.day(-1, 10, 0), "ge-jiashu", document.DraftPaper{
		Direction: document.Internal, Genre: "签报", Title: "关于选派年轻干部跟班学习的签报", Contact: "葛嘉树 0000-6045", Leaders: who(zhou),
		Blocks: s.body(`
			为加强年轻干部培养，拟从各区县选派6名同志到办公室跟班学习，为期6个月，分别安排在综合科、信息科、督查室和总值班室。
			跟班学习期间人事关系不变，由原单位发放工资，我办负责日常管理和考核鉴定。
			妥否，请批示。`),
	}).start(s.day(-1, 10, 30), "ge-jiashu", FlowNote)
}
