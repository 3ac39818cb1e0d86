package rules_test

import (
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/rules"
)

// A warning asks for a reason; the reason is kept with rule, person and time,
// and holds for this finding alone.
func TestReason(t *testing.T) {
	b := newBench(t)
	b.put(up("报告"), text("请予批准。")...)
	if got := b.enforce("li", act(rules.Starting)); got != "rule_reason L3" {
		t.Fatalf("%q", got)
	}
	_, found := b.judge("li", act(rules.Drafting))
	key := found[0].Key
	for _, x := range []struct {
		name string
		who  office.UserID
		cmd  rules.Justify
		code office.Code
	}{
		{"unknown rule", "li", rules.Justify{Paper: paper, Rule: "L99", Key: key, Words: "理由充分"}, office.CodeInvalid},
		{"a rule that only blocks", "li", rules.Justify{Paper: paper, Rule: "L15", Key: key, Words: "理由充分"}, office.CodeInvalid},
		{"no words", "li", rules.Justify{Paper: paper, Rule: "L3", Key: key, Words: " \n "}, office.CodeInvalid},
		{"no key", "li", rules.Justify{Paper: paper, Rule: "L3", Words: "理由充分"}, office.CodeInvalid},
		{"not in hand", "aud", rules.Justify{Paper: paper, Rule: "L3", Key: key, Words: "理由充分"}, office.CodeNotPermitted},
		{"no such paper", "li", rules.Justify{Paper: "p9", Rule: "L3", Key: key, Words: "理由充分"}, office.CodeNotFound},
	} {
		if err := b.do(x.who, &x.cmd); office.CodeOf(err) != x.code {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	good := rules.Justify{Paper: paper, Rule: "L3", Key: key, Words: "按省厅要求一并说明。"}
	if err := b.do("li", &good); err != nil {
		t.Fatal(err)
	}
	if err := b.do("li", &good); office.CodeOf(err) != office.CodeExists { // a reason is never rewritten
		t.Errorf("again: %v", err)
	}
	if got := b.enforce("li", act(rules.Starting)); got != "" {
		t.Errorf("with reason: %q", got)
	}
	_, found = b.judge("li", act(rules.Drafting))
	if g := found[0].Given; g == nil || g.By != "li" || g.Rule != "L3" || g.Words != good.Words || g.At == 0 || g.Claimed >= g.At {
		t.Errorf("%+v", g)
	}
	// Other trouble is another finding.
	b.update(func(tx office.Tx) error {
		return tx.Patch("doc.body", paper, office.Fields{"blocks": text("妥否，请批示。")})
	})
	if got := b.enforce("li", act(rules.Starting)); got != "rule_reason L3" {
		t.Errorf("another request: %q", got)
	}
}

// An office switches off what is configurable, by its administrator; never what
// is fixed.
func TestConfigure(t *testing.T) {
	b := newBench(t)
	b.put(up("报告"), text("请予批准。")...)
	for _, x := range []struct {
		name string
		who  office.UserID
		cmd  rules.Configure
		code office.Code
	}{
		{"unknown", "sys", rules.Configure{Rule: "L99", Off: true, Words: "停用"}, office.CodeInvalid},
		{"no words", "sys", rules.Configure{Rule: "L3", Off: true}, office.CodeInvalid},
		{"anybody", "chen", rules.Configure{Rule: "L3", Off: true, Words: "停用"}, office.CodeNotPermitted},
		{"fixed L8", "sys", rules.Configure{Rule: "L8", Off: true, Words: "停用"}, office.CodeState},
		{"fixed L15", office.System, rules.Configure{Rule: "L15", Off: true, Words: "停用"}, office.CodeState},
	} {
		if err := b.do(x.who, &x.cmd); office.CodeOf(err) != x.code {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	// Not even a record written by other hands switches a fixed rule off.
	b.update(func(tx office.Tx) error {
		return rules.Switches.Insert(tx, "l15", rules.Switch{Rule: "L15", Off: true})
	})
	if got := b.enforce("li", rules.Act{Texts: []rules.Words{{Path: "words", Text: "机密★1年"}}}); got != "classified words" {
		t.Errorf("L15 off: %q", got)
	}
	for _, off := range []bool{true, false, true} {
		if err := b.do("sys", &rules.Configure{Rule: "L3", Off: off, Words: "口径另定"}); err != nil {
			t.Fatal(err)
		}
		want := "rule_reason L3"
		if off {
			want = ""
		}
		if got := b.enforce("li", act(rules.Starting)); got != want {
			t.Errorf("off %v: %q", off, got)
		}
	}
}

// A desk that lacks what a rule reads leaves that rule to the server, and only
// that one.
func TestElsewhere(t *testing.T) {
	b := newBench(t)
	b.put(up("报告", set("signer", "lin")), text("请予批准。")...)
	b.mem.Desk = true
	b.update(func(tx office.Tx) error { // a header whose text has not arrived
		return tx.Insert("doc.header", "p2", "p2", map[string]any{"direction": "out", "genre": "报告", "to": []string{"省人民政府"}, "issuer": "清岚市人民政府", "signer": "lin", "publicity": "主动公开"})
	})
	if got, _ := b.judge("li", rules.Act{Moment: rules.Drafting, Paper: "p2"}); got != "L8 block signer" {
		t.Errorf("without the text: %q", got)
	}
	b.put(up("报告", set("signer", "somebody-not-here")), text("请予批准。")...)
	if got, _ := b.judge("li", act(rules.Drafting)); got != "L3 warn b1" {
		t.Errorf("without the signer: %q", got)
	}
	if got := b.enforce("li", rules.Act{Moment: rules.Starting, Paper: "p7"}); got != "" {
		t.Errorf("without the paper: %q", got)
	}
}
