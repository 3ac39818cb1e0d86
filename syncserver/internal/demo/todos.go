package demo

import (
	"fmt"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/todo"
)

// own is one to-do of the script. Days count working days from now; a to-do
// that is done was ticked off on the day after it was due.
type own struct {
	who      office.UserID
	title    string
	note     string
	due      int // working days from now; 99 = none
	priority int
	list     string
	done     bool
	steps    []string // "+" before those that are done
}

const noDue = 99

var todos = []own{
	{lin, "出差前看完供热补贴和物资储备两件请示", "补贴资金口径问财政局钱慕白", 1, todo.Urgent, "出差", false, []string{"+看供热成本审核报告", "看防汛物资缺口明细", "给望舒市长电话汇报"}},
	{lin, "重点项目调度会讲话提纲", "只讲三件事：进度、堵点、责任人", 3, todo.Important, "会议", false, []string{"+列出滞后项目", "写提纲", "发牧野秘书长看"}},
	{lin, "回访青石水库除险加固现场", "带水务局、应急局，看物资仓库", 6, todo.Normal, "调研", false, nil},
	{lin, "约市供热公司负责人谈燃料库存", "", 4, todo.Important, "供热", false, nil},
	{lin, "读年度财政预算编制说明", "", 8, todo.Normal, "", false, nil},
	{lin, "给省发改部门回电话：前期项目清单", "已回，清单由汪远舟报送", -2, todo.Normal, "", true, nil},

	{he, "林知远同志出差日程和材料包", "三天，火车往返，材料装入出差包", 0, todo.Urgent, "出差", false, []string{"+车次和接站", "+待签文件清单", "调研点位资料", "通讯录更新"}},
	{he, "更新省直部门联系人名片", "住建、发改两家人员有变动", 2, todo.Normal, "联络", false, nil},
	{he, "充电设施台账每两天催一次", "收齐后先看东屏区数据", 1, todo.Important, "督办", false, nil},
	{he, "整理林知远同志本月批示台账", "", 5, todo.Normal, "", false, nil},
	{he, "协调重点项目调度会会场", "", -1, todo.Normal, "会议", true, nil},

	{su, "17路改线听证方案把关", "公告内容、代表产生办法、旁听席", 1, todo.Urgent, "公交", false, []string{"+看听证公告", "+核代表名单", "审听证主持词"}},
	{su, "积水点管线迁改协调会议题准备", "", 2, todo.Important, "城建", false, nil},
	{su, "许南乔同志现场踏勘路线", "北引桥、渡口路、老城厢东街", 3, todo.Normal, "调研", false, nil},
	{su, "医疗废物转运线路看地图", "", 1, todo.Normal, "", false, nil},

	{ding, "核对两件岚建函118号是否重复", "电子件已登记，纸质件今天请褚言确认", 0, todo.Urgent, "收文", false, nil},
	{ding, "清点本周收文处理单", "签收、登记、初审三栏必须有时间", 2, todo.Normal, "收文", false, nil},
	{ding, "退文登记：市市场监管局菜市场报告", "电话通知冯量取回，改报请示", 1, todo.Important, "收文", false, nil},
	{ding, "登记编号：图书馆通告复核后立即办", "文化旅游局在等", 1, todo.Important, "发文", false, nil},
	{ding, "补订空白处理单和稿纸", "", 7, todo.Normal, "杂项", false, nil},
	{ding, "统计上月收发文数量", "收文217、发文38、退文9", -3, todo.Normal, "统计", true, nil},
	{ding, "领取新版收文章", "", -6, todo.Normal, "杂项", true, nil},

	{chu, "复核图书馆通告施行日期", "与市文旅局再核一次公告栏张贴时间", 0, todo.Urgent, "核稿", false, nil},
	{chu, "整理本月退文原因清单", "按夹带请示、程序未到位、可由部门行文分类", 4, todo.Normal, "核稿", false, []string{"+夹带请示2件", "+部门行文1件", "写分析"}},
	{chu, "核稿常见错例汇编第3期", "", 10, todo.Normal, "培训", false, nil},
	{chu, "冲锋舟数量向应急局要书面确认", "物资调用办法已送签发，数据有变要立即改", 0, todo.Urgent, "核稿", false, nil},

	{shao, "古树名木普查报告拟办", "", 0, todo.Normal, "拟办", false, nil},
	{shao, "一科周例会：时限和退文", "", 2, todo.Normal, "会议", false, nil},
	{shao, "征求意见函答复提前量检查", "省数据局的件明天到期", 1, todo.Urgent, "拟办", false, nil},
	{shao, "年度公文质量通报初稿", "", 12, todo.Normal, "", false, []string{"收集数据", "分单位排问题", "征求意见"}},

	{zhou, "黄色督办约谈松渚区提纲", "对事不对人，问题、时限、责任人", 2, todo.Important, "督办", false, nil},
	{zhou, "下周市长办公会议题审定", "4个议题，菜市场改造看协调情况再定", 3, todo.Important, "会议", false, nil},
	{zhou, "与信息中心谈离线办公试点", "", 6, todo.Normal, "", false, nil},

	{xu, "看17路改线听证报告", "", 5, todo.Important, "公交", false, nil},
	{xu, "踏勘三处积水点", "", 3, todo.Important, "城建", false, nil},
	{gu, "暗访两家配餐企业", "不打招呼，带随机抽样箱", 4, todo.Important, "教育", false, nil},

	{shijt, "草拟两件红色督办函", "公交线路听证、菜市场改造", 0, todo.Urgent, "督办函", false, nil},
	{shijt, "月度评价考核初评", "12家单位，先对照问题处理报告单", 5, todo.Important, "考核", false, []string{"+导出台账", "扣分核对", "送分管领导"}},
	{ruan, "充电桩120个点位：核第二批30处", "蓝色提醒，实地看10处", 4, todo.Normal, "督办", false, nil},
	{ruan, "校园午餐回头看：抽查8所", "两家配餐企业必查", 6, todo.Important, "督办", false, nil},
	{ruan, "图书馆延时开放：核实后销号", "", -2, todo.Normal, "督办", true, nil},
	{wei, "积水点18处：每周照片比对", "黄色，落后序时进度", 1, todo.Urgent, "督办", false, nil},
	{wei, "公交线路听证：红色，催东屏区", "", 0, todo.Urgent, "督办", false, nil},
	{wei, "数据接口整改：核报告单延期批件", "", 3, todo.Normal, "督办", false, nil},

	{liu, "下周市长办公会：会场、议题材料、列席单位", "材料会后收回", 2, todo.Important, "会务", false, []string{"+订第二会议室", "印议题材料", "发列席通知", "排座次"}},
	{liu, "防汛视频会调试", "五个分会场", 3, todo.Important, "会务", false, nil},
	{duan, "更新领导桌签", "", 5, todo.Normal, "会务", false, nil},
	{cheng, "大风预警：每两小时汇总一次", "", 0, todo.Urgent, "值班", false, nil},
	{cheng, "下月值班表报审", "节假日双岗", 8, todo.Normal, "值班", false, nil},
	{yusq, "交接班未办结事项3件", "江面施工船避风、路树清理、停电小区", 0, todo.Important, "值班", false, nil},
	{jiang, "政务信息第11期选题", "", 2, todo.Normal, "信息", false, nil},
	{liqing, "编发《清岚政务信息》：充电桩做法", "约住建局补数据", 1, todo.Important, "信息", false, nil},
	{luah, "信访件到期提醒：路灯、停车各1件", "第14天，明天前出具受理告知", 1, todo.Urgent, "信访", false, nil},
	{lutf, "建议提案分办异议汇总", "5个工作日内", 3, todo.Normal, "提案", false, nil},
	{kang, "通信设备采购需求核对", "", 3, todo.Normal, "采购", false, nil},
	{niu, "两辆车送检", "错开周一用车高峰", 4, todo.Normal, "车辆", false, nil},
	{cui, "上年度文书档案移交清点", "缺处理单的件先退回补齐", 9, todo.Normal, "归档", false, nil},
	{huo, "充电桩点位月报", "", 4, todo.Normal, "", false, nil},
	{ling, "公交批复按审签意见改稿", "", 2, todo.Normal, "", false, nil},
	{yu, "计量检查通知退稿转市场监管局", "", 1, todo.Important, "", false, nil},
	{zhujian, "充电设施台账汇总", "等东屏、松渚两区数据", 3, todo.Important, "台账", false, nil},
	{dongping, "17路改线听证会筹备", "", 2, todo.Urgent, "公交", false, nil},
}

// todos are everybody's own to-dos.
func (s *script) todos() {
	for i, t := range todos {
		label := fmt.Sprintf("todo:%s:%d", t.who, i)
		x := &todo.Create{
			ID: ID("todo", fmt.Sprintf("%s:%s", t.who, t.title)), Title: t.title, Note: t.note, Priority: t.priority, List: t.list,
		}
		if t.due != noDue {
			x.Due = s.ms(t.due, 18, 0)
		}
		for j, step := range t.steps {
			text, done := step, false
			if step[0] == '+' {
				text, done = step[1:], true
			}
			x.Steps = append(x.Steps, todo.Step{ID: fmt.Sprintf("s%d", j+1), Text: text, Done: done})
		}
		made := -5
		if t.due < 0 {
			made = t.due - 4
		}
		s.do(s.day(made, 8, 30+i%25), t.who, label, x)
		if t.done {
			s.do(s.day(t.due, 16, 10+i%40), t.who, label+":done", &todo.Edit{ID: x.ID, Changes: []office.Change{
				{Field: "done", Old: []byte("false"), New: []byte("true")},
			}})
		}
	}
}
