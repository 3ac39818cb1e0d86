package demo

import "qianshao/syncserver/office"

// unit is a line of the organisation's list of units.
type unit struct {
	id, name, short, parent string
	head                    office.UserID
	clerk                   string
}

// Ids that other files name.
const (
	gov     = "gov"
	leaders = "leaders"
	fuban   = "fuban"
	ministr = "bumen"
	areas   = "xianqu"
)

// units are the government, its office's sections, its departments and its
// districts, in the order of the address book.
var units = []unit{
	{gov, "清岚市人民政府", "市政府", "", "chen-wangshu", "wenshu"},
	{leaders, "市政府领导", "市领导", gov, "chen-wangshu", "wenshu"},
	{fuban, "清岚市人民政府办公室", "市政府办公室", gov, "zhou-muye", "wenshu"},
	{"ban-lingdao", "办公室领导", "办领导", fuban, "zhou-muye", ""},
	{"mishu1", "秘书一科", "一科", fuban, "shao-wenyuan", ""},
	{"mishu2", "秘书二科(工业)", "二科", fuban, "yue-linchuan", ""},
	{"mishu3", "秘书三科(农业)", "三科", fuban, "shi-qinghe", ""},
	{"mishu4", "秘书四科(城建)", "四科", fuban, "huo-diping", ""},
	{"mishu5", "秘书五科(社会事业)", "五科", fuban, "meng-zhiwei", ""},
	{"zonghe", "综合科", "", fuban, "qin-heming", ""},
	{"xinxi", "信息科", "", fuban, "jiang-lingyi", ""},
	{"ducha", "督查室", "", fuban, "shi-jingting", ""},
	{"huiwu", "会务科", "", fuban, "liu-mengxi", ""},
	{"zhiban", "总值班室(应急)", "总值班室", fuban, "cheng-shouan", ""},
	{"jianyi", "建议提案科", "", fuban, "lu-tingfeng", ""},
	{"xinfang", "信访联络科", "", fuban, "lu-anhe", ""},
	{"xingzheng", "行政科", "", fuban, "kang-dingbang", ""},
	{"renshi", "人事科", "", fuban, "qi-mingyue", ""},
	{"dangan", "机要档案室", "", fuban, "song-yannong", ""},
	{"xxzx", "信息中心", "", fuban, "lu-yihe", ""},
	{ministr, "市政府工作部门", "", gov, "", ""},
	{areas, "县区和开发区", "", gov, "", ""},
}

// outer are the departments and districts: each has a 主任 of its office, a
// 收发员 and a 信息员.
var outer = []struct {
	id, name, short, parent  string
	director, clerk, informs string // names of the three
}{
	{"fagai", "市发展改革局", "市发改局", ministr, "汪远舟", "单明川", "邱澄"},
	{"caizheng", "市财政局", "", ministr, "钱慕白", "解语", "苗青"},
	{"zhujian", "市住房城乡建设局", "市住建局", ministr, "樊大成", "仇念北", "史家和"},
	{"jiaotong", "市交通运输局", "市交通局", ministr, "骆远行", "曾允", "彭小舟"},
	{"shuiwu", "市水务局", "", ministr, "尹清源", "区宁", "涂汀"},
	{"jiaoyu", "市教育局", "", ministr, "文静之", "查一诺", "章小棠"},
	{"weijian", "市卫生健康局", "市卫健局", ministr, "华若素", "龚宁", "白芷"},
	{"wenlv", "市文化旅游局", "市文旅局", ministr, "楚云歌", "倪可", "游小川"},
	{"nongye", "市农业农村局", "", ministr, "谷丰年", "麦青", "田垄"},
	{"shuju", "市数据局", "", ministr, "纪元晨", "舒然", "符明"},
	{"yingji", "市应急管理局", "", ministr, "雷守正", "安澜", "武岳"},
	{"shichang", "市市场监管局", "", ministr, "尚公允", "贝小宁", "冯量"},
	{"jiguan", "市机关事务中心", "", ministr, "万里程", "计勤", "佟小筑"},
	{"dongping", "东屏区", "", areas, "穆怀山", "卓小凡", "项北"},
	{"songzhu", "松渚区", "", areas, "滕望川", "毕晓", "车明"},
	{"nanmo", "南陌县", "", areas, "桑梓安", "商羽", "左青"},
	{"liuting", "柳汀县", "", areas, "柳扶风", "席安", "汤沐"},
	{"kaifa", "清岚经济开发区", "开发区", areas, "蔺开元", "巩实", "申一舟"},
}

// post is a line of the list of posts.
type post struct{ id, name, unit string }

