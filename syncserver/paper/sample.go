package paper

import (
	"strings"
	"time"

	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
)

// Sample is a paper of a format by which a person judges a template: every
// element that the template has numbers for is on it. Its office is nobody's.
func Sample(f layout.Format) Source {
	s := Source{
		Direction: document.Outgoing, Genre: "通知", Title: "关于做好××工作的通知", Number: "×政办发〔2026〕1号", Issuer: "××市人民政府办公室",
		Urgency: "加急", To: []string{"各区、县人民政府", "市政府有关部门"}, CC: []string{"市委办公室", "市人大常委会办公室"}, Note: "此件公开发布", Signer: "×××",
		Signed: time.Date(2026, 3, 2, 9, 0, 0, 0, Zone).UnixMilli(),
	}
	switch f {
	case layout.FormatLetter:
		s.Genre, s.Title, s.Number, s.Note, s.Urgency = "函", "关于商请支持××工作的函", "×政办函〔2026〕1号", "", ""
	case layout.FormatOrder:
		s.Genre, s.Title, s.Number, s.Issuer, s.Note, s.Urgency, s.To, s.CC = "命令", "公布办法", "第1号", "××市人民政府", "", "", nil, nil
		s.Seal, s.SignTitle = document.SealSign, "市长"
	case layout.FormatMinutes:
		s.Genre, s.Title, s.Number, s.To, s.Urgency, s.Note = "纪要", "研究××工作", "×政阅〔2026〕1号", nil, "", ""
		s.Present, s.Excused, s.Attending = []string{"×××", "×××", "×××"}, []string{"×××"}, []string{"市财政局×××", "市水务局×××"}
	case layout.FormatPlain:
		s.Direction = document.Incoming
	}
	n := 0
	add := func(kind string, level int, text string) {
		n++
		s.Blocks = append(s.Blocks, document.Block{ID: "s" + string(rune('a'+n)), Type: kind, Level: level, Text: text})
	}
	body := strings.Repeat("各级各部门要结合实际认真组织实施，明确责任分工和完成时限，确保各项工作落到实处。", 3)
	if f == layout.FormatOrder {
		add(document.BlockText, 0, "《××市××管理办法》已经2026年2月20日市政府第1次常务会议审议通过，现予公布，自2026年4月1日起施行。")
		return s
	}
	add(document.BlockText, 0, "为做好××工作，经市政府同意，现将有关事项通知如下。")
	for i, h := range []string{"一、总体要求", "二、重点任务", "三、保障措施"} {
		add(document.BlockHeading, 1, h)
		add(document.BlockHeading, 2, "（一）加强组织领导。"+body)
		add(document.BlockText, 0, "1.建立工作台账。"+body)
		if i == 1 {
			add(document.BlockTable, 0, "区县\t任务数\t完成时限\n甲区\t12\t6月底\n乙县\t8\t9月底")
		}
	}
	if f == layout.FormatFile {
		add(document.BlockAttachment, 0, "1.任务分工表")
	}
	return s
}
