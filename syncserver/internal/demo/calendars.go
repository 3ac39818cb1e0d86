package demo

import (
	"fmt"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// meeting is one entry of the script's calendar; day counts working days.
type meeting struct {
	who            office.UserID
	title, place   string
	day            int
	from, to       string // "09:00"
	people, editor string // ids, separated by spaces
	note           string
	remind         int // minutes; -1 none
	status         string
}

// tripEvent is the event of the demonstration trip: his secretary moves it at
// home, he adds a note on the train.
const tripEvent = "重点项目调度会"

var meetings = []meeting{
	{lin, tripEvent, "综合楼302会议室", 3, "10:00", "11:30", "he-yunzhou zhou-muye wang-yuanzhou qian-mubai fan-dacheng", "he-yunzhou", "", 30, ""},
	{lin, "供热燃料库存专题会", "主楼705", -1, "15:00", "16:00", "he-yunzhou fan-dacheng qian-mubai", "he-yunzhou", "听供热公司汇报库存和价格", 15, ""},
	{lin, "安全生产例会", "第一会议室", -3, "09:00", "10:30", "lei-shouzheng he-yunzhou", "he-yunzhou", "", 15, ""},
	{lin, "赴省城对接前期项目（火车）", "岚江站 7:42 发车", 1, "07:42", "10:55", "he-yunzhou", "he-yunzhou", "车上看两件请示", 60, ""},
	{lin, "省发改部门座谈", "省城", 1, "14:30", "17:00", "wang-yuanzhou he-yunzhou", "he-yunzhou", "带前期项目清单", 30, ""},
	{lin, "返程（火车）", "", 2, "16:20", "19:35", "he-yunzhou", "he-yunzhou", "", 60, ""},
	{lin, "青石水库除险加固现场", "南陌县青石镇", 6, "09:00", "12:00", "he-yunzhou yin-qingyuan lei-shouzheng sang-zian", "he-yunzhou", "看物资仓库和值守点", 30, ""},
	{lin, "财政预算编制听取汇报", "主楼705", 5, "15:00", "17:00", "qian-mubai he-yunzhou", "he-yunzhou", "", 15, ""},
	{lin, "接待日", "群众接待室", 8, "09:00", "11:00", "lu-anhe he-yunzhou", "he-yunzhou", "", 15, ""},
	{lin, "应急演练讲评", "应急指挥中心", -6, "14:30", "16:00", "lei-shouzheng cheng-shouan", "he-yunzhou", "", -1, ""},
	{lin, "防汛物资仓库调研", "市防汛物资中心", -8, "09:30", "11:30", "yin-qingyuan he-yunzhou", "he-yunzhou", "", -1, ""},
	{lin, "重点企业走访", "清岚经济开发区", 9, "14:00", "17:00", "he-yunzhou lin-kaiyuan", "he-yunzhou", "", 30, calendar.Tentative},

	{xu, "积水点管线迁改协调会", "第二会议室", 2, "15:00", "16:30", "su-yining fan-dacheng teng-wangchuan huo-diping", "su-yining", "请燃气、通信产权单位到会", 30, ""},
	{xu, "积水点踏勘", "松渚大桥北引桥等3处", 3, "08:30", "11:30", "su-yining teng-wangchuan fan-dacheng", "su-yining", "穿雨靴", 30, ""},
	{xu, "公交线路听证旁听", "东屏区会议中心", 3, "14:30", "17:00", "su-yining mu-huaishan luo-yuanxing", "su-yining", "", 30, ""},
	{xu, "老旧小区充电桩现场", "东屏区文澜里", -4, "09:00", "11:00", "su-yining fan-dacheng mu-huaishan", "su-yining", "", -1, ""},
	{shen, "冬季农田水利调度", "主楼707", 2, "09:00", "10:30", "tang-ruogu yin-qingyuan gu-fengnian", "tang-ruogu", "", 15, ""},
	{shen, "古树名木普查现场", "南陌县", 4, "08:30", "12:00", "tang-ruogu shi-qinghe", "tang-ruogu", "", 30, ""},
	{gu, "配餐企业暗访", "", 4, "10:00", "13:00", "meng-zhiwei ruan-qing", "ye-tinglan", "不提前通知", 30, ""},
	{gu, "图书馆延时开放首日", "市图书馆", 5, "18:30", "20:00", "chu-yunge bai-shu", "ye-tinglan", "", 30, ""},
	{luo, "数据接口规范意见会商", "主楼709", 0, "16:00", "17:30", "ji-yuanchen yue-linchuan", "", "三条意见逐条过", 15, ""},
	{luo, "工业运行分析会", "第一会议室", 5, "09:00", "10:30", "yue-linchuan wang-yuanzhou", "", "", 15, ""},
	{zhou, "市长办公会议题协调", "主楼710", 3, "08:30", "09:30", "fang-qiming qin-heming liu-mengxi", "", "菜市场改造是否上会今天定", 15, ""},
	{zhou, "约谈松渚区", "主楼710", 4, "10:00", "11:00", "teng-wangchuan shi-jingting wei-lang", "", "积水点整改", 15, ""},
	{zhou, "办公室全体会", "大会议室", 7, "15:00", "16:30", "fang-qiming yao-jingshu shao-wenyuan qin-heming jiang-lingyi shi-jingting liu-mengxi", "", "", 15, ""},
	{chen, "民生实事调度会", "第一会议室", 4, "15:00", "17:00", "lin-zhiyuan xu-nanqiao shen-yanqiu gu-qinghe luo-jingxing zhou-muye", "zhou-muye", "", 30, ""},
	{chen, "会见客商", "会见厅", 6, "10:00", "11:00", "luo-jingxing zhou-muye", "zhou-muye", "", 30, calendar.Tentative},
	{liu, "防汛视频会", "应急指挥中心", 4, "09:30", "11:00", "lin-zhiyuan shen-yanqiu yin-qingyuan lei-shouzheng cheng-shouan duan-xingye", "duan-xingye", "五个分会场提前30分钟点名", 30, ""},
	{liu, "会务彩排", "大会议室", 6, "16:00", "17:00", "duan-xingye", "", "", 15, ""},
	{liu, "局务会", "第一会议室", -2, "09:00", "10:30", "shao-wenyuan qin-heming kang-dingbang", "", "", -1, ""},
	{shijt, "督办讲评会", "第二会议室", 6, "14:30", "16:00", "ruan-qing wei-lang zhou-muye", "ruan-qing", "", 15, ""},
	{shijt, "实地核查：充电桩10处", "东屏区", 4, "09:00", "12:00", "ruan-qing", "", "拍照带时间", 30, ""},
	{wei, "积水点现场比对", "松渚区", 1, "14:00", "17:00", "", "", "", 30, ""},
	{jiang, "信息选题会", "主楼522", 2, "10:00", "11:00", "li-qing", "li-qing", "", 15, ""},
	{luah, "信访接待", "群众接待室", 2, "09:00", "11:30", "tian-ruoshui", "", "", 15, ""},
	{lutf, "提案面商：停车难", "附楼201", 5, "15:00", "16:30", "you-jiahe fan-dacheng", "", "", 15, ""},
	{kang, "设备采购评审", "附楼301", 7, "09:30", "11:00", "yu-jie cheng-shouan", "", "", 15, ""},
	{su, "听证方案审核", "主楼712", 1, "10:00", "11:00", "luo-yuanxing zhuo-xiaofan", "", "", 15, ""},
	{he, "出差材料核对", "主楼711", 0, "17:00", "17:40", "", "", "", 15, ""},
	{chu, "核稿培训", "主楼会议室501", 8, "15:00", "16:30", "ding-xiaohe ma-xiaochuan yu-xiaoman ling-yifan bai-shu", "", "常见错例汇编第3期", 15, ""},
	{cui, "档案移交清点", "附楼002", 9, "09:00", "11:30", "ding-xiaohe", "", "", 15, ""},
	{niu, "车辆送检", "", 4, "08:00", "12:00", "", "", "", 30, ""},
	{ding, "收发文月度核对", "主楼503", 5, "16:00", "17:00", "cui-ya", "", "", 15, ""},
	{meng, "图书馆延时开放准备会", "市图书馆", 3, "10:00", "11:00", "bai-shu chu-yunge", "", "", 15, ""},
	{huo, "充电桩进度调度", "主楼513", -1, "10:00", "11:00", "ling-yifan shi-jiahe", "", "", -1, ""},
}

// weekly are the meetings that come back; the day is the weekday's.
var weekly = []struct {
	who          office.UserID
	title, place string
	weekday      time.Weekday
	from, to     string
	people       string
}{
	{liu, "市长办公会", "第二会议室", time.Monday, "09:00", "11:00", "chen-wangshu lin-zhiyuan xu-nanqiao shen-yanqiu gu-qinghe luo-jingxing zhou-muye"},
	{shao, "秘书一科例会", "主楼501", time.Monday, "08:20", "08:50", "chu-yan ding-xiaohe ma-xiaochuan wen-suxin"},
	{zhou, "秘书长碰头会", "主楼710", time.Friday, "16:30", "17:30", "he-yunzhou su-yining tang-ruogu ye-tinglan fang-qiming yao-jingshu"},
	{shijt, "督办周调度", "主楼531", time.Thursday, "15:00", "16:00", "ruan-qing wei-lang"},
	{lin, "学习与阅件", "主楼705", time.Wednesday, "19:30", "21:00", ""},
}

// calendars are a month of entries around now, with the duty roster day by day.
func (s *script) calendars() {
	made := s.day(-15, 9, 0)
	for i, m := range meetings {
		start, end := s.at(m.day, m.from), s.at(m.day, m.to)
		x := &calendar.Create{
			ID: ID("event", string(m.who)+":"+m.title), Title: m.title, Place: m.place, Start: office.Millis(start), End: office.Millis(end),
			Note: m.note, Status: m.status, Editors: fields(m.editor), Attendees: fields(m.people),
		}
		if m.remind >= 0 {
			x.Reminder = &meetings[i].remind
		}
		s.do(made.Add(time.Duration(i)*time.Minute), m.who, fmt.Sprintf("event:%s:%d", m.who, i), x)
	}
	for i, w := range weekly {
		first := s.date(-28, 0, 0)
		for first.Weekday() != w.weekday {
			first = first.AddDate(0, 0, 1)
		}
		start, end := clockOn(first, w.from), clockOn(first, w.to)
		x := &calendar.Create{
			ID: ID("event", string(w.who)+":"+w.title), Title: w.title, Place: w.place, Start: office.Millis(start), End: office.Millis(end),
			Attendees: fields(w.people), RRule: "FREQ=WEEKLY;BYDAY=" + []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[w.weekday],
		}
		if w.who == liu { // next week in another room, and one left out
			next := first.AddDate(0, 0, 35).Format(time.DateOnly)
			x.Overrides = map[string]calendar.Override{next: {Place: "第一会议室", Note: "第二会议室检修"}}
			x.Exdates = []string{first.AddDate(0, 0, 14).Format(time.DateOnly)}
		}
		s.do(s.day(-60, 10, i), w.who, "weekly:"+w.title, x)
	}
	s.roster()
	// A secretary keeps the leader's calendar too.
	s.later(s.day(-14, 10, 0), he, "event:note", func(st *stage) (office.Command, error) {
		id := ID("event", string(lin)+":重点企业走访")
		changes, err := st.changes(calendar.Events.Name, id, map[string]any{"note": "企业名单待经信口确认"})
		return &calendar.Edit{ID: id, Changes: changes}, err
	})
}

// roster is the duty of 总值班室, ten days back and twenty on: two officers by
// turns, a leader of the office above them (V1, no gaps).
func (s *script) roster() {
	officers := who(yusq, fu)
	chiefs := []struct {
		uid  office.UserID
		name string
	}{{fang, "方启明"}, {yao, "姚静姝"}, {he, "贺云舟"}, {su, "苏以宁"}, {tang, "唐若谷"}, {ye, "叶听澜"}}
	for i := range 30 {
		day := i - 10
		start := s.date(day, 0, 0)
		chief := chiefs[i%len(chiefs)]
		officer := officers[i%len(officers)]
		s.do(s.day(-13, 14, i), cheng, fmt.Sprintf("duty:%d", i), &calendar.Create{
			ID: ID("event", fmt.Sprintf("duty:%d", i)), Title: "值班 · 带班领导" + chief.name, Place: "总值班室",
			Start: office.Millis(start), End: office.Millis(start.AddDate(0, 0, 1)), AllDay: true,
			Attendees: []string{string(officer), string(chief.uid)}, Note: "值班电话 0000-6100，交接班 8:30",
		})
	}
}

// at is a clock time of the n-th working day.
func (s *script) at(n int, hhmm string) time.Time { return clockOn(s.day(n, 0, 0), hhmm) }

// clockOn is a clock time of a day; the script's own times are well formed.
func clockOn(day time.Time, hhmm string) time.Time {
	var h, m int
	fmt.Sscanf(hhmm, "%d:%d", &h, &m)
	return time.Date(day.Year(), day.Month(), day.Day(), h, m, 0, 0, calendar.Zone)
}
