package rules_test

import (
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/rules"
)

func blocks(bs ...rules.Block) []rules.Block {
	for i := range bs {
		bs[i].ID = "b" + string(rune('1'+i))
	}
	return bs
}

// TestFormat: each rule of the format check, once broken and once kept, and
// what its mend makes of the text.
func TestFormat(t *testing.T) {
	heads := func(texts ...string) []rules.Block {
		var out []rules.Block
		for _, x := range texts {
			level := 1
			switch {
			case strings.HasPrefix(x, "（一") || strings.HasPrefix(x, "（二") || strings.HasPrefix(x, "（三"):
				level = 2
			case x[0] >= '0' && x[0] <= '9':
				level = 3
			}
			out = append(out, rules.Block{Type: "heading", Level: level, Text: x})
		}
		return blocks(out...)
	}
	signed := func(name string) []rules.Block {
		return blocks(rules.Block{Type: "signature", Text: name}, rules.Block{Type: "date", Text: "2026年6月5日"})
	}
	body := func(s string) []rules.Block { return blocks(rules.Block{Type: "text", Text: s}) }
	for _, x := range []struct {
		name   string
		change func(map[string]any)
		blocks []rules.Block
		want   string
		mended string // the first mend's words or value
	}{
		{"no genre in the title", set("title", "关于做好供热保障工作"), nil, "G1 note title", `"关于做好供热保障工作的通知"`},
		{"another genre", set("title", "关于做好供热保障工作的函"), nil, "G1 note title", `"关于做好供热保障工作的函的通知"`},
		{"a note behind the genre", set("title", "关于做好供热保障工作的通知（试行）"), nil, "", ""},
		{"a stop behind the title", set("title", "关于做好供热保障工作的通知。"), nil, "G2 warn title; G1 note title", ""},
		{"a stop in the title", set("title", "关于甲；乙的通知"), nil, "G2 warn title", ""},
		{"《》 in the title", set("title", "关于印发《甲、乙“丙”方案》的通知"), nil, "", ""},
		{"a mark behind an annex", nil, blocks(rules.Block{Type: "attachment", Text: "1.点位分配表；"}), "G2 warn b1", "1.点位分配表"},
		{"an annex in order", nil, blocks(rules.Block{Type: "attachment", Text: "1.安装导则（试行）"}), "", ""},
		{"numbers in order", nil, heads("一、甲", "（一）乙", "（二）丙", "1.丁", "二、戊", "（一）己", "三、庚"), "", ""},
		{"a number skipped", nil, heads("一、甲", "三、乙"), "G3 warn b2", "二、乙"},
		{"a number twice", nil, heads("一、甲", "一、乙"), "G3 warn b2", "二、乙"},
		{"begins again under the next", nil, heads("一、甲", "（一）乙", "二、丙", "（二）丁"), "G3 warn b4", "（一）丁"},
		{"another level's form", nil, blocks(rules.Block{Type: "heading", Level: 2, Text: "一、甲"}), "G3 warn b1", ""},
		{"an annex begins anew", nil, blocks(rules.Block{Type: "heading", Level: 1, Text: "一、甲"}, rules.Block{Type: "attachment", Text: "办法"}, rules.Block{Type: "annex", Text: "办法"}, rules.Block{Type: "heading", Level: 1, Text: "一、乙"}), "", ""},
		{"past ten", nil, heads("一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、", "十一、", "十二、"), "", ""},
		{"a half-width comma", nil, body("各区,各县:按要求(详见附件)办理。"), "G4 note b1", "各区，各县：按要求（详见附件）办理。"},
		{"marks of numbers and letters", nil, body("增长1,234.5，比例为3:1，见GB/T 9704(2012)。"), "", ""},
		{"a zero in front", nil, body("于2026年06月05日前完成。"), "G5 warn b1", "于2026年6月5日前完成。"},
		{"half a year", nil, body("26年6月5日前完成。"), "G5 warn b1", "2026年6月5日前完成。"},
		{"no such day", nil, body("2026年2月30日前完成。"), "G5 warn b1", ""},
		{"a leap day", nil, body("2028年2月29日前完成。"), "", ""},
		{"the paper's date in words", nil, blocks(rules.Block{Type: "signature", Text: "清岚市人民政府"}, rules.Block{Type: "date", Text: "二〇二六年六月五日"}), "G5 warn b2", ""},
		{"square brackets", nil, body("按照《供热方案》（清政发[2026]9号）办理。"), "G6 warn b1", "按照《供热方案》（清政发〔2026〕9号）办理。"},
		{"第 and a zero", nil, body("清政发〔2026〕第09号。"), "G6 warn b1", "清政发〔2026〕9号。"},
		{"a number in order", nil, body("按照《甲》（清政发〔2026〕9号）和《乙》（国办发〔2025〕100号）办理，以国办发〔2025〕100号为准，上收〔2026〕0123号存。"), "", ""},
		{"another's signature", nil, signed("清岚市财政局"), "G7 block b1", "清岚市人民政府"},
		{"the issuer's signature", nil, signed("清岚市人民政府"), "", ""},
		{"by its short name", set("issuer", "清岚市人民政府办公室"), signed("市政府办公室"), "", ""},
		{"a joint paper", set("issuer", "清岚市人民政府、市水务局"), signed("清岚市人民政府\n市水务局"), "", ""},
		{"a 通告 to somebody", all(set("genre", "通告"), set("title", "关于限行的通告")), nil, "G8 warn to", "[]"},
		{"a 通告 to nobody", all(set("genre", "通告"), set("title", "关于限行的通告"), set("to", nil)), nil, "", ""},
		{"urgent by its title", set("title", "关于做好供热保障工作的紧急通知"), nil, "G9 note urgency", `"加急"`},
		{"urgent and marked", all(set("title", "关于做好供热保障工作的紧急通知"), set("urgency", "特急")), nil, "", ""},
		{"a 请示 that asks nothing", up("请示"), body(strings.Repeat("供热补贴资金缺口较大。", 8)), "G10 note", ""},
		{"a 请示 that asks", up("请示"), body(strings.Repeat("供热补贴资金缺口较大。", 8) + "妥否，请批示。"), "", ""},
		{"nobody issues it", set("issuer", ""), nil, "G11 block issuer", ""},
		{"a 通知 to nobody", set("to", nil), nil, "G11 note to", ""},
		{"published or not", set("publicity", ""), nil, "G11 note publicity", `"主动公开"`},
		{"not published, and why", set("publicity", "不予公开"), nil, "G11 note publicity_reason", ""},
		{"not published, with a reason", all(set("publicity", "不予公开"), set("publicity_reason", "过程性信息")), nil, "", ""},
		{"minutes of nobody", all(set("genre", "纪要"), set("to", nil)), nil, "G11 note present", ""},
		{"minutes of somebody", all(set("genre", "纪要"), set("to", nil), set("present", []string{"陈望舒"})), nil, "", ""},
		{"a stamp without an office", set("seal", "sign"), nil, "G11 note sign_title", ""},
		{"a stamp with one", all(set("seal", "sign"), set("sign_title", "市长")), nil, "", ""},
		{"a joint paper with one stamp", all(set("seal", "sign"), set("sign_title", "清岚市水务局局长"), set("issuer", "清岚市水务局、清岚市财政局")), nil, "G11 note also_signed", ""},
		{"with one each", all(set("seal", "sign"), set("sign_title", "清岚市水务局局长"), set("issuer", "清岚市水务局、清岚市财政局"), set("also_signed", []string{"清岚市财政局局长 陆时雨"})), nil, "", ""},
		{"signed, not dated", nil, blocks(rules.Block{Type: "signature", Text: "清岚市人民政府"}), "G12 warn b1", ""},
		{"dated, not signed", nil, blocks(rules.Block{Type: "text", Text: "正文。"}, rules.Block{Type: "date", Text: "2026年6月5日"}), "G12 warn b2", ""},
		{"text behind the signature", nil, append(signed("清岚市人民政府"), rules.Block{ID: "b3", Type: "text", Text: "再补充一点。"}), "G12 warn b3", ""},
		{"the date before the signature", nil, blocks(rules.Block{Type: "date", Text: "2026年6月5日"}, rules.Block{Type: "signature", Text: "清岚市人民政府"}), "G12 warn b1", ""},
		{"text behind the list of annexes", nil, blocks(rules.Block{Type: "attachment", Text: "1.分配表"}, rules.Block{Type: "text", Text: "特此通知。"}), "G12 warn b2", ""},
		{"annexes are signed as they like", nil, append(signed("清岚市人民政府"), rules.Block{ID: "b3", Type: "annex", Text: "办法"}, rules.Block{ID: "b4", Type: "text", Text: "第一条"}), "G14 warn b3", ""},
		{"a former unit", nil, body("面积300平米，宽5公分。"), "G13 warn b1", "面积300平方米，宽5公分。"},
		{"a unit to convert", nil, body("共收购20市斤。"), "G13 warn b1", ""},
		{"legal units", nil, body("长2千米、重3公斤、300平方米，功率5千瓦，增加3百分点。"), "", ""},
		{"digits and 千", nil, body("共有3千人参加。"), "G13 note b1", "共有3000人参加。"},
		{"a percentage in words", nil, body("完成百分之85。"), "G13 note b1", "完成85%。"},
		{"a range of percentages", nil, body("增长5-10%。"), "G13 note b1", "增长5%～10%。"},
		{"years with a hyphen", nil, body("2024-2026年三年行动。"), "G13 note b1", "2024—2026年三年行动。"},
		{"about twice", nil, body("需要约30天左右。"), "G13 note b1", "需要约30天。"},
		{"full-width digits", nil, body("共１２０个。"), "G13 note b1", "共120个。"},
		{"annexes as they are listed", nil, blocks(rules.Block{Type: "attachment", Text: "1.《点位分配表》"}, rules.Block{Type: "attachment", Text: "2.安装导则"}, rules.Block{Type: "annex", Text: "点位分配表"}, rules.Block{Type: "annex", Text: "安装导则"}), "", ""},
		{"another name in the list", nil, blocks(rules.Block{Type: "attachment", Text: "1.点位表"}, rules.Block{Type: "annex", Text: "点位分配表"}), "G14 warn b1", "1.点位分配表"},
		{"more in the list", nil, blocks(rules.Block{Type: "attachment", Text: "1.甲"}, rules.Block{Type: "attachment", Text: "2.乙"}, rules.Block{Type: "annex", Text: "甲"}), "G14 warn b1", ""},
		{"an annex without title", nil, blocks(rules.Block{Type: "attachment", Text: "甲"}, rules.Block{Type: "annex", Text: ""}), "G14 warn b2", ""},
		{"an annex that is not there", nil, blocks(rules.Block{Type: "text", Text: "（详见附件3）"}, rules.Block{Type: "attachment", Text: "甲"}), "G14 note b1", ""},
		{"a 通知 upwards", set("to", []string{"省人民政府"}), nil, "G15 warn genre", `"报告"`},
		{"a 报告 downwards", up("报告", set("to", []string{"东屏区人民政府"})), nil, "G15 warn genre", `"通知"`},
		{"a 函 to the government above", all(set("genre", "函"), set("title", "关于供热的函"), set("issuer", "市水务局"), set("to", []string{"清岚市人民政府"})), nil, "G15 note genre", `"请示"`},
		{"a 函 beside", all(set("genre", "函"), set("title", "关于供热的函"), set("to", []string{"清岚供电公司"})), nil, "", ""},
		{"nobody to ask", up("请示", set("note", "")), nil, "G16 note note", `"联系人：　　，电话："`},
		{"somebody to ask", up("请示", set("note", "联系人：李，电话：0000-12345")), nil, "", ""},
		{"a number without its title", nil, body("按照清政发〔2026〕9号文件要求办理。"), "G17 note b1", ""},
		{"marks between titles", nil, body("执行《甲》、《乙》和“丙”、“丁”。"), "G18 note b1", "执行《甲》《乙》和“丙”“丁”。"},
		{"关于 twice", set("title", "关于关于供热的通知"), nil, "G19 note title", `"关于供热的通知"`},
		{"的通知 twice", set("title", "关于转发供热工作的通知的通知"), nil, "G19 note title", `"关于转发供热工作的通知"`},
		{"a title in 《》", set("title", "关于转发《供热工作的通知》的通知"), nil, "", ""},
		{"not a 发文", all(set("direction", "in"), set("title", "没有文种。")), body("各区,各县。"), "", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := newBench(t)
			b.put(x.change, x.blocks...)
			got, found := b.judge("li", act(rules.Drafting))
			var own []string // findings of the format check
			for _, f := range strings.Split(got, "; ") {
				if strings.HasPrefix(f, "G") {
					own = append(own, f)
				}
			}
			if got := strings.Join(own, "; "); got != x.want {
				t.Fatalf("%q, want %q", got, x.want)
			}
			if x.mended == "" {
				return
			}
			if len(found) == 0 || len(found[0].Mends) == 0 {
				t.Fatal("no mend")
			}
			m := found[0].Mends[0]
			if words := m.Words; len(m.Sets) == 0 && words != x.mended || len(m.Sets) > 0 && string(m.Sets[0].Value) != x.mended {
				t.Errorf("mend %q %v", m.Words, m.Sets)
			}
		})
	}
}

