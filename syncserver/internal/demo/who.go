package demo

import "qianshao/syncserver/office"

// The people the script names.
const (
	chen   office.UserID = "chen-wangshu"
	lin    office.UserID = "lin-zhiyuan"
	xu     office.UserID = "xu-nanqiao"
	shen   office.UserID = "shen-yanqiu"
	gu     office.UserID = "gu-qinghe"
	luo    office.UserID = "luo-jingxing"
	zhou   office.UserID = "zhou-muye"
	he     office.UserID = "he-yunzhou"
	su     office.UserID = "su-yining"
	tang   office.UserID = "tang-ruogu"
	ye     office.UserID = "ye-tinglan"
	fang   office.UserID = "fang-qiming"
	yao    office.UserID = "yao-jingshu"
	shao   office.UserID = "shao-wenyuan"
	chu    office.UserID = "chu-yan"
	ding   office.UserID = "ding-xiaohe"
	ma     office.UserID = "ma-xiaochuan"
	wen    office.UserID = "wen-suxin"
	yue    office.UserID = "yue-linchuan"
	yu     office.UserID = "yu-xiaoman"
	shi    office.UserID = "shi-qinghe"
	zhuang office.UserID = "zhuang-wanqing"
	huo    office.UserID = "huo-diping"
	ling   office.UserID = "ling-yifan"
	meng   office.UserID = "meng-zhiwei"
	bai    office.UserID = "bai-shu"
	qin    office.UserID = "qin-heming"
	xia    office.UserID = "xia-yimo"
	jian   office.UserID = "jian-yiming"
	jiang  office.UserID = "jiang-lingyi"
	liqing office.UserID = "li-qing"
	shijt  office.UserID = "shi-jingting"
	ruan   office.UserID = "ruan-qing"
	wei    office.UserID = "wei-lang"
	liu    office.UserID = "liu-mengxi"
	duan   office.UserID = "duan-xingye"
	cheng  office.UserID = "cheng-shouan"
	yusq   office.UserID = "yu-siqi"
	fu     office.UserID = "fu-xiaofeng"
	lutf   office.UserID = "lu-tingfeng"
	luah   office.UserID = "lu-anhe"
	kang   office.UserID = "kang-dingbang"
	niu    office.UserID = "niu-dali"
	cui    office.UserID = "cui-ya"

	shuiwu   office.UserID = "yin-qingyuan"  // 市水务局
	jiaotong office.UserID = "luo-yuanxing"  // 市交通运输局
	zhujian  office.UserID = "fan-dacheng"   // 市住房城乡建设局
	shuju    office.UserID = "ji-yuanchen"   // 市数据局
	yingji   office.UserID = "lei-shouzheng" // 市应急管理局
	wenlv    office.UserID = "chu-yunge"     // 市文化旅游局
	caizheng office.UserID = "qian-mubai"    // 市财政局
	dongping office.UserID = "mu-huaishan"   // 东屏区
	songzhu  office.UserID = "teng-wangchuan"
)

// directors are the 主任 of all departments and districts, who get what is sent
// to everybody.
func directors() []office.UserID {
	var out []office.UserID
	for _, o := range outer {
		out = append(out, office.UserID(idOf(o.director)))
	}
	return out
}
