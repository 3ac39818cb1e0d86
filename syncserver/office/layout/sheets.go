package layout

// Shorthand of the forms below.
func label(span int, text string) SheetCell { return SheetCell{Span: span, Label: text} }
func field(span int, name string) SheetCell { return SheetCell{Span: span, Field: name} }
func cells(cs ...SheetCell) SheetRow        { return SheetRow{Cells: cs} }

// area is a row of opinions under a title.
func area(height float64, title, id string) SheetRow {
	return SheetRow{Height: height, Cells: []SheetCell{label(2, title), {Span: 10, Area: id}}}
}

// wide is a row with one long field.
func wide(height float64, title, name string) SheetRow {
	return SheetRow{Height: height, Cells: []SheetCell{label(2, title), field(10, name)}}
}

// Sheets are the forms that ship. Fields and areas are named as those who fill
// them know them; an area that a flow has beyond these is added by WithAreas.
func Sheets() []SheetTemplate {
	return []SheetTemplate{
		{ID: "shouwen", Version: 1, Name: "收文处理单", Title: "{unit}收文处理单", Rows: []SheetRow{
			cells(label(2, "收文编号"), field(4, "register"), label(2, "收文日期"), field(4, "received")),
			cells(label(2, "来文单位"), field(4, "from"), label(2, "来文字号"), field(4, "from_number")),
			cells(label(2, "密级"), field(2, "level"), label(2, "紧急程度"), field(2, "urgency"), label(2, "份数"), field(2, "copies")),
			cells(label(2, "办/阅"), field(4, "handling"), label(2, "办理时限"), field(4, "limit")),
			wide(18, "标题", "title"), wide(0, "附件", "attachments"),
		}},
		{ID: "fagao", Version: 1, Name: "发文稿纸", Title: "{unit}发文稿纸", Rows: []SheetRow{
			cells(label(2, "发文字号"), field(4, "number"), label(2, "文种"), field(4, "genre")),
			cells(label(2, "密级"), field(2, "level"), label(2, "紧急程度"), field(2, "urgency"), label(2, "公开属性"), field(2, "publicity")),
			wide(18, "标题", "title"), wide(0, "主送", "to"), wide(0, "抄送", "cc"), wide(0, "附件", "attachments"),
			cells(label(2, "拟稿人"), field(4, "drafter"), label(2, "电话"), field(4, "phone")),
			cells(label(2, "拟稿单位"), field(4, "drafting_unit"), label(2, "份数"), field(4, "copies")),
			cells(label(2, "校对"), field(4, "proof"), label(2, "印制日期"), field(4, "printed")),
		}},
		{ID: "qianbao", Version: 1, Name: "签报", Title: "{unit}签报", Rows: []SheetRow{
			cells(label(2, "呈报单位"), field(4, "drafting_unit"), label(2, "日期"), field(4, "date")),
			cells(label(2, "拟稿人"), field(4, "drafter"), label(2, "电话"), field(4, "phone")),
			wide(0, "事由", "title"), wide(60, "正文", "text"),
		}},
		{ID: "duban", Version: 1, Name: "督办单", Title: "{unit}督办单", Rows: []SheetRow{
			cells(label(2, "编号"), field(4, "number"), label(2, "督办等级"), field(4, "colour")),
			cells(label(2, "牵头单位"), field(4, "lead"), label(2, "配合单位"), field(4, "others")),
			cells(label(2, "责任人"), field(4, "person"), label(2, "办理时限"), field(4, "due")),
			wide(18, "事项", "title"), wide(18, "来源和依据", "source"), wide(40, "办理要求", "ask"),
			wide(0, "目前进度", "progress"),
			area(30, "领导批示", "leader"), area(30, "单位主要负责人意见", "head"), area(40, "办理情况", "result"), area(24, "核实意见", "check"),
		}},
		{ID: "wenti", Version: 1, Name: "问题处理报告单", Title: "{unit}问题处理报告单", Rows: []SheetRow{
			cells(label(2, "任务编号"), field(4, "number"), label(2, "责任单位"), field(4, "lead")),
			cells(label(2, "原定时限"), field(4, "due"), label(2, "报告日期"), field(4, "date")),
			wide(18, "事项", "title"), wide(40, "问题及原因", "cause"), wide(40, "已做工作", "done"),
			wide(0, "申请类别", "request"),
			area(26, "分管领导意见", "deputy"), area(26, "交办领导批示", "leader"), area(18, "督查室登记", "register"),
		}, Note: "本单须在原定时限届满前报送，逾期不予受理。"},
		{ID: "huiyi", Version: 1, Name: "会议通知", Title: "{unit}会议通知", Rows: []SheetRow{
			wide(14, "会议名称", "title"),
			cells(label(2, "时间"), field(4, "time"), label(2, "地点"), field(4, "place")),
			cells(label(2, "主持人"), field(4, "chair"), label(2, "会议类别"), field(4, "kind")),
			wide(40, "议题", "agenda"), wide(30, "参加范围", "people"), wide(30, "有关要求", "ask"),
			cells(label(2, "联系人"), field(4, "contact"), label(2, "电话"), field(4, "phone")),
			cells(label(2, "回执截止"), field(4, "reply"), label(2, "通知日期"), field(4, "date")),
		}},
		{ID: "paiche", Version: 1, Name: "派车单", Title: "{unit}派车单", Rows: []SheetRow{
			cells(label(2, "单号"), field(4, "number"), label(2, "申请单位"), field(4, "drafting_unit")),
			cells(label(2, "用车人"), field(4, "person"), label(2, "人数"), field(4, "count")),
			wide(14, "事由", "title"),
			cells(label(2, "出发时间"), field(4, "from_time"), label(2, "返回时间"), field(4, "to_time")),
			cells(label(2, "出发地"), field(4, "from_place"), label(2, "目的地"), field(4, "to_place")),
			cells(label(2, "车牌号"), field(4, "plate"), label(2, "驾驶员"), field(4, "driver")),
			cells(label(2, "出车里程"), field(4, "km_out"), label(2, "回车里程"), field(4, "km_in")),
			area(22, "审批意见", "approve"), area(22, "车队派车", "dispatch"), area(18, "用车人确认", "confirm"),
		}},
		{ID: "mulu", Version: 1, Name: "归档文件目录", Title: "归档文件目录", Landscape: true, Columns: []SheetColumn{
			{"序号", "n", 8, true}, {"档号", "code", 33, true}, {"文号", "number", 28, true}, {"责任者", "author", 22, false}, {"题名", "title", 37, false},
			{"日期", "date", 12, true}, {"密级", "level", 8, true}, {"页数", "pages", 8, true}, {"备注", "note", 10, false},
		}, Note: "全宗号：{fonds}　年度：{year}　保管期限：{term}　机构（问题）：{office}"},
		{ID: "beikao", Version: 1, Name: "备考表", Title: "备考表", Rows: []SheetRow{
			cells(label(2, "全宗号"), field(4, "fonds"), label(2, "年度"), field(4, "year")),
			cells(label(2, "盒号"), field(4, "box"), label(2, "件数"), field(4, "count")),
			wide(120, "盒内文件情况说明", "text"),
			cells(label(2, "整理人"), field(4, "maker"), label(2, "整理日期"), field(4, "made")),
			cells(label(2, "检查人"), field(4, "checker"), label(2, "检查日期"), field(4, "checked")),
		}},
	}
}

// SheetByID is a form that ships.
func SheetByID(id string) (SheetTemplate, bool) {
	for _, t := range Sheets() {
		if t.ID == id {
			return t, true
		}
	}
	return SheetTemplate{}, false
}

// AreaTitle names an area of opinions.
type AreaTitle struct{ ID, Title string }

// WithAreas adds a row for each area of a flow, in its order.
func (t SheetTemplate) WithAreas(areas []AreaTitle) SheetTemplate {
	rows := append([]SheetRow(nil), t.Rows...)
	for _, a := range areas {
		if len(rows) == maxSheetRows {
			break
		}
		rows = append(rows, area(20, a.Title, a.ID))
	}
	t.Rows = rows
	return t
}
