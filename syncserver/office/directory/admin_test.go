package directory

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

const day = 24 * 60 * 60 * 1000

// at is the fake office so many days on.
func at(m *officetest.Mem, who office.UserID, days int, cmd office.Command) (officetest.Outcome, error) {
	return m.Do(cmd, office.Context{Actor: who, Now: now.AddDate(0, 0, days), Claimed: now, Mid: office.DeriveID(cmd.Kind(), string(who), fmt.Sprint(days))})
}

func official(t *testing.T, m *officetest.Mem, uid string) Official {
	t.Helper()
	r, _ := m.Get("dir.person", uid)
	var p Official
	if err := r.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

func holders(t *testing.T, m *officetest.Mem, post string) []office.UserID {
	t.Helper()
	r, _ := m.Get("dir.post", post)
	var p Post
	if err := r.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p.Holders
}

func TestPlace(t *testing.T) {
	m := town(t)
	do(t, m, "sys01", &Place{UID: "shao", Unit: "erke", Units: []string{"yike"}})
	p := official(t, m, "shao")
	if p.Unit != "erke" || !slices.Equal(p.Units, []string{"yike"}) || !p.HasPost("kezhang") || !p.HasRole("daiban") {
		t.Errorf("%+v", p)
	}
	do(t, m, "sys01", &Place{UID: "shao"})
	if p := official(t, m, "shao"); p.Unit != "" || p.Units != nil {
		t.Errorf("%+v", p)
	}
}

// A post from now on: at once among the holders and the channels; ended, it stays
// in the history.
func TestAppointAndDismiss(t *testing.T) {
	m := town(t)
	do(t, m, "sys01", &Appoint{UID: "ding", Post: "kezhang"})
	p := official(t, m, "ding")
	if !p.HasPost("kezhang") || !p.HasPost("wenshu") || !slices.Equal(p.Terms, []Term{{Post: "kezhang", From: now.UnixMilli()}}) || !slices.Contains(holders(t, m, "kezhang"), "ding") {
		t.Errorf("%+v %v", p, holders(t, m, "kezhang"))
	}
	r, _ := m.Get("dir.person", "ding")
	if ch, _ := Subscriptions(r); !slices.Contains(ch, office.ToPost("kezhang")) {
		t.Errorf("%v", ch)
	}
	if _, err := at(m, "sys01", 3, &Dismiss{UID: "ding", Post: "kezhang"}); err != nil {
		t.Fatal(err)
	}
	p = official(t, m, "ding")
	if p.HasPost("kezhang") || !slices.Equal(p.Terms, []Term{{"kezhang", now.UnixMilli(), now.UnixMilli() + 3*day}}) || slices.Contains(holders(t, m, "kezhang"), "ding") {
		t.Errorf("%+v", p)
	}
	// Of a post from before terms were kept only the end is known.
	if _, err := at(m, "sys01", 3, &Dismiss{UID: "ding", Post: "wenshu"}); err != nil {
		t.Fatal(err)
	}
	if p = official(t, m, "ding"); p.Posts != nil || p.Terms[1] != (Term{"wenshu", 0, now.UnixMilli() + 3*day}) {
		t.Errorf("%+v", p)
	}
}

// A term with begin and end: the system's turns make it true, each once.
func TestTurns(t *testing.T) {
	m := town(t)
	from, until := now.UnixMilli()+2*day, now.UnixMilli()+5*day
	o, err := at(m, "sys01", 0, &Appoint{UID: "ding", Post: "kezhang", From: from, Until: until})
	if err != nil || len(o.Jobs) != 2 {
		t.Fatalf("%+v %v", o, err)
	}
	turn := func(days int, ms int64) {
		t.Helper()
		if _, err := at(m, office.System, days, &Turn{UID: "ding", Post: "kezhang", At: ms}); err != nil {
			t.Fatal(err)
		}
	}
	if official(t, m, "ding").HasPost("kezhang") {
		t.Error("begun before its day")
	}
	turn(1, from) // a clock too early changes nothing
	if official(t, m, "ding").HasPost("kezhang") {
		t.Error("begun too early")
	}
	turn(2, from)
	turn(2, from)
	if !official(t, m, "ding").HasPost("kezhang") || !slices.Contains(holders(t, m, "kezhang"), "ding") {
		t.Error("not begun")
	}
	// Prolonged: the former end's turn finds nothing to do.
	if _, err := at(m, "sys01", 3, &Appoint{UID: "ding", Post: "kezhang", Until: until + day}); err != nil {
		t.Fatal(err)
	}
	turn(5, until)
	if p := official(t, m, "ding"); !p.HasPost("kezhang") || !slices.Equal(p.Terms, []Term{{"kezhang", from, until + day}}) {
		t.Errorf("%+v", p)
	}
	turn(6, until+day)
	if p := official(t, m, "ding"); p.HasPost("kezhang") || !p.HasPost("wenshu") || slices.Contains(holders(t, m, "kezhang"), "ding") {
		t.Errorf("%+v", p)
	}
	turn(7, until+day)
	// Called off before it began.
	if _, err := at(m, "sys01", 0, &Appoint{UID: "shao", Post: "wenshu", From: from}); err != nil {
		t.Fatal(err)
	}
	if _, err := at(m, "sys01", 1, &Dismiss{UID: "shao", Post: "wenshu"}); err != nil {
		t.Fatal(err)
	}
	if _, err := at(m, office.System, 2, &Turn{UID: "shao", Post: "wenshu", At: from}); err != nil {
		t.Fatal(err)
	}
	if p := official(t, m, "shao"); p.HasPost("wenshu") || p.Terms != nil {
		t.Errorf("%+v", p)
	}
}

// A post closed, or a person made administrator, while a term was to come: it
// does not begin.
func TestTurnOfWhatIsNoMore(t *testing.T) {
	m := town(t)
	from := now.UnixMilli() + 2*day
	do(t, m, office.System, &PutPost{ID: "new", Name: "专员"})
	for _, uid := range []office.UserID{"ding", "chu"} {
		if _, err := at(m, "sys01", 0, &Appoint{UID: uid, Post: "new", From: from}); err != nil {
			t.Fatal(err)
		}
	}
	do(t, m, "sys01", &ClosePost{ID: "new"})
	if _, err := at(m, office.System, 2, &Turn{UID: "ding", Post: "new", At: from}); err != nil || official(t, m, "ding").HasPost("new") {
		t.Errorf("on a closed post: %v", err)
	}
	if err := try(m, "sec01", &Grant{UID: "chu", Add: []string{RoleAuditor}}); office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("an administrator with a post to come: %v", err)
	}
}

