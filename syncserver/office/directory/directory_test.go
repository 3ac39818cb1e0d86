package directory

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func newMem(t *testing.T) *officetest.Mem {
	t.Helper()
	ks, err := office.NewKinds(append(Kinds(), office.Conflicts.Kind)...)
	if err != nil {
		t.Fatal(err)
	}
	return officetest.NewMem(ks)
}

func do(t *testing.T, m *officetest.Mem, who office.UserID, cmd office.Command) {
	t.Helper()
	if err := try(m, who, cmd); err != nil {
		t.Fatalf("%s by %s: %v", cmd.Kind(), who, err)
	}
}

func try(m *officetest.Mem, who office.UserID, cmd office.Command) error {
	_, err := m.Do(cmd, office.Context{Actor: who, Now: now, Claimed: now, Mid: office.DeriveID(cmd.Kind(), string(who))})
	return err
}

// town is a small office: a top unit, two sections, three people, the three
// administrators.
func town(t *testing.T) *officetest.Mem {
	m := newMem(t)
	for _, cmd := range []office.Command{
		&PutUnit{ID: "fu", Name: "市人民政府办公室"},
		&PutPost{ID: "wenshu", Name: "文书", Unit: "fu"},
		&PutPost{ID: "kezhang", Name: "科长"},
		&PutUnit{ID: "yike", Name: "秘书一科", Short: "一科", Parent: "fu", Order: 1},
		&PutUnit{ID: "erke", Name: "秘书二科", Parent: "yike", Order: 2},
		&PutRole{ID: "daiban", Name: "带班领导"}, &PutRole{ID: RoleSysAdmin, Name: "系统管理员"},
		&PutRole{ID: RoleSecAdmin, Name: "安全保密管理员"}, &PutRole{ID: RoleAuditor, Name: "安全审计员"},
		&PutPerson{ID: "shao", Name: "邵文渊", Title: "科长", Order: 20},
		&PutPerson{ID: "ding", Name: "丁小禾", Order: 30},
		&PutPerson{ID: "chu", Name: "褚言", Order: 10},
		&PutPerson{ID: "sys01", Name: "高原"}, &PutPerson{ID: "sec01", Name: "沙鸥"}, &PutPerson{ID: "aud01", Name: "单明"},
		&Assign{UID: "shao", Unit: "yike", Units: []string{"fu"}, Posts: []string{"kezhang"}, Roles: []string{"daiban"}},
		&Assign{UID: "ding", Unit: "yike", Posts: []string{"wenshu"}},
		&Assign{UID: "chu", Unit: "erke", Posts: []string{"wenshu", "kezhang"}},
		&Assign{UID: "sys01", Roles: []string{RoleSysAdmin}}, &Assign{UID: "sec01", Roles: []string{RoleSecAdmin}}, &Assign{UID: "aud01", Roles: []string{RoleAuditor}},
		&PutUnit{ID: "fu", Name: "市人民政府办公室", Clerk: "wenshu"},
		&PutUnit{ID: "yike", Name: "秘书一科", Short: "一科", Parent: "fu", Order: 1, Head: "shao"},
	} {
		do(t, m, office.System, cmd)
	}
	return m
}

func TestPinyin(t *testing.T) {
	for _, x := range []struct{ name, py, initials string }{
		{"林知远", "lin zhi yuan", "lzy"}, {"单明", "shan ming", "sm"}, {"解小雨", "xie xiao yu", "xxy"},
		{"仇英", "qiu ying", "qy"}, {"区志远", "ou zhi yuan", "ozy"}, {"曾曾", "zeng zeng", "zz"},
		{"查良", "zha liang", "zl"}, {"查理查", "zha li cha", "zlc"}, {"尉迟恭", "yu chi gong", "ycg"},
		{"万俟岭", "mo qi ling", "mql"}, {"李晟", "li sheng", "ls"}, {"翟天", "zhai tian", "zt"},
		{"罗景行", "luo jing xing", "ljx"}, {"吕绿", "lv lv", "ll"}, {"sys01", "sys01", "s"},
		{"Anna 王", "anna wang", "aw"}, {"  ", "", ""}, {"·", "", ""}, {"单", "dan", "d"},
		{"区政府办公室", "qu zheng fu ban gong shi", "qzfbgs"}, {"欧阳", "ou yang", "oy"},
	} {
		py, in := Pinyin(x.name)
		if py != x.py || in != x.initials {
			t.Errorf("%s: %q %q, want %q %q", x.name, py, in, x.py, x.initials)
		}
	}
}