// TestFormatAtActs: what blocks stops 签发; what warns asks the clerks for a
// reason and no leader; notes stop nobody.
func TestFormatAtActs(t *testing.T) {
	b := newBench(t)
	b.put(nil, blocks(rules.Block{Type: "signature", Text: "清岚市财政局"})...)
	b.at(nil, "sign")
	if got := b.enforce("chen", act(rules.Approving)); got != "rule G7" {
		t.Errorf("签发: %q", got)
	}
	b.put(set("title", "关于甲；乙的通知"))
	if got := b.enforce("chen", act(rules.Approving)); got != "" {
		t.Errorf("a leader is asked for the clerks' reason: %q", got)
	}
	b.at([]string{"hegao"}, "")
	b.put(set("title", "关于甲；乙的通知"), text("各区,各县。")...)
	if got := b.enforce("chu", act(rules.Approving)); !strings.HasPrefix(got, "rule_reason ") {
		t.Errorf("核稿: %q", got)
	}
	b.at([]string{"x"}, "")
	if got := b.enforce("li", act(rules.Approving)); got != "" {
		t.Errorf("another step: %q", got)
	}
}

// TestElementsAtActs: without an issuer or a text nothing is signed; what the
// clerks should have filled in asks them, not the leader, for a reason.
func TestElementsAtActs(t *testing.T) {
	b := newBench(t)
	b.put(set("issuer", ""))
	if got := b.enforce("li", act(rules.Starting)); got != "" {
		t.Errorf("start: %q", got)
	}
	b.at(nil, "sign")
	if got := b.enforce("chen", act(rules.Approving)); got != "rule G11" {
		t.Errorf("no issuer: %q", got)
	}
	b.put(nil, rules.Block{ID: "b1", Type: "text", Text: " "})
	if got := b.enforce("chen", act(rules.Approving)); got != "rule G11" {
		t.Errorf("no text: %q", got)
	}
	b.put(set("to", nil))
	if got := b.enforce("chen", act(rules.Approving)); got != "" {
		t.Errorf("the leader is asked: %q", got)
	}
	b.at(nil, "review")
	if got := b.enforce("chu", act(rules.Approving)); got != "rule_reason G11" {
		t.Errorf("复核: %q", got)
	}
}