func TestGrant(t *testing.T) {
	m := town(t)
	do(t, m, office.System, &PutRole{ID: "zhiban", Name: "值班"})
	do(t, m, "sec01", &Grant{UID: "shao", Add: []string{"zhiban"}, Remove: []string{"daiban"}})
	p := official(t, m, "shao")
	if !slices.Equal(p.Roles, []string{"zhiban"}) || p.Unit != "yike" || !p.HasPost("kezhang") {
		t.Errorf("%+v", p)
	}
	do(t, m, "sec01", &Grant{UID: "shao", Remove: []string{"zhiban", "daiban"}})
	r, _ := m.Get("dir.role", "zhiban")
	if p := official(t, m, "shao"); p.Roles != nil || strings.Contains(string(r.Body), "shao") {
		t.Errorf("%+v %s", p, r.Body)
	}
}

func TestClose(t *testing.T) {
	m := town(t)
	why := func(who office.UserID, cmd office.Command, field string) {
		t.Helper()
		e := office.AsError(try(m, who, cmd))
		if e == nil || e.Code != office.CodeState || e.Field != field {
			t.Errorf("%s: %v, want %s", cmd.Kind(), e, field)
		}
	}
	why("sys01", &CloseUnit{ID: "erke"}, "people")
	why("sys01", &ClosePost{ID: "kezhang"}, "people")
	do(t, m, "sys01", &Place{UID: "chu", Unit: "fu"})
	do(t, m, "sys01", &PutUnit{ID: "zu", Name: "小组", Parent: "erke"})
	why("sys01", &CloseUnit{ID: "erke"}, "units")
	do(t, m, "sys01", &CloseUnit{ID: "zu"})
	do(t, m, "sys01", &PutPost{ID: "neiqin", Name: "内勤", Unit: "erke"})
	why("sys01", &CloseUnit{ID: "erke"}, "posts")
	do(t, m, "sys01", &ClosePost{ID: "neiqin"})
	do(t, m, "sys01", &CloseUnit{ID: "erke"})
	if r, ok := m.Get("dir.unit", "erke"); !ok || !strings.Contains(string(r.Body), `"state":"closed"`) {
		t.Errorf("%s", r.Body)
	}
	for _, cmd := range []office.Command{
		&Place{UID: "ding", Unit: "erke"}, &Place{UID: "ding", Unit: "yike", Units: []string{"erke"}},
		&PutUnit{ID: "neu", Name: "新", Parent: "erke"}, &PutPost{ID: "neu", Name: "新", Unit: "erke"}, &Appoint{UID: "ding", Post: "neiqin"},
	} {
		if err := try(m, "sys01", cmd); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%s into what is closed: %v", cmd.Kind(), err)
		}
	}
	why("sys01", &CloseUnit{ID: "zu", Open: true}, "parent")
	why("sys01", &ClosePost{ID: "neiqin", Open: true}, "unit")
	do(t, m, "sys01", &CloseUnit{ID: "erke", Open: true})
	do(t, m, "sys01", &ClosePost{ID: "neiqin", Open: true})
	do(t, m, "sys01", &Place{UID: "ding", Unit: "erke"})
	// The 文书 post of a unit in use stays, even vacant.
	do(t, m, "sys01", &Dismiss{UID: "ding", Post: "wenshu"})
	do(t, m, "sys01", &Dismiss{UID: "chu", Post: "wenshu"})
	why("sys01", &ClosePost{ID: "wenshu"}, "clerk")
	// Who has left does not keep a unit open.
	do(t, m, "sys01", &PutPerson{ID: "ding", Name: "丁小禾", State: Disabled})
	do(t, m, "sys01", &ClosePost{ID: "neiqin"})
	do(t, m, "sys01", &CloseUnit{ID: "erke"})
}