// Whatever is written, the reading is letters, digits and single spaces.
func TestPinyinOfEverything(t *testing.T) {
	for r := rune(0); r < 0xa000; r++ {
		py, in := Pinyin(string(r) + "某")
		if !isSpelling(py) || len(in) != len(strings.Fields(py)) {
			t.Fatalf("U+%04X: %q %q", r, py, in)
		}
	}
}

func TestWho(t *testing.T) {
	m := town(t)
	_, err := m.Update(func(tx office.Tx) error {
		p, err := Person(tx, "shao")
		if err != nil || p.Pinyin != "shao wen yuan" || p.Initials != "swy" || p.State != Active {
			t.Errorf("person %+v, %v", p, err)
		}
		holders, err := HolderOf(tx, "wenshu")
		if err != nil || !slices.Equal(holders, []office.UserID{"chu", "ding"}) {
			t.Errorf("holders by order: %v %v", holders, err)
		}
		if h, err := HolderOf(tx, "vacant"); err != nil || h != nil {
			t.Errorf("unknown post: %v %v", h, err)
		}
		if h, err := HeadOf(tx, "yike"); err != nil || h != "shao" {
			t.Errorf("head %v %v", h, err)
		}
		if h, err := HeadOf(tx, "erke"); err != nil || h != "" {
			t.Errorf("no head %v %v", h, err)
		}
		// The clerk of a section without one is that of the unit above.
		if h, err := ClerkOf(tx, "erke"); err != nil || !slices.Equal(h, []office.UserID{"chu", "ding"}) {
			t.Errorf("clerk %v %v", h, err)
		}
		if s, err := SuperiorOf(tx, "chu"); err != nil || s != "shao" {
			t.Errorf("superior of chu: %v %v", s, err)
		}
		if s, err := SuperiorOf(tx, "shao"); err != nil || s != "" {
			t.Errorf("superior of shao: %v %v", s, err)
		}
		for _, x := range []struct {
			uid  office.UserID
			unit string
			want bool
		}{{"shao", "fu", true}, {"shao", "yike", true}, {"ding", "fu", false}, {"nobody", "fu", false}, {"ding", "", false}} {
			if ok, err := InUnit(tx, x.uid, x.unit); err != nil || ok != x.want {
				t.Errorf("%s in %q: %v %v", x.uid, x.unit, ok, err)
			}
		}
		if ok, err := HasRole(tx, "shao", "daiban"); err != nil || !ok {
			t.Errorf("role: %v %v", ok, err)
		}
		if ok, err := HasPost(tx, "ding", "wenshu"); err != nil || !ok {
			t.Errorf("post: %v %v", ok, err)
		}
		if w, err := WithRole(tx, "daiban"); err != nil || !slices.Equal(w, []office.UserID{"shao"}) {
			t.Errorf("with role: %v %v", w, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A disabled person fills nothing, heads nothing and is sent nothing.
func TestDisabled(t *testing.T) {
	m := town(t)
	do(t, m, "sys01", &PutPerson{ID: "shao", Name: "邵文渊", Title: "科长", Order: 20, State: Disabled})
	_, err := m.Update(func(tx office.Tx) error {
		if h, _ := HolderOf(tx, "kezhang"); !slices.Equal(h, []office.UserID{"chu"}) {
			t.Errorf("holders %v", h)
		}
		if h, _ := HeadOf(tx, "yike"); h != "" {
			t.Errorf("head %v", h)
		}
		if ok, _ := HasRole(tx, "shao", "daiban"); ok {
			t.Error("role kept")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := m.Get("dir.person", "shao")
	if ch, err := Subscriptions(r); err != nil || len(ch) != 0 {
		t.Errorf("subscriptions %v %v", ch, err)
	}
}

func TestSubscriptions(t *testing.T) {
	m := town(t)
	r, _ := m.Get("dir.person", "shao")
	ch, err := Subscriptions(r)
	want := []office.Channel{"u:shao", "org", "unit:yike", "unit:fu", "post:kezhang", "role:daiban"}
	if err != nil || !slices.Equal(ch, want) {
		t.Errorf("%v %v, want %v", ch, err, want)
	}
	do(t, m, "sys01", &Assign{UID: "ding", Unit: "yike", Units: []string{"fu", "yike"}})
	r, _ = m.Get("dir.person", "ding")
	if ch, err := Subscriptions(r); err != nil || !slices.Equal(ch, []office.Channel{"u:ding", "org", "unit:yike", "unit:fu"}) {
		t.Errorf("main unit named twice: %v %v", ch, err)
	}
}

// Assigning moves the person between the holders of posts.
func TestAssignMovesHolders(t *testing.T) {
	m := town(t)
	do(t, m, "sys01", &Assign{UID: "ding", Unit: "erke", Posts: []string{"kezhang"}})
	_, err := m.Update(func(tx office.Tx) error {
		a, _ := HolderOf(tx, "wenshu")
		b, _ := HolderOf(tx, "kezhang")
		if !slices.Equal(a, []office.UserID{"chu"}) || !slices.Equal(b, []office.UserID{"chu", "shao", "ding"}) {
			t.Errorf("wenshu %v, kezhang %v", a, b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := m.Get("dir.person", "ding"); strings.Contains(string(r.Body), "wenshu") {
		t.Errorf("former post stays: %s", r.Body)
	}
}

// PutPerson leaves what Assign sets, and the reverse.
func TestPutKeepsAssignment(t *testing.T) {
	m := town(t)
	do(t, m, "sys01", &PutPerson{ID: "shao", Name: "单文渊", Pinyin: "shan wen yuan", Order: 1})
	_, err := m.Update(func(tx office.Tx) error {
		p, err := Person(tx, "shao")
		if err != nil || p.Unit != "yike" || !p.HasPost("kezhang") || !p.HasRole("daiban") || p.Pinyin != "shan wen yuan" || p.Title != "" {
			t.Errorf("%+v %v", p, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("长", 61)
	for _, x := range []struct {
		name  string
		who   office.UserID
		cmd   office.Command
		code  office.Code
		field string
	}{
		{"no right to people", "shao", &PutPerson{ID: "x", Name: "某人"}, office.CodeNotPermitted, ""},
		{"security administrators make no accounts", "sec01", &PutPerson{ID: "x", Name: "某人"}, office.CodeNotPermitted, ""},
		{"auditors change nothing", "aud01", &Assign{UID: "chu"}, office.CodeNotPermitted, ""},
		{"nobody", "ghost", &PutUnit{ID: "x", Name: "科"}, office.CodeNotPermitted, ""},
		{"no actor", "", &PutUnit{ID: "x", Name: "科"}, office.CodeNotPermitted, ""},
		{"post by an official", "shao", &PutPost{ID: "x", Name: "岗"}, office.CodeNotPermitted, ""},
		{"system administrators grant no roles", "sys01", &Assign{UID: "chu", Roles: []string{"daiban"}}, office.CodeNotPermitted, ""},
		{"system administrators make no roles", "sys01", &PutRole{ID: "x", Name: "岗"}, office.CodeNotPermitted, ""},
		{"security administrators place nobody", "sec01", &Assign{UID: "chu", Unit: "yike", Posts: []string{"kezhang", "wenshu"}}, office.CodeNotPermitted, ""},
		{"nor fill posts", "sec01", &Assign{UID: "chu", Unit: "erke", Posts: []string{"wenshu"}}, office.CodeNotPermitted, ""},
		{"nor take other units away with a role given", "sec01", &Assign{UID: "shao", Unit: "yike", Posts: []string{"kezhang"}, Roles: []string{"daiban"}}, office.CodeNotPermitted, ""},
		{"nobody grants to himself", "sec01", &Assign{UID: "sec01", Roles: []string{RoleSecAdmin}}, office.CodeNotPermitted, ""},
		{"nobody disables himself", "sys01", &PutPerson{ID: "sys01", Name: "高原", State: Disabled}, office.CodeNotPermitted, "state"},
		{"two of the three", office.System, &Assign{UID: "chu", Roles: []string{RoleSysAdmin, RoleAuditor}}, office.CodeInvalid, "roles"},
		{"an administrator with a post", office.System, &Assign{UID: "chu", Posts: []string{"wenshu"}, Roles: []string{RoleSecAdmin}}, office.CodeInvalid, "roles"},
		{"an administrator with a role", office.System, &Assign{UID: "chu", Roles: []string{RoleSecAdmin, "daiban"}}, office.CodeInvalid, "roles"},
		{"no such person", office.System, &Assign{UID: "ghost"}, office.CodeNotFound, "dir.person"},
		{"no such unit", office.System, &Assign{UID: "chu", Unit: "ghost"}, office.CodeInvalid, "unit"},
		{"no such second unit", office.System, &Assign{UID: "chu", Units: []string{"ghost"}}, office.CodeInvalid, "units"},
		{"no such post", office.System, &Assign{UID: "chu", Posts: []string{"ghost"}}, office.CodeInvalid, "posts"},
		{"no such role", office.System, &Assign{UID: "chu", Roles: []string{"ghost"}}, office.CodeInvalid, "roles"},
		{"a post twice", office.System, &Assign{UID: "chu", Posts: []string{"wenshu", "wenshu"}}, office.CodeInvalid, "posts"},
		{"bad id", office.System, &PutPerson{ID: "../x", Name: "某人"}, office.CodeInvalid, "id"},
		{"system is no person", office.System, &PutPerson{ID: "system", Name: "某人"}, office.CodeInvalid, "id"},
		{"no name", office.System, &PutPerson{ID: "x", Name: "  "}, office.CodeInvalid, "name"},
		{"long name", office.System, &PutPerson{ID: "x", Name: long}, office.CodeInvalid, "name"},
		{"NUL", office.System, &PutPerson{ID: "x", Name: "某\x00人"}, office.CodeInvalid, "name"},
		{"not UTF-8", office.System, &PutPerson{ID: "x", Name: "某", Title: "\xff"}, office.CodeInvalid, "title"},
		{"two lines", office.System, &PutPerson{ID: "x", Name: "某\n人"}, office.CodeInvalid, "name"},
		{"bad pinyin", office.System, &PutPerson{ID: "x", Name: "某", Pinyin: "Mou "}, office.CodeInvalid, "pinyin"},
		{"bad state", office.System, &PutPerson{ID: "x", Name: "某", State: "gone"}, office.CodeInvalid, "state"},
		{"bad order", office.System, &PutPerson{ID: "x", Name: "某", Order: -1}, office.CodeInvalid, "order"},
		{"unit above itself", office.System, &PutUnit{ID: "fu", Name: "办", Parent: "erke"}, office.CodeInvalid, "parent"},
		{"unit is its parent", office.System, &PutUnit{ID: "fu", Name: "办", Parent: "fu"}, office.CodeInvalid, "parent"},
		{"no parent", office.System, &PutUnit{ID: "x", Name: "办", Parent: "ghost"}, office.CodeInvalid, "parent"},
		{"no head", office.System, &PutUnit{ID: "x", Name: "办", Head: "ghost"}, office.CodeInvalid, "head"},
		{"no clerk", office.System, &PutUnit{ID: "x", Name: "办", Clerk: "ghost"}, office.CodeInvalid, "clerk"},
		{"post in no unit", office.System, &PutPost{ID: "x", Name: "岗", Unit: "ghost"}, office.CodeInvalid, "unit"},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := town(t)
			before := len(m.All("dir.person")) + len(m.All("dir.unit")) + len(m.All("dir.post")) + len(m.All("dir.role"))
			err := try(m, x.who, x.cmd)
			var e *office.Error
			if !errors.As(err, &e) || e.Code != x.code || e.Field != x.field {
				t.Fatalf("%v, want %s (%s)", err, x.code, x.field)
			}
			if after := len(m.All("dir.person")) + len(m.All("dir.unit")) + len(m.All("dir.post")) + len(m.All("dir.role")); after != before {
				t.Errorf("%d records, were %d", after, before)
			}
		})
	}
}

// The public address book: by unit and order, and by pinyin.
func TestAddressBook(t *testing.T) {
	m := town(t)
	_, err := m.Update(func(tx office.Tx) error {
		l, err := People.List(tx, office.Query{View: "unit", Where: []office.Cond{office.Where("unit", "yike")}})
		if err != nil || len(l) != 2 || l[0].ID != "shao" || l[1].ID != "ding" {
			t.Errorf("unit: %v %v", l, err)
		}
		l, err = People.List(tx, office.Query{View: "all", Where: []office.Cond{office.Where("state", Active)}})
		if err != nil || len(l) != 6 || l[0].ID != "chu" || l[1].ID != "ding" || l[2].Value.Name != "高原" {
			t.Errorf("all: %v %v", l, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := m.Get("dir.person", "shao"); People.SearchText(r) != "shaowenyuan swy" {
		t.Errorf("search text %q", People.SearchText(r))
	}
}
