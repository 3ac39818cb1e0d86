package rules_test

import (
	"strings"
	"testing"

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
		{"an annex begins anew", nil, blocks(rules.Block{Type: "heading", Level: 1, Text: "一、甲"}, rules.Block{Type: "annex", Text: "办法"}, rules.Block{Type: "heading", Level: 1, Text: "一、乙"}), "", ""},
		{"past ten", nil, heads("一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、", "十一、", "十二、"), "", ""},
		{"a half-width comma", nil, body("各区,各县:按要求(详见附件)办理。"), "G4 note b1", "各区，各县：按要求（详见附件）办理。"},
		{"marks of numbers and letters", nil, body("增长1,234.5，比例为3:1，见GB/T 9704(2012)。"), "", ""},
		{"a zero in front", nil, body("于2026年06月05日前完成。"), "G5 warn b1", "于2026年6月5日前完成。"},
		{"half a year", nil, body("26年6月5日前完成。"), "G5 warn b1", "2026年6月5日前完成。"},
		{"no such day", nil, body("2026年2月30日前完成。"), "G5 warn b1", ""},
		{"a leap day", nil, body("2028年2月29日前完成。"), "", ""},
		{"the paper's date in words", nil, blocks(rules.Block{Type: "date", Text: "二〇二六年六月五日"}), "G5 warn b1", ""},
		{"square brackets", nil, body("按照清政发[2026]9号文件要求办理。"), "G6 warn b1", "按照清政发〔2026〕9号文件要求办理。"},
		{"第 and a zero", nil, body("清政发〔2026〕第09号。"), "G6 warn b1", "清政发〔2026〕9号。"},
		{"a number in order", nil, body("按照清政发〔2026〕9号、国办发〔2025〕100号办理，上收〔2026〕0123号存。"), "", ""},
		{"another's signature", nil, blocks(rules.Block{Type: "signature", Text: "清岚市财政局"}), "G7 block b1", "清岚市人民政府"},
		{"the issuer's signature", nil, blocks(rules.Block{Type: "signature", Text: "清岚市人民政府"}), "", ""},
		{"by its short name", set("issuer", "清岚市人民政府办公室"), blocks(rules.Block{Type: "signature", Text: "市政府办公室"}), "", ""},
		{"a joint paper", set("issuer", "清岚市人民政府、市水务局"), blocks(rules.Block{Type: "signature", Text: "清岚市人民政府\n市水务局"}), "", ""},
		{"a 通告 to somebody", all(set("genre", "通告"), set("title", "关于限行的通告")), nil, "G8 warn to", "[]"},
		{"a 通告 to nobody", all(set("genre", "通告"), set("title", "关于限行的通告"), set("to", nil)), nil, "", ""},
		{"urgent by its title", set("title", "关于做好供热保障工作的紧急通知"), nil, "G9 note urgency", `"加急"`},
		{"urgent and marked", all(set("title", "关于做好供热保障工作的紧急通知"), set("urgency", "特急")), nil, "", ""},
		{"a 请示 that asks nothing", up("请示"), body(strings.Repeat("供热补贴资金缺口较大。", 8)), "G10 note", ""},
		{"a 请示 that asks", up("请示"), body(strings.Repeat("供热补贴资金缺口较大。", 8) + "妥否，请批示。"), "", ""},
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