// People beyond the first page of the address book are people too.
func TestCloseLooksAtEverybody(t *testing.T) {
	m := town(t)
	do(t, m, office.System, &PutUnit{ID: "zu", Name: "小组"})
	for i := range office.MaxLimit {
		do(t, m, office.System, &PutPerson{ID: fmt.Sprintf("a%04d", i), Name: "艾", Pinyin: "ai"})
	}
	do(t, m, office.System, &PutPerson{ID: "last", Name: "祖", Pinyin: "zz"})
	do(t, m, office.System, &Place{UID: "last", Unit: "zu"})
	if e := office.AsError(try(m, "sys01", &CloseUnit{ID: "zu"})); e == nil || e.Field != "people" || e.Message != "last" {
		t.Errorf("%v", e)
	}
}

func TestAdministrationRefused(t *testing.T) {
	soon := now.Add(time.Hour).UnixMilli()
	for _, x := range []struct {
		name  string
		who   office.UserID
		cmd   office.Command
		code  office.Code
		field string
	}{
		{"an official places", "shao", &Place{UID: "ding", Unit: "erke"}, office.CodeNotPermitted, ""},
		{"the security administrator places", "sec01", &Place{UID: "ding", Unit: "erke"}, office.CodeNotPermitted, ""},
		{"the auditor places", "aud01", &Place{UID: "ding", Unit: "erke"}, office.CodeNotPermitted, ""},
		{"himself", "sys01", &Place{UID: "sys01", Unit: "erke"}, office.CodeNotPermitted, "uid"},
		{"no such person", "sys01", &Place{UID: "ghost"}, office.CodeNotFound, "dir.person"},
		{"no such unit", "sys01", &Place{UID: "ding", Unit: "ghost"}, office.CodeInvalid, "unit"},
		{"no such other unit", "sys01", &Place{UID: "ding", Unit: "yike", Units: []string{"ghost"}}, office.CodeInvalid, "units"},
		{"main unit twice", "sys01", &Place{UID: "ding", Unit: "yike", Units: []string{"yike"}}, office.CodeInvalid, "units"},
		{"bad unit", "sys01", &Place{UID: "ding", Unit: "../x"}, office.CodeInvalid, "unit"},
		{"an official appoints", "shao", &Appoint{UID: "ding", Post: "kezhang"}, office.CodeNotPermitted, ""},
		{"the security administrator appoints", "sec01", &Appoint{UID: "ding", Post: "kezhang"}, office.CodeNotPermitted, ""},
		{"appoints himself", "sys01", &Appoint{UID: "sys01", Post: "kezhang"}, office.CodeNotPermitted, "uid"},
		{"an administrator on a post", "sys01", &Appoint{UID: "sec01", Post: "kezhang"}, office.CodeInvalid, "roles"},
		{"no such post", "sys01", &Appoint{UID: "ding", Post: "ghost"}, office.CodeInvalid, "post"},
		{"end before begin", "sys01", &Appoint{UID: "ding", Post: "kezhang", From: soon, Until: soon}, office.CodeInvalid, "until"},
		{"past end", "sys01", &Appoint{UID: "ding", Post: "kezhang", Until: now.UnixMilli()}, office.CodeInvalid, "until"},
		{"far begin", "sys01", &Appoint{UID: "ding", Post: "kezhang", From: office.MaxTime + 1}, office.CodeInvalid, "from"},
		{"who has left", "sys01", &Appoint{UID: "left", Post: "kezhang"}, office.CodeState, ""},
		{"an official dismisses", "shao", &Dismiss{UID: "ding", Post: "wenshu"}, office.CodeNotPermitted, ""},
		{"the security administrator dismisses", "sec01", &Dismiss{UID: "ding", Post: "wenshu"}, office.CodeNotPermitted, ""},
		{"not on the post", "sys01", &Dismiss{UID: "ding", Post: "kezhang"}, office.CodeState, ""},
		{"a turn by an administrator", "sys01", &Turn{UID: "ding", Post: "wenshu"}, office.CodeNotPermitted, ""},
		{"a turn by an official", "ding", &Turn{UID: "ding", Post: "kezhang"}, office.CodeNotPermitted, ""},
		{"the system administrator grants", "sys01", &Grant{UID: "ding", Add: []string{"daiban"}}, office.CodeNotPermitted, ""},
		{"the system administrator takes away", "sys01", &Grant{UID: "shao", Remove: []string{"daiban"}}, office.CodeNotPermitted, ""},
		{"an official grants", "shao", &Grant{UID: "ding", Add: []string{"daiban"}}, office.CodeNotPermitted, ""},
		{"the auditor grants", "aud01", &Grant{UID: "ding", Add: []string{"daiban"}}, office.CodeNotPermitted, ""},
		{"grants to himself", "sec01", &Grant{UID: "sec01", Add: []string{"daiban"}}, office.CodeNotPermitted, "uid"},
		{"frees himself", "sec01", &Grant{UID: "sec01", Remove: []string{RoleSecAdmin}}, office.CodeNotPermitted, "uid"},
		{"three in one", "sec01", &Grant{UID: "aud01", Add: []string{RoleSecAdmin}}, office.CodeInvalid, "roles"},
		{"an administrator with a post", "sec01", &Grant{UID: "ding", Add: []string{RoleSysAdmin}}, office.CodeInvalid, "roles"},
		{"no such role", "sec01", &Grant{UID: "ding", Add: []string{"ghost"}}, office.CodeInvalid, "add"},
		{"nothing", "sec01", &Grant{UID: "ding"}, office.CodeInvalid, "add"},
		{"both ways", "sec01", &Grant{UID: "ding", Add: []string{"daiban"}, Remove: []string{"daiban"}}, office.CodeInvalid, "remove"},
		{"an official closes a unit", "shao", &CloseUnit{ID: "erke"}, office.CodeNotPermitted, ""},
		{"the security administrator closes a unit", "sec01", &CloseUnit{ID: "erke"}, office.CodeNotPermitted, ""},
		{"no such unit to close", "sys01", &CloseUnit{ID: "ghost"}, office.CodeNotFound, "dir.unit"},
		{"an official closes a post", "shao", &ClosePost{ID: "wenshu"}, office.CodeNotPermitted, ""},
		{"no such post to close", "sys01", &ClosePost{ID: "ghost"}, office.CodeNotFound, "dir.post"},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := town(t)
			do(t, m, office.System, &PutPerson{ID: "left", Name: "离任", State: Disabled})
			all := func() (s string) {
				for _, k := range []string{"dir.person", "dir.unit", "dir.post", "dir.role"} {
					for _, r := range m.All(k) {
						s += r.ID + string(r.Body)
					}
				}
				return s
			}
			before := all()
			e := office.AsError(try(m, x.who, x.cmd))
			if e == nil || e.Code != x.code || e.Field != x.field {
				t.Fatalf("%v, want %s (%s)", e, x.code, x.field)
			}
			if all() != before {
				t.Error("something was stored")
			}
		})
	}
}