var posts = []post{
	{"shizhang", "市长", leaders}, {"changwu", "常务副市长", leaders}, {"fushizhang", "副市长", leaders},
	{"mishuzhang", "秘书长", leaders}, {"fumishuzhang", "副秘书长", leaders},
	{"shenhe", "办公室审核", "ban-lingdao"},
	{"niban", "拟办", "mishu1"}, {"shoufa", "收发", "mishu1"}, {"wenshu", "文书", "mishu1"}, {"hegao", "核稿", "mishu1"}, {"fuhe", "复核", "mishu1"},
	{"wenyin", "文印", "mishu1"}, {"yinzhang", "印章管理", "mishu1"},
	{"duban", "督办专员", "ducha"}, {"huiwuyuan", "会务员", "huiwu"}, {"zhibanyuan", "值班员", "zhiban"},
	{"caibian", "采编", "xinxi"}, {"xinfangyuan", "信访员", "xinfang"}, {"tianyuan", "建议提案员", "jianyi"},
	{"cheguan", "车辆管理", "xingzheng"}, {"zichan", "资产管理", "xingzheng"}, {"danganyuan", "档案员", "dangan"},
	{"duikou", "对口科室核稿", "mishu4"},
}

// role is a line of the list of roles.
type role struct{ id, name string }

var roles = []role{
	{"drafter", "拟稿人"}, {"sectionhead", "科室负责人"}, {"sectioncheck", "对口科室核稿"}, {"check", "秘书一科核稿"},
	{"officereview", "办公室审核"}, {"incharge", "分管领导"}, {"principal", "主要领导"}, {"registrar", "收发员"},
	{"clerk", "文书"}, {"printer", "文印"}, {"sealkeeper", "印章管理员"}, {"archivist", "档案员"},
	{"supervisor", "督办专员"}, {"chiefsupervisor", "督查室主任"}, {"meetings", "会务员"}, {"duty", "值班员"},
	{"dutyleader", "带班领导"}, {"informant", "信息员"}, {"editor", "采编"}, {"petitions", "信访员"},
	{"motions", "建议提案员"}, {"cars", "车管"}, {"assets", "资产管理员"}, {"secretary", "领导秘书"},
	{"flowadmin", "流程管理员"}, {"sysadmin", "系统管理员"}, {"secadmin", "安全保密管理员"}, {"auditor", "安全审计员"},
}

// person is a line of the list of people; id and user name follow from the name
// unless they are given.
type person struct {
	name, title, unit, units, posts, roles, room string
	id                                           string
}

