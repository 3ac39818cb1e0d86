package approval_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
)

// standardBench has the posts that the standard flows name, and their flows.
func standardBench(t *testing.T) *bench {
	b := newBench(t)
	b.must(b.update(func(tx office.Tx) error {
		for i, p := range []string{
			approval.PostReceiver, approval.PostProposer, approval.PostOffice, approval.PostPrinter, approval.PostSeal, approval.PostSection, approval.PostArchivist,
		} {
			who := office.UserID(fmt.Sprintf("p%d", i))
			if err := directory.People.Insert(tx, string(who), directory.Official{Name: p, Unit: "yi", Posts: []string{p}, State: directory.Active}); err != nil {
				return err
			}
			if err := directory.Posts.Insert(tx, p, directory.Post{Name: p, Holders: []office.UserID{who}}); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, d := range approval.Standard() {
		d.Subjects = []string{papers.Name}
		b.ok(office.System, &approval.Publish{Definition: d})
	}
	b.ok("admin", &approval.SetCharge{Leader: "shen", Units: []string{"si"}})
	return b
}

// TestF1toF15R1toR12: every standard flow is walked to its end, through all the
// steps that its papers need, and the numbered ones get one number.
//
// 发文: F1 nigao, F2 fuze, F3 huiqian and renqian, F4 duikou, F5 hegao, F6 shenhe, F7
// fenguan, F8 qianfa, F9 fuhe, F10 bianhao, F11 paiban, F12 yinzhi, F13 yongyin,
// F14 hefa, F15 guidang. 收文: R2 dengji, R3 chushen, R4 niban, R5 shenhe, R6 pishi,
// R7 fenban, R8 chengban, R9 chuanyue, R11 dafu, R12 guidang. R1 is the register's
// own entry (package document), R10 is 催办 and the limits (W27, W37).
func TestF1toF15R1toR12(t *testing.T) {
	out := []string{"nigao", "fuze", "huiqian", "renqian", "duikou", "hegao", "shenhe", "fenguan", "qianfa", "fuhe", "bianhao", "paiban", "yinzhi", "yongyin", "hefa", "guidang"}
	without := func(list []string, more ...string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(more, s) })
	}
	joint := slices.Insert(slices.Clone(out), 9, "lianqian")
	in := []string{"dengji", "chushen", "niban", "shenhe", "pishi", "fenban", "chengban", "dafu", "guidang"}
	for _, x := range []struct {
		flow  string
		steps []string
		dir   string
	}{
		{"fawen_shangxing", out, "out"}, {"fawen_xiaxing", out, "out"}, {"fawen_ling", out, "out"}, {"fawen_lianhe", joint, "out"},
		{"fawen_han", without(out, "duikou", "fenguan"), "out"}, {"fawen_jiyao", without(out, "duikou", "fenguan", "yongyin"), "out"},
		{"shouwen_banjian", in, "in"}, {"shouwen_yuejian", []string{"dengji", "chushen", "niban", "chuanyue", "guidang"}, "in"},
		{"shouwen_dianbao", []string{"dengji", "niban", "pishi", "chengban", "guidang"}, "in"},
		{"qianbao_huiqian", []string{"nigao", "fuze", "huiqian", "renqian", "shenhe", "pishi"}, "sign"},
	} {
		t.Run(x.flow, func(t *testing.T) {
			b := standardBench(t)
			b.draft(paper{Direction: x.dir, Leader: "xu", Signer: "lin", Leaders: []office.UserID{"lin", "xu"}, Cosigners: []office.UserID{"chen"},
				CosignUnits: []string{"jian"}, Undertakers: []office.UserID{"han"}, Series: "q", Publicity: "主动公开"})
			b.start(x.flow)
			for range 60 {
				open := b.open()
				if len(open) == 0 {
					break
				}
				b.ok(open[0], b.approve(open[0]))
			}
			i := b.instance()
			var walked []string
			for _, v := range i.Path {
				walked = append(walked, v.Step)
			}
			if i.State != approval.Ended || !slices.Equal(walked, x.steps) {
				t.Errorf("walked %v, want %v", walked, x.steps)
			}
			if n := b.numbers; (x.dir == "out") != (n == 1) {
				t.Errorf("%d numbers", n)
			}
			if x.dir != "in" && (len(i.Consents) != 1 || i.Consents[0].Unit != "jian") {
				t.Errorf("%+v", i.Consents)
			}
		})
	}
}

// TestStandardFree: the free flow and the reading flow.
func TestStandardFree(t *testing.T) {
	for flow, steps := range map[string]int{"ziyou": 2, "chuanyue": 2} {
		b := standardBench(t)
		b.draft(paper{})
		b.ok("li", &approval.Start{ID: instanceID, Flow: flow, SubjectKind: papers.Name, Subject: paperID, Choose: []office.UserID{"xu", "han"}, Then: approval.All})
		b.wantOpen("han", "xu")
		b.pass("han", "xu")
		if flow == "ziyou" {
			a := b.approve("li")
			a.Finish = true
			b.ok("li", a)
			steps = 3
		}
		if i := b.instance(); i.State != approval.Ended || len(i.Path) != steps {
			t.Errorf("%s: %+v", flow, i)
		}
	}
}

// TestR4OfferedFirst: each paper is offered the flow that is made for it: by its 文种,
// and what came in as 办件 or 阅件, 办件 until it is decided.
func TestR4OfferedFirst(t *testing.T) {
	for _, x := range []struct{ body, want string }{
		{`{"genre":"请示"}`, "fawen_shangxing"}, {`{"genre":"报告"}`, "fawen_shangxing"}, {`{"genre":"议案"}`, "fawen_shangxing"},
		{`{"genre":"通知"}`, "fawen_xiaxing"}, {`{"genre":"批复"}`, "fawen_xiaxing"}, {`{"genre":"意见"}`, "fawen_xiaxing"},
		{`{"genre":"函"}`, "fawen_han"}, {`{"genre":"纪要"}`, "fawen_jiyao"}, {`{"genre":"命令"}`, "fawen_ling"}, {`{"genre":"督办函"}`, ""},
		{`{"direction":"in","genre":"函"}`, "shouwen_banjian"}, {`{"direction":"in","genre":"通知","handling":"办件"}`, "shouwen_banjian"},
		{`{"direction":"in","genre":"通知","handling":"阅件"}`, "shouwen_yuejian"}, {`{"direction":"in","genre":"明传电报","handling":"阅件"}`, "shouwen_dianbao"},
	} {
		var got []string
		for _, d := range approval.Standard() {
			in := slices.Contains(d.Requires, approval.Cond{Field: "direction", Op: approval.OpIs, Value: "in"})
			made, err := d.MadeFor([]byte(x.body))
			if err != nil {
				t.Fatal(err)
			}
			if made && in == strings.Contains(x.body, `"in"`) {
				got = append(got, d.Key)
			}
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %v, want %s", x.body, got, x.want)
		}
	}
	if _, err := (approval.Definition{Suits: []approval.Cond{{Field: "genre", Op: approval.OpIs}}}).MadeFor([]byte("[]")); err == nil {
		t.Error("what is no record suits a flow or not")
	}
}