// Who fills a post sees what its unit sees, as long as they fill it and it is
// that unit's.
func TestPostsUnit(t *testing.T) {
	m := town(t)
	do(t, m, "sys01", &PutPost{ID: "neiqin", Name: "内勤", Unit: "erke"})
	sees := func() bool {
		t.Helper()
		r, _ := m.Get("dir.person", "ding")
		ch, err := Subscriptions(r)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(ch, office.ToUnit("erke"))
	}
	do(t, m, "sys01", &Appoint{UID: "ding", Post: "neiqin"})
	if !sees() {
		t.Error("appointed")
	}
	do(t, m, "sys01", &PutPost{ID: "neiqin", Name: "内勤", Unit: "yike"})
	if sees() {
		t.Error("the post went to another unit")
	}
	do(t, m, "sys01", &PutPost{ID: "neiqin", Name: "内勤", Unit: "erke"})
	if !sees() {
		t.Error("and back")
	}
	do(t, m, "sys01", &Dismiss{UID: "ding", Post: "neiqin"})
	if sees() {
		t.Error("dismissed")
	}
	do(t, m, "sys01", &Assign{UID: "ding", Unit: "yike", Posts: []string{"neiqin"}})
	if !sees() {
		t.Error("assigned")
	}
	if ok := official(t, m, "ding").InUnit("erke"); ok {
		t.Error("seeing is not working there")
	}
}
