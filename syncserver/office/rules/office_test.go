package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/officetest"
	"qianshao/syncserver/office/rules"
)

// bench is an office in memory with a city government and its office, sections,
// two departments, a district, and one paper p1 whose flow the test decides.
type bench struct {
	t    testing.TB
	mem  *officetest.Mem
	now  time.Time
	n    int
	flow rules.Flow
}

const paper = "p1"

// The kinds of package document, as far as rules read them: rooms do not know
// each other, and these two are all that is needed of that one.
func paperKinds() []*office.Kind {
	return []*office.Kind{
		{Name: "doc.header", Lane: office.LaneHeaders, Residence: office.ResidentAlways, Audience: func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil }},
		{
			Name: "doc.attachment", Parent: "doc.header", Lane: office.LaneBodies, Residence: office.ResidentAlways,
			Fields: []office.Field{{Name: "order", Type: office.Int}}, Views: []office.View{{Name: "document", By: []string{"root"}, Orders: []string{"order"}}},
		},
		{Name: "doc.body", Parent: "doc.header", Lane: office.LaneBodies, Residence: office.ResidentAlways},
	}
}

func newBench(t testing.TB) *bench {
	t.Helper()
	ks, err := office.NewKinds(slices.Concat(directory.Kinds(), paperKinds(), rules.Kinds())...)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, mem: officetest.NewMem(ks), now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	b.update(func(tx office.Tx) error {
		for id, u := range map[string]directory.Unit{
			"gov": {Name: "清岚市人民政府", Head: "chen"}, "fuban": {Name: "清岚市人民政府办公室", Short: "市政府办公室", Parent: "gov", Head: "zhou", Clerk: "wenshu"},
			"yi": {Name: "秘书一科", Parent: "fuban"}, "caizheng": {Name: "市财政局", Parent: "gov", Head: "qian"},
			"shuiwu": {Name: "市水务局", Parent: "gov", Head: "yin"}, "dongping": {Name: "东屏区", Parent: "gov"},
		} {
			if err := directory.Units.Insert(tx, id, u); err != nil {
				return err
			}
		}
		if err := directory.Posts.Insert(tx, "wenshu", directory.Post{Name: "文书", Holders: []office.UserID{"ding"}}); err != nil {
			return err
		}
		for id, p := range map[string]directory.Official{
			"chen": {Name: "陈望舒", Unit: "gov", Roles: []string{"principal"}}, "zhou": {Name: "周牧野", Unit: "fuban", Roles: []string{"officereview"}},
			"lin": {Name: "林知远", Unit: "gov", Roles: []string{"incharge"}}, "chu": {Name: "褚言", Unit: "yi", Posts: []string{"hegao", "fuhe"}},
			"ding": {Name: "丁小禾", Unit: "yi", Posts: []string{"wenshu"}, Roles: []string{"registrar"}}, "li": {Name: "李", Unit: "yi"},
			"qian": {Name: "钱慕白", Unit: "caizheng"}, "yin": {Name: "尹清源", Unit: "shuiwu"},
			"sys": {Name: "高原", Roles: []string{"sysadmin"}}, "aud": {Name: "关山", Roles: []string{"auditor"}},
		} {
			p.State = directory.Active
			if err := directory.People.Insert(tx, id, p); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (b *bench) update(f func(office.Tx) error) {
	b.t.Helper()
	if _, err := b.mem.Update(f); err != nil {
		b.t.Fatal(err)
	}
}

// put makes the paper anew: a 通知 of the city government that breaks no rule,
// changed by f.
func (b *bench) put(f func(p map[string]any), blocks ...rules.Block) {
	b.t.Helper()
	p := map[string]any{
		"direction": "out", "genre": "通知", "title": "关于做好供热保障工作的通知", "to": []string{"市水务局"}, "issuer": "清岚市人民政府",
		"drafter": "li", "signer": "chen", "flow_holders": []string{"li", "chu", "zhou", "qian"}, "content_hash": "h1", "series": "qzf", "publicity": "主动公开",
	}
	if f != nil {
		f(p)
	}
	if len(blocks) == 0 {
		blocks = []rules.Block{{ID: "b1", Type: "text", Text: "现就有关事项通知如下。"}}
	}
	b.update(func(tx office.Tx) error {
		if _, at, err := tx.Get("doc.header", paper); err != nil {
			return err
		} else if at == office.Present {
			if err := tx.Delete("doc.header", paper); err != nil {
				return err
			}
		}
		if err := tx.Insert("doc.header", paper, paper, p); err != nil {
			return err
		}
		return tx.Insert("doc.body", paper, paper, map[string]any{"blocks": blocks})
	})
}

func (b *bench) context(who office.UserID) office.Context {
	b.n++
	b.now = b.now.Add(time.Minute)
	return office.Context{Actor: who, Now: b.now, Claimed: b.now.Add(-time.Hour), Mid: office.DeriveID("mid", fmt.Sprint(b.n))}
}

func (b *bench) facts(tx office.Tx, who office.UserID, a rules.Act) *rules.Facts {
	return rules.About(tx, b.context(who), a, func(office.Tx, office.Context, rules.Act) (rules.Flow, error) { return b.flow, nil })
}

// judge gives the findings of an act as "L2 block to", and the findings.
func (b *bench) judge(who office.UserID, a rules.Act) (string, []rules.Finding) {
	b.t.Helper()
	var found []rules.Finding
	b.update(func(tx office.Tx) (err error) {
		found, err = rules.Judge(b.facts(tx, who, a))
		return err
	})
	var out []string
	for _, x := range found {
		out = append(out, strings.TrimSpace(x.Rule+" "+string(x.Grade)+" "+x.Place.Element+x.Place.Block))
		if x.Message.ZH == "" || x.Message.EN == "" || strings.Contains(x.Message.ZH+x.Message.EN, "%!") || x.Key == "" {
			b.t.Errorf("%s: %+v", x.Rule, x)
		}
		for _, m := range x.Mends {
			if m.Label.ZH == "" || m.Label.EN == "" || strings.Contains(m.Label.ZH+m.Label.EN, "%!") || len(m.Sets) == 0 && m.Block == "" {
				b.t.Errorf("%s: mend %+v", x.Rule, m)
			}
		}
	}
	return strings.Join(out, "; "), found
}

// enforce gives the code and field of the refusal: "rule L2", "" for none.
func (b *bench) enforce(who office.UserID, a rules.Act) string {
	b.t.Helper()
	var err error
	b.update(func(tx office.Tx) error {
		err = rules.Enforce(b.facts(tx, who, a))
		return nil
	})
	if err == nil {
		return ""
	}
	e := office.AsError(err)
	return strings.TrimSpace(string(e.Code) + " " + e.Field)
}

func (b *bench) do(who office.UserID, cmd office.Command) error {
	_, err := b.mem.Do(cmd, b.context(who))
	return err
}

func act(m rules.Moment) rules.Act { return rules.Act{Moment: m, Paper: paper, Task: "t1"} }

// at puts the paper to a step.
func (b *bench) at(posts []string, gate string) {
	b.flow = rules.Flow{Found: true, Live: true, Posts: posts, Gate: gate, Instance: "i1"}
}