// people are those of the government and its office. Lists are separated by
// spaces.
var people = []person{
	{"陈望舒", "市长", leaders, gov, "shizhang", "principal", "主楼701", ""},
	{"林知远", "常务副市长", leaders, gov, "changwu", "incharge dutyleader", "主楼705", ""},
	{"许南乔", "副市长", leaders, gov, "fushizhang", "incharge dutyleader", "主楼706", ""},
	{"沈砚秋", "副市长", leaders, gov, "fushizhang", "incharge dutyleader", "主楼707", ""},
	{"顾清和", "副市长", leaders, gov, "fushizhang", "incharge dutyleader", "主楼708", ""},
	{"罗景行", "副市长", leaders, gov, "fushizhang", "incharge dutyleader", "主楼709", ""},
	{"周牧野", "秘书长、办公室主任", leaders, "ban-lingdao fuban", "mishuzhang", "officereview dutyleader", "主楼710", ""},
	{"贺云舟", "副秘书长", leaders, "ban-lingdao fuban", "fumishuzhang", "officereview secretary dutyleader", "主楼711", ""},
	{"苏以宁", "副秘书长", leaders, "ban-lingdao fuban", "fumishuzhang", "officereview secretary dutyleader", "主楼712", ""},
	{"唐若谷", "副秘书长", leaders, "ban-lingdao fuban", "fumishuzhang", "officereview secretary dutyleader", "主楼713", ""},
	{"叶听澜", "副秘书长", leaders, "ban-lingdao fuban", "fumishuzhang", "officereview secretary dutyleader", "主楼714", ""},
	{"方启明", "办公室副主任", "ban-lingdao", fuban, "shenhe", "officereview dutyleader", "主楼601", ""},
	{"姚静姝", "办公室副主任", "ban-lingdao", fuban, "shenhe", "officereview dutyleader flowadmin", "主楼602", ""},

	{"邵文渊", "科长", "mishu1", fuban, "niban", "sectionhead drafter", "主楼501", ""},
	{"褚言", "核稿", "mishu1", fuban, "hegao fuhe", "check drafter", "主楼502", ""},
	{"丁小禾", "收发员", "mishu1", fuban, "shoufa wenshu", "registrar clerk", "主楼503", ""},
	{"马晓川", "文印员", "mishu1", fuban, "wenyin", "printer", "主楼508", ""},
	{"温素心", "印章管理员", "mishu1", fuban, "yinzhang", "sealkeeper", "主楼509", ""},
	{"岳临川", "科长", "mishu2", fuban, "", "sectionhead sectioncheck drafter", "主楼511", ""},
	{"俞小满", "一级科员", "mishu2", fuban, "", "drafter", "主楼511", ""},
	{"施青禾", "科长", "mishu3", fuban, "", "sectionhead sectioncheck drafter", "主楼512", ""},
	{"庄晚晴", "一级科员", "mishu3", fuban, "", "drafter", "主楼512", ""},
	{"霍砥平", "科长", "mishu4", fuban, "duikou", "sectionhead sectioncheck drafter", "主楼513", ""},
	{"凌一帆", "一级科员", "mishu4", fuban, "", "drafter", "主楼513", ""},
	{"孟知微", "科长", "mishu5", fuban, "", "sectionhead sectioncheck drafter", "主楼514", ""},
	{"柏舒", "一级科员", "mishu5", fuban, "", "drafter", "主楼514", ""},
	{"秦鹤鸣", "科长", "zonghe", fuban, "", "sectionhead drafter", "主楼521", ""},
	{"夏以沫", "一级科员", "zonghe", fuban, "", "drafter", "主楼521", ""},
	{"简一鸣", "二级主任科员", "zonghe", fuban, "", "drafter", "主楼521", ""},
	{"江令仪", "科长", "xinxi", fuban, "", "sectionhead drafter", "主楼522", ""},
	{"黎晴", "采编", "xinxi", fuban, "caibian", "editor", "主楼522", ""},
	{"石敬亭", "督查室主任", "ducha", fuban, "", "sectionhead chiefsupervisor drafter", "主楼531", ""},
	{"阮青", "督办专员", "ducha", fuban, "duban", "supervisor", "主楼532", ""},
	{"魏朗", "督办专员", "ducha", fuban, "duban", "supervisor", "主楼532", ""},
	{"柳梦溪", "科长", "huiwu", fuban, "huiwuyuan", "sectionhead meetings drafter", "主楼541", ""},
	{"段星野", "会务员", "huiwu", fuban, "huiwuyuan", "meetings", "主楼541", ""},
	{"程守安", "主任", "zhiban", fuban, "", "sectionhead duty drafter", "主楼101", ""},
	{"于思齐", "值班员", "zhiban", fuban, "zhibanyuan", "duty", "主楼102", ""},
	{"傅晓峰", "值班员", "zhiban", fuban, "zhibanyuan", "duty", "主楼102", ""},
	{"陆听风", "科长", "jianyi", fuban, "", "sectionhead drafter", "附楼201", ""},
	{"尤佳禾", "建议提案员", "jianyi", fuban, "tianyuan", "motions", "附楼201", ""},
	{"卢安和", "科长", "xinfang", fuban, "", "sectionhead drafter", "附楼102", ""},
	{"田若水", "信访员", "xinfang", fuban, "xinfangyuan", "petitions", "附楼102", ""},
	{"康定邦", "科长", "xingzheng", fuban, "", "sectionhead drafter", "附楼301", ""},
	{"牛大力", "车队长", "xingzheng", fuban, "cheguan", "cars", "附楼101", ""},
	{"于洁", "资产管理员", "xingzheng", fuban, "zichan", "assets", "附楼302", ""},
	{"常悦", "后勤", "xingzheng", fuban, "", "", "附楼303", ""},
	{"戚明月", "科长", "renshi", fuban, "", "sectionhead drafter", "附楼401", ""},
	{"葛嘉树", "一级科员", "renshi", fuban, "", "drafter", "附楼401", ""},
	{"宋砚农", "主任", "dangan", fuban, "", "sectionhead", "附楼001", ""},
	{"崔雅", "档案员", "dangan", fuban, "danganyuan", "archivist", "附楼002", ""},
	{"鲁一鹤", "主任", "xxzx", fuban, "", "sectionhead drafter", "附楼501", ""},
	{"高原", "系统管理员", "xxzx", "", "", "sysadmin", "附楼502", "sys01"},
	{"沙鸥", "安全保密管理员", "xxzx", "", "", "secadmin", "附楼503", "sec01"},
	{"关山", "安全审计员", "xxzx", "", "", "auditor", "附楼504", "aud01"},
}
