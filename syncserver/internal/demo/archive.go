package demo

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// archive are 签报 of more than a year ago: they have left the desks by the
// office's rule (office.StayLong) and are read on line.
func (s *script) archive() {
	for _, x := range []struct {
		name, title, body, first, budget, last string
		day                                    int
	}{
		{
			"去年应急演练", "关于开展年度应急通信演练的签报", `
			为检验汛期通信保障能力，拟于{-318}组织一次市、县、乡三级应急通信演练，时长半天，不提前通知点位。
			演练由总值班室牵头，市应急管理局、市水务局参加，所需车辆由机关事务中心保障平台调剂，费用1.2万元在应急专项中列支。
			妥否，请批示。`, "拟同意。", "费用已核，从应急专项列支。", "同意。重点看山区点位，不要走过场。", -322,
		},
		{
			"去年值班系统", "关于更换值班电话录音系统的签报", `
			总值班室现用电话录音系统已使用九年，去年两次丢失录音，厂家已停止维护。
			拟更换为八路数字录音系统，录音保存一年，所需资金6.8万元，列入年度办公设备预算。采购按照政府采购规定执行。
			妥否，请批示。`, "拟同意。", "年度预算内可以安排。", "同意。旧录音按档案要求移交后再拆。", -312,
		},
		{
			"去年移动终端", "关于移动视频终端配发范围的签报", `
			现有移动视频终端3套，各县区多次提出使用需求。拟明确配发范围：总值班室2套常备，1套随带班领导外出使用，县区按次借用，当日归还。
			妥否，请批示。`, "拟同意。", "管理办法建议一并明确借用责任。", "同意。", -306,
		},
	} {
		s.paper(x.name).draft(s.day(x.day, 9, 0), cheng, document.DraftPaper{
			Direction: document.Internal, Genre: "签报", Title: x.title, Contact: "程守安 0000-6036",
			Leaders: who(lin), Cosigners: []office.UserID{kang}, Blocks: s.body(x.body),
		}).start(s.day(x.day, 9, 30), cheng, FlowNote).approve(s.day(x.day, 10, 0), cheng, x.first).
			approve(s.day(x.day, 15, 0), kang, x.budget).
			approve(s.day(x.day+1, 10, 0), fang, "拟同意。请知远同志批示。").
			approve(s.day(x.day+2, 16, 0), lin, x.last)
	}
}