// TestPageFaults: what the layout could not do is a finding (L16): grave where no
// 正文 stands on the first page or beside the seal.
func TestPageFaults(t *testing.T) {
	b := newBench(t)
	b.put(nil)
	pages := func(m rules.Moment, faults ...rules.Fault) string {
		var out []string
		b.update(func(tx office.Tx) error {
			f := b.facts(tx, "li", act(m)).WithPages(func(p *rules.Paper, bs []rules.Block, signer string) []rules.Fault {
				if p.Title == "" || len(bs) != 1 || signer != "陈望舒" {
					t.Errorf("%+v %v %q", p, bs, signer)
				}
				return faults
			})
			found, err := rules.Judge(f)
			for _, x := range found {
				out = append(out, strings.TrimSpace(x.Rule+" "+string(x.Grade)+" "+x.Place.Element))
			}
			return err
		})
		return strings.Join(out, "; ")
	}
	if got := pages(rules.Drafting); got != "" {
		t.Errorf("%q", got)
	}
	if got := pages(rules.Drafting, rules.Fault{Rule: "layout.seal_page"}, rules.Fault{Rule: "layout.title"}); got != "L16 warn; L16 note title" {
		t.Errorf("%q", got)
	}
	if got := pages(rules.Returning, rules.Fault{Rule: "layout.seal_page"}); got != "" {
		t.Errorf("a return is asked: %q", got)
	}
}
