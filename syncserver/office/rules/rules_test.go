package rules_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/rules"
)

func set(field string, v any) func(map[string]any) {
	return func(p map[string]any) { p[field] = v }
}

func all(fs ...func(map[string]any)) func(map[string]any) {
	return func(p map[string]any) {
		for _, f := range fs {
			f(p)
		}
	}
}

func text(words string) []rules.Block { return []rules.Block{{ID: "b1", Type: "text", Text: words}} }

// up is an upward paper that breaks no rule.
func up(genre string, more ...func(map[string]any)) func(map[string]any) {
	return all(append([]func(map[string]any){set("genre", genre), set("title", "关于供热补贴的"+genre), set("to", []string{"省人民政府"}), set("note", "联系人：李，电话：0000-12345")}, more...)...)
}

// form is one look at the paper's form: what the rules find while drafting.
type form struct {
	name   string
	change func(map[string]any)
	text   string
	want   string
}

func lookAt(t *testing.T, b *bench, forms []form) {
	t.Helper()
	for _, x := range forms {
		words := text(x.text)
		if x.text == "" {
			words = nil
		}
		b.put(x.change, words...)
		if got, _ := b.judge("li", act(rules.Drafting)); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

// What is in order is left in peace, at every moment.
func TestNothingFound(t *testing.T) {
	b := newBench(t)
	b.put(nil)
	for _, m := range []rules.Moment{rules.Drafting, rules.Starting, rules.Approving, rules.Returning, rules.Transferring, rules.Circulating} {
		if got, _ := b.judge("li", act(m)); got != "" {
			t.Errorf("%s: %q", m, got)
		}
	}
}

// Every rule says what it is, in both languages, and is asked at some moment.
func TestList(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules.List() {
		if seen[r.ID] || r.Name.ZH == "" || r.Name.EN == "" || r.Source == "" || len(r.At) == 0 || len(r.Reads) == 0 || r.Check == nil {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
	}
	for _, id := range []string{"L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10", "L11", "L12", "L13", "L14", "L15", "L16", "L17", "L18", "L22", "L23", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12", "G13", "G14", "G15", "G16", "G17", "G18", "G19"} {
		if !seen[id] {
			t.Errorf("%s is missing", id)
		}
	}
	for _, id := range []string{"L1", "L8", "L9", "L10", "L11", "L15", "L23"} {
		if r, _ := rules.Find(id); !r.Fixed {
			t.Errorf("%s can be switched off", id)
		}
	}
}

// L1: a definition of 发文 offers no way around the head, 核稿, 签发, 复核.
func TestL1(t *testing.T) {
	b := newBench(t)
	steps := func() []rules.Step {
		return []rules.Step{
			{ID: "a", Handlers: []string{"starter"}, Next: []string{"b"}}, {ID: "b", Handlers: []string{"head"}, Next: []string{"c"}},
			{ID: "c", Handlers: []string{"post:hegao"}, Next: []string{"d"}}, {ID: "d", Gate: "sign", Next: []string{"e"}},
			{ID: "e", Gate: "review", Next: []string{"z"}}, {ID: "z", End: true},
		}
	}
	a := rules.Act{Moment: rules.Publishing, Out: true, Steps: steps()}
	if got, _ := b.judge("sys", a); got != "" {
		t.Errorf("whole: %q", got)
	}
	for i, name := range map[int]string{0: "head", 1: "核稿", 2: "签发", 3: "复核"} {
		a.Steps = steps()
		a.Steps[i].Next = append(a.Steps[i].Next, a.Steps[i+2].ID) // a line around the next step
		if got := b.enforce("sys", a); got != "rule L1" {
			t.Errorf("around %s: %q", name, got)
		}
		a.Out = false
		if got := b.enforce("sys", a); got != "" {
			t.Errorf("not 发文, around %s: %q", name, got)
		}
		a.Out = true
	}
}

// L2: 请示: one matter, one 主送, nothing copied downwards, to no leader personally.
func TestL2(t *testing.T) {
	b := newBench(t)
	lookAt(t, b, []form{
		{"in order", up("请示"), "", ""},
		{"two addressees", up("请示", set("to", []string{"省人民政府", "省财政厅"})), "", "L2 block to"},
		{"two in one line", up("请示", set("to", []string{"省人民政府、省财政厅"})), "", "L2 block to"},
		{"none yet, still drafting", up("请示", set("to", nil)), "", ""},
		{"copied to a department", up("请示", set("cc", []string{"市财政局"})), "", "L2 block cc"},
		{"copied to a district", up("请示", set("cc", []string{"南陌县人民政府"})), "", "L2 block cc"},
		{"copied upwards", up("请示", set("cc", []string{"省财政厅"})), "", ""},
		{"to a leader", up("请示", set("to", []string{"王某某省长"})), "", "L2 warn to"},
		{"two matters", up("请示", set("title", "关于供热、供水等有关事项的请示")), "", "L2 warn title"},
		{"a 通知 may go to many", set("to", []string{"市水务局", "市财政局"}), "", ""},
	})
	b.put(up("请示", set("to", nil)))
	if got := b.enforce("li", act(rules.Starting)); got != "rule L2" {
		t.Errorf("started without addressee: %q", got)
	}
	b.put(up("请示", set("to", []string{"省人民政府", "省财政厅"})))
	_, found := b.judge("li", act(rules.Drafting))
	var to []string
	if m := found[0].Mends[0]; m.Sets[0].Element != "to" || json.Unmarshal(m.Sets[0].Value, &to) != nil || !slices.Equal(to, []string{"省人民政府"}) || string(m.Sets[1].Value) != `["省财政厅"]` {
		t.Errorf("mend %+v", m)
	}
	// A clerk is asked for the reason of a warning, the leader who signs is not;
	// what blocks stops both.
	b.put(up("请示", set("title", "关于供热、供水等有关事项的请示")))
	b.at([]string{"hegao"}, "")
	if got := b.enforce("chu", act(rules.Approving)); got != "rule_reason L2" {
		t.Errorf("核稿: %q", got)
	}
	b.at(nil, "sign")
	if got := b.enforce("chen", act(rules.Approving)); got != "" {
		t.Errorf("签发: %q", got)
	}
	b.put(up("请示", set("to", []string{"省人民政府", "省财政厅"})))
	if got := b.enforce("chen", act(rules.Approving)); got != "rule L2" {
		t.Errorf("签发 of a blocked one: %q", got)
	}
	b.at([]string{"other"}, "")
	if got := b.enforce("qian", act(rules.Approving)); got != "" {
		t.Errorf("a step between is not stopped: %q", got)
	}
}

// L3: a 报告 carries no request; the place is the words, the mend deletes the sentence.
func TestL3(t *testing.T) {
	b := newBench(t)
	lookAt(t, b, []form{
		{"in order", up("报告"), "现将有关情况报告如下。特此报告。", ""},
		{"asks for approval", up("报告"), "资金缺口230万元，请予批准。特此报告。", "L3 warn b1"},
		{"妥否", up("报告"), "妥否，请批示。", "L3 warn b1"},
		{"a 请示 may", up("请示"), "妥否，请批示。", ""},
	})
	b.put(up("报告"), text("完成改造12处。资金缺口230万元，请予批准。特此报告。")...)
	_, found := b.judge("li", act(rules.Drafting))
	x := found[0]
	if x.Place.From != 18 || x.Place.To != 22 || x.Mends[0].Words != "完成改造12处。特此报告。" || string(x.Mends[1].Sets[0].Value) != `"请示"` {
		t.Errorf("%+v", x)
	}
	if got := b.enforce("li", act(rules.Starting)); got != "rule_reason L3" {
		t.Errorf("start: %q", got)
	}
}

// L4: what comes from below is passed on with an opinion of one's own.
func TestL4(t *testing.T) {
	b := newBench(t)
	lookAt(t, b, []form{
		{"without opinion", up("请示"), "现将东屏区人民政府的请示随文转报。", "L4 warn b1"},
		{"with opinion", up("请示"), "现将东屏区人民政府的请示随文转报。我市认为该事项可行，建议予以支持。", ""},
		{"nothing passed on", up("请示"), "现将情况说明如下。", ""},
		{"downwards", nil, "现将东屏区人民政府的请示随文转报。", ""},
	})
}

// L5: a 主送 above the direct superior needs a reason and a copy to who was passed over.
func TestL5(t *testing.T) {
	b := newBench(t)
	issuer := func(s string) func(map[string]any) { return set("issuer", s) }
	lookAt(t, b, []form{
		{"city to province", up("报告"), "", ""},
		{"city to State Council", up("报告", set("to", []string{"国务院"})), "", "L5 warn to"},
		{"city to a ministry", up("报告", set("to", []string{"水利部"})), "", "L5 warn to"},
		{"department to its government", up("报告", issuer("市水务局"), set("to", []string{"市人民政府"}), set("signer", "yin")), "", ""},
		{"department to the department above", up("报告", issuer("市水务局"), set("to", []string{"省水利厅"}), set("signer", "yin")), "", ""},
		{"department past its government", up("报告", issuer("市水务局"), set("to", []string{"省人民政府"}), set("signer", "yin")), "", "L5 warn to"},
		{"district past the city", up("报告", issuer("东屏区人民政府"), set("to", []string{"省人民政府"})), "", "L5 warn to"},
		{"district to the city", up("报告", issuer("东屏区人民政府"), set("to", []string{"市人民政府"})), "", ""},
		{"a name that says nothing", up("报告", set("to", []string{"清岚供电公司"})), "", ""},
	})
	b.put(up("报告", set("to", []string{"国务院"})))
	_, found := b.judge("li", act(rules.Drafting))
	if m := found[0].Mends[0]; m.Sets[0].Element != "cc" || string(m.Sets[0].Value) != `["省人民政府"]` {
		t.Errorf("%+v", m)
	}
}

// L6: an inner section does not issue; the office does.
func TestL6(t *testing.T) {
	b := newBench(t)
	lookAt(t, b, []form{
		{"a section", set("issuer", "秘书一科"), "", "L6 block issuer"},
		{"a section with its field", set("issuer", "秘书三科（农业）"), "", "L6 block issuer"},
		{"the office", set("issuer", "清岚市人民政府办公室"), "", ""},
		{"a department", set("issuer", "市财政局"), "", ""},
		{"inside the office", all(set("issuer", "秘书一科"), set("direction", "sign")), "", ""},
	})
	b.put(set("issuer", "秘书一科"))
	if _, found := b.judge("li", act(rules.Drafting)); string(found[0].Mends[0].Sets[0].Value) != `"清岚市人民政府办公室"` {
		t.Errorf("%+v", found[0].Mends)
	}
	if got := b.enforce("li", act(rules.Starting)); got != "rule L6" {
		t.Errorf("%q", got)
	}
}

// L7: nobody signs before those concerned were asked, and against one who does
// not agree only with the word of somebody above.
func TestL7(t *testing.T) {
	b := newBench(t)
	b.put(all(set("cosign_units", []string{"caizheng", "shuiwu"}), set("cosigners", []string{"lin"})))
	said := func(os ...rules.Opinion) string {
		b.at(nil, "sign")
		b.flow.Opinions = os
		got, _ := b.judge("chen", act(rules.Approving))
		return got
	}
	qian, yin, lin := rules.Opinion{Actor: "qian", Area: "cosign"}, rules.Opinion{Actor: "yin", Area: "cosign"}, rules.Opinion{Actor: "lin", Area: "cosign"}
	if got := said(qian, yin, lin); got != "" {
		t.Errorf("all asked: %q", got)
	}
	if got := said(qian, lin); got != "L7 block cosign_units" {
		t.Errorf("shuiwu not asked: %q", got)
	}
	if got := said(qian, yin); got != "L7 block cosigners" {
		t.Errorf("lin not asked: %q", got)
	}
	old := yin
	old.Old = true
	if got := said(qian, old, lin); got != "L7 block cosign_units" {
		t.Errorf("a word of a round that no longer counts: %q", got)
	}
	no := yin
	no.Stance = "disagree"
	if got := said(qian, no, lin); got != "L7 warn cosign_units" {
		t.Errorf("disagreement: %q", got)
	}
	decided := act(rules.Approving)
	decided.Decided = "经市长办公会裁定按此执行" // the signer himself says how it was decided
	if got := b.enforce("chen", decided); got != "" {
		t.Errorf("decided in the act: %q", got)
	}
	b.flow.Opinions, b.flow.Consents = []rules.Opinion{lin}, []rules.Consent{{"caizheng", "agree"}, {"shuiwu", "disagree"}}
	if got := b.enforce("chen", act(rules.Approving)); got != "rule_reason L7" {
		t.Errorf("units asked by flows of their own: %q", got)
	}
	_, found := b.judge("chen", act(rules.Approving))
	justify := func(who office.UserID) error {
		return b.do(who, &rules.Justify{Paper: paper, Rule: "L7", Key: found[0].Key, Words: "已列明分歧，市长办公会裁定按此执行。"})
	}
	if err := justify("li"); err != nil { // the drafter's word is kept, but does not count
		t.Fatal(err)
	}
	if got := b.enforce("chen", act(rules.Approving)); got != "rule_reason L7" {
		t.Errorf("reason from below: %q", got)
	}
	if err := justify("zhou"); err != nil {
		t.Fatal(err)
	}
	if got := b.enforce("chen", act(rules.Approving)); got != "" {
		t.Errorf("decided above: %q", got)
	}
	b.put(up("报告", set("cosign_units", []string{"shuiwu"}))) // an upward paper may carry the difference
	if got := said(no); got != "" {
		t.Errorf("upward: %q", got)
	}
}

// L8: 上行文 and important papers are signed by the principal of the issuing body.
func TestL8(t *testing.T) {
	b := newBench(t)
	lookAt(t, b, []form{
		{"report signed by the mayor", up("报告"), "", ""},
		{"report signed by a deputy", up("报告", set("signer", "lin")), "", "L8 block signer"},
		{"decision signed by a deputy", all(set("genre", "决定"), set("title", "关于奖励的决定"), set("signer", "lin")), "", "L8 block signer"},
		{"notice signed by a deputy", set("signer", "lin"), "", ""},
		{"an 意见 downwards", all(set("genre", "意见"), set("title", "关于供热的意见"), set("signer", "lin")), "", ""},
		{"an 意见 upwards", up("意见", set("signer", "lin")), "", "L8 block signer"},
		{"a department's head", up("报告", set("issuer", "市财政局"), set("to", []string{"市人民政府"}), set("signer", "qian")), "", ""},
		{"nobody yet", up("报告", set("signer", nil)), "", ""},
	})
	b.put(up("报告")) // the task went to a deputy, whatever the header says
	b.at(nil, "sign")
	if got := b.enforce("lin", act(rules.Approving)); got != "rule L8" {
		t.Errorf("deputy signs: %q", got)
	}
	if got := b.enforce("chen", act(rules.Approving)); got != "" {
		t.Errorf("mayor signs: %q", got)
	}
}

// L9: 复核 is told of what changed after 签发; nothing is refused, for the engine
// leads back to the signer.
func TestL9(t *testing.T) {
	b := newBench(t)
	b.put(nil)
	b.at([]string{"fuhe"}, "review")
	b.flow.Changed = true
	if got, _ := b.judge("chu", act(rules.Approving)); got != "L9 note" {
		t.Errorf("%q", got)
	}
	if got := b.enforce("chu", act(rules.Approving)); got != "" {
		t.Errorf("%q", got)
	}
	b.flow.Changed = false
	if got, _ := b.judge("chu", act(rules.Approving)); got != "" {
		t.Errorf("unchanged: %q", got)
	}
}

// L10, L11: neither printed, sealed nor numbered before 签发 and 复核; numbered
// only from a chosen series.
func TestL10L11(t *testing.T) {
	b := newBench(t)
	for _, x := range []struct {
		posts            []string
		numbers          bool
		signed, reviewed bool
		series, want     string
	}{
		{[]string{"wenyin"}, false, true, true, "qzf", ""},
		{[]string{"wenyin"}, false, false, true, "qzf", "L10 block"},
		{[]string{"yinzhang"}, false, true, false, "qzf", "L10 block"},
		{[]string{"hegao2"}, false, false, false, "qzf", ""},
		{[]string{"wenshu"}, true, true, true, "qzf", ""},
		{[]string{"wenshu"}, true, false, true, "qzf", "L11 block"},
		{[]string{"wenshu"}, true, true, false, "qzf", "L11 block"},
		{[]string{"wenshu"}, true, true, true, "", "L11 block series"},
	} {
		b.put(set("series", x.series))
		b.at(x.posts, "")
		b.flow.Numbers, b.flow.Signed, b.flow.Reviewed = x.numbers, x.signed, x.reviewed
		if got, _ := b.judge("ding", act(rules.Approving)); got != x.want {
			t.Errorf("%+v: %q", x, got)
		}
	}
}

// L10: attachments that 附件说明 names and that are not here need a reason.
func TestL10Attachments(t *testing.T) {
	b := newBench(t)
	for _, x := range []struct {
		notes []string
		files int
		want  string
	}{
		{nil, 0, ""}, {[]string{"附件：分办表"}, 0, "L10 warn a0"}, {[]string{"附件：分办表"}, 1, ""},
		{[]string{"附件：1.分配表", "2.导则"}, 1, "L10 warn a0"}, {[]string{"附件：1.分配表\n2.导则"}, 1, "L10 warn a0"}, {[]string{"附件：1.分配表", "2.导则"}, 2, ""},
	} {
		blocks := text("正文")
		for i, n := range x.notes {
			blocks = append(blocks, rules.Block{ID: fmt.Sprint("a", i), Type: "attachment", Text: n})
		}
		b.put(nil, blocks...)
		b.update(func(tx office.Tx) error {
			for i := range x.files {
				if err := tx.Insert("doc.attachment", fmt.Sprint("f", i), paper, map[string]any{"order": i}); err != nil {
					return err
				}
			}
			return nil
		})
		b.at([]string{"wenyin"}, "")
		b.flow.Signed, b.flow.Reviewed = true, true
		if got, _ := b.judge("ma", act(rules.Approving)); got != x.want {
			t.Errorf("%v with %d files: %q", x.notes, x.files, got)
		}
	}
}

// L12: 核稿 answers 三发三不发 for papers of the government and its office.
func TestL12(t *testing.T) {
	b := newBench(t)
	b.put(nil)
	b.at([]string{"hegao"}, "")
	if got := b.enforce("chu", act(rules.Approving)); got != "rule_reason L12" {
		t.Errorf("not answered: %q", got)
	}
	for _, x := range []struct {
		name string
		who  office.UserID
		cmd  *rules.Answer
		code office.Code
	}{
		{"not in the post", "li", &rules.Answer{Paper: paper, Checklist: "L12"}, office.CodeNotPermitted},
		{"not in hand", "ding", &rules.Answer{Paper: paper, Checklist: "L12"}, office.CodeNotPermitted},
		{"no such list", "chu", &rules.Answer{Paper: paper, Checklist: "L2"}, office.CodeInvalid},
		{"no such item", "chu", &rules.Answer{Paper: paper, Checklist: "L12", Yes: []string{"x"}}, office.CodeInvalid},
		{"item twice", "chu", &rules.Answer{Paper: paper, Checklist: "L12", Yes: []string{"problem", "problem"}}, office.CodeInvalid},
		{"no such paper", "chu", &rules.Answer{Paper: "p9", Checklist: "L12"}, office.CodeNotFound},
	} {
		if err := b.do(x.who, x.cmd); office.CodeOf(err) != x.code {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	for _, x := range []struct {
		yes  []string
		want string
	}{
		{[]string{"problem"}, ""}, {[]string{"problem", "department"}, "L12 warn"}, {nil, "L12 warn"}, {[]string{"livelihood", "reform"}, ""},
	} {
		if err := b.do("chu", &rules.Answer{Paper: paper, Checklist: "L12", Yes: x.yes}); err != nil {
			t.Fatal(err)
		}
		if got, _ := b.judge("chu", act(rules.Approving)); got != x.want {
			t.Errorf("%v: %q", x.yes, got)
		}
	}
	b.put(set("issuer", "市财政局"))
	if got := b.enforce("chu", act(rules.Approving)); got != "" {
		t.Errorf("a department's own paper: %q", got)
	}
}

// L13: what comes in is registered by the 收发员, what goes out numbered by the 文书.
func TestL13(t *testing.T) {
	b := newBench(t)
	in := rules.Act{Moment: rules.Registering, Draft: &rules.Paper{Direction: "in", Genre: "函"}}
	if got := b.enforce("ding", in); got != "" {
		t.Errorf("registrar: %q", got)
	}
	if got := b.enforce("li", in); got != "rule L13" {
		t.Errorf("anybody: %q", got)
	}
	b.put(nil)
	b.at([]string{"wenshu"}, "")
	b.flow.Numbers, b.flow.Signed, b.flow.Reviewed = true, true, true
	if got := b.enforce("ding", act(rules.Approving)); got != "" {
		t.Errorf("clerk: %q", got)
	}
	if got := b.enforce("li", act(rules.Approving)); got != "rule L13" {
		t.Errorf("handed to somebody else: %q", got)
	}
	b.flow.Posts = []string{"vacant"} // nobody fills it: whoever was found for it may (W41)
	if got := b.enforce("li", act(rules.Approving)); got != "" {
		t.Errorf("vacant post: %q", got)
	}
}

// L14: no second sheet beside one in use.
func TestL14(t *testing.T) {
	b := newBench(t)
	b.put(nil)
	b.flow = rules.Flow{Running: []string{"i1"}}
	if got := b.enforce("li", act(rules.Starting)); got != "rule L14" {
		t.Errorf("%q", got)
	}
	b.flow = rules.Flow{}
	if got := b.enforce("li", act(rules.Starting)); got != "" {
		t.Errorf("%q", got)
	}
}

// L15: a mark of secrecy is refused in any command; words that only look like
// one are not.
func TestL15(t *testing.T) {
	b := newBench(t)
	for words, refused := range map[string]bool{
		"机密★1年": true, "绝密 ★": true, "秘密": true, "　机密　": true, "请阅。\n机密\n第三稿": true, "密级：秘密": true, "密级: 绝密": true, "绝密级": true, "机密文件": true,
		"保守国家秘密": false, "涉及商业秘密的不予公开": false, "机密档案室": false, "请机密室会签": false, "秘密书写": false, "": false,
	} {
		a := rules.Act{Texts: []rules.Words{{Path: "words", Text: words}}}
		if got := b.enforce("li", a); (got == "classified words") != refused {
			t.Errorf("%q: %q", words, got)
		}
	}
	lookAt(t, b, []form{
		{"in the text", nil, "机密★10年", "L15 block b1"}, {"in the title", set("title", "秘密★关于供热的通知"), "", "L15 block title"},
		{"level", set("level", "机密"), "", "L15 block level"},
	})
}

// L17: 联合行文: who does the work first, and all of them sign.
func TestL17(t *testing.T) {
	b := newBench(t)
	issuers := set("issuer", "市水务局、市财政局")
	lookAt(t, b, []form{
		{"all sign", all(issuers, set("cosign_units", []string{"shuiwu", "caizheng"})), "", ""},
		{"one is missing", all(issuers, set("cosign_units", []string{"shuiwu"})), "", "L17 block cosign_units"},
		{"all are missing", issuers, "", "L17 block cosign_units; L17 block cosign_units"},
		{"another first", all(issuers, set("cosign_units", []string{"caizheng", "shuiwu"})), "", "L17 block cosign_units"},
		{"not in the directory", all(set("issuer", "市水务局、市供电局"), set("cosign_units", []string{"shuiwu"})), "", "L17 warn issuer"},
		{"alone", set("issuer", "市水务局"), "", ""},
	})
	b.put(all(issuers, set("cosign_units", []string{"gov", "caizheng"})))
	_, found := b.judge("li", act(rules.Drafting))
	if len(found) == 0 || string(found[0].Mends[0].Sets[0].Value) != `["shuiwu","caizheng","gov"]` {
		t.Errorf("%+v", found)
	}
}

// L18: 初审 sends back with one of the listed grounds.
func TestL18(t *testing.T) {
	b := newBench(t)
	b.put(set("direction", "in"))
	b.flow = rules.Flow{Found: true, Area: "preview"}
	a := act(rules.Returning)
	a.Words = "请重报。"
	if got := b.enforce("chu", a); got != "rule L18" {
		t.Errorf("%q", got)
	}
	for _, own := range [][]string{nil, {"未按要求说明依据", "其他"}} { // the step's own list goes first
		b.flow.Reasons = own
		r := "不符合行文规则"
		if own != nil {
			r = own[0]
		}
		a.Words = "不知为何，请重报。"
		if got := b.enforce("chu", a); got != "rule L18" {
			t.Errorf("%v: %q", own, got)
		}
		a.Words = r + "，请重报。"
		if got := b.enforce("chu", a); got != "" {
			t.Errorf("%q: %q", a.Words, got)
		}
	}
	a.Words = "请重报。"
	b.flow.Area = "propose"
	if got := b.enforce("chu", a); got != "" {
		t.Errorf("at another step: %q", got)
	}
}

// L22: 撤销 and 废止 are told apart, shown, and kept from going round.
func TestL22(t *testing.T) {
	b := newBench(t)
	for standing, words := range map[string]string{
		"revoked": "本文件已撤销，自始无效；依据：清政发〔2026〕9号", "abolished": "本文件已废止，自2026-11-23起失效；依据：清政发〔2026〕9号",
	} {
		b.put(all(set("standing", standing), set("standing_basis", "清政发〔2026〕9号"), set("standing_from", office.Millis(b.now))))
		got, found := b.judge("li", act(rules.Drafting))
		if got != "L22 note" || found[0].Message.ZH != words {
			t.Errorf("%q %+v", got, found)
		}
		for _, m := range []rules.Moment{rules.Starting, rules.Circulating} {
			if got := b.enforce("li", act(m)); got != "rule L22" {
				t.Errorf("%s %s: %q", standing, m, got)
			}
		}
	}
}

// L23: the three administrators have no second role, no post and no task.
func TestL23(t *testing.T) {
	b := newBench(t)
	for _, x := range []struct {
		posts, roles []string
		want         string
	}{
		{nil, []string{"sysadmin"}, ""}, {[]string{"wenshu"}, []string{"clerk"}, ""}, {nil, []string{"sysadmin", "auditor"}, "rule L23"},
		{nil, []string{"secadmin", "clerk"}, "rule L23"}, {[]string{"wenshu"}, []string{"auditor"}, "rule L23"},
	} {
		if got := b.enforce("sec", rules.Act{Moment: rules.Assigning, Posts: x.posts, Roles: x.roles}); got != x.want {
			t.Errorf("%+v: %q", x, got)
		}
	}
	b.put(nil)
	a := act(rules.Transferring)
	a.To = []office.UserID{"aud"}
	if got := b.enforce("li", a); got != "rule L23" {
		t.Errorf("handed to the auditor: %q", got)
	}
	a.To = []office.UserID{"lin"}
	if got := b.enforce("li", a); got != "" {
		t.Errorf("handed to lin: %q", got)
	}
	b.put(set("leader", "sys"))
	if got := b.enforce("li", act(rules.Starting)); got != "rule L23" {
		t.Errorf("led by an administrator: %q", got)
	}
}
