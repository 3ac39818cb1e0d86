package bridge

import (
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// administered is an office with a unit, a post and three people, and its two
// administrators.
func administered(t *testing.T, uid office.UserID) (*Rooms, *fakeHost) {
	t.Helper()
	r, h, _ := newRooms(t, uid)
	for i, cmd := range []office.Command{
		&directory.PutRole{ID: directory.RoleSysAdmin, Name: "系统管理员"}, &directory.PutRole{ID: directory.RoleSecAdmin, Name: "安全保密管理员"},
		&directory.PutRole{ID: "clerk", Name: "文书"}, &directory.PutUnit{ID: "mishu1", Name: "秘书一科", Order: 10}, &directory.PutPost{ID: "wenshu", Name: "文书", Unit: "mishu1"},
		&directory.PutPerson{ID: "sys01", Name: "高原", Order: 90}, &directory.PutPerson{ID: "sec01", Name: "沙鸥", Order: 91}, &directory.PutPerson{ID: "ding-xiaohe", Name: "丁小禾", Order: 10},
		&directory.Assign{UID: "sys01", Roles: []string{directory.RoleSysAdmin}}, &directory.Assign{UID: "sec01", Roles: []string{directory.RoleSecAdmin}},
		&directory.Assign{UID: "ding-xiaohe", Unit: "mishu1", Posts: []string{"wenshu"}},
	} {
		if err := h.desk.run(office.DeriveID("setup", string(rune('a'+i))), cmd, office.System); err != nil {
			t.Fatal(err)
		}
	}
	return r, h
}

func TestAdminBook(t *testing.T) {
	r, h := administered(t, "sys01")
	if _, err := r.Directory.PutUnit(UnitInput{Name: "小组", Parent: "mishu1", Order: 20}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Directory.PutPost(PostInput{Name: "内勤", Unit: "mishu1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Directory.PutPerson(PersonInput{Name: "单小雨", Pinyin: "shan xiao yu", Active: true, Order: 20}); err != nil {
		t.Fatal(err)
	}
	if x := last(h).(*directory.PutPerson); x.Pinyin != "" || x.State != "" {
		t.Errorf("the rule's reading is no exception: %+v", x)
	}
	soon := office.Millis(start) + 3600_000
	for _, in := range []TermInput{{UID: "ding-xiaohe", Post: lastPost(t, r), From: soon}, {UID: "ding-xiaohe", Post: "wenshu"}} {
		if _, err := r.Directory.Appoint(in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Directory.Place("ding-xiaohe", "mishu1", nil); err != nil {
		t.Fatal(err)
	}
	b, err := r.Directory.Admin()
	if err != nil || !b.MayKeep || b.MayGrant || len(b.Units) != 2 || len(b.Posts) != 2 || len(b.Roles) != 3 || len(b.People) != 4 {
		t.Fatalf("%+v %v", b, err)
	}
	if b.Units[0].People != 1 || b.Units[1].Parent != "mishu1" || b.Units[1].Name != "小组" {
		t.Errorf("%+v", b.Units)
	}
	ding := b.People[0]
	if ding.ID != "ding-xiaohe" || len(ding.Terms) != 2 || ding.Terms[0] != (AdminTerm{Post: "wenshu", State: "now", From: office.Millis(start)}) || ding.Terms[1].State != "next" {
		t.Errorf("%+v", ding.Terms)
	}
	if _, err := r.Directory.Dismiss("ding-xiaohe", "wenshu"); err != nil {
		t.Fatal(err)
	}
	if b, _ = r.Directory.Admin(); b.People[0].Terms[1].State != "past" {
		t.Errorf("%+v", b.People[0].Terms)
	}
	// The tree stands in the way of closing; empty it closes, and opens again.
	_, err = r.Directory.CloseUnit("mishu1", false)
	refused(t, err, office.CodeState)
	if _, err := r.Directory.CloseUnit(b.Units[1].ID, false); err != nil {
		t.Fatal(err)
	}
	if b, _ = r.Directory.Admin(); !b.Units[1].Closed {
		t.Errorf("%+v", b.Units[1])
	}
	if _, err := r.Directory.CloseUnit(b.Units[1].ID, true); err != nil {
		t.Fatal(err)
	}
	_, err = r.Directory.ClosePost("wenshu", true)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Directory.Grant("ding-xiaohe", []string{"clerk"}, nil)
	refused(t, err, office.CodeNotPermitted)
	if py, err := r.Directory.Reading("单于飞"); err != nil || py != "chan yu fei" {
		t.Errorf("%q %v", py, err)
	}
}

func lastPost(t *testing.T, r *Rooms) string {
	t.Helper()
	b, err := r.Directory.Admin()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range b.Posts {
		if p.Name == "内勤" {
			return p.ID
		}
	}
	t.Fatal("no post")
	return ""
}

func TestSecurityAdministrator(t *testing.T) {
	r, _ := administered(t, "sec01")
	if _, err := r.Directory.Grant("ding-xiaohe", []string{"clerk"}, nil); err != nil {
		t.Fatal(err)
	}
	b, err := r.Directory.Admin()
	if err != nil || b.MayKeep || !b.MayGrant || len(b.People[0].Roles) != 1 {
		t.Errorf("%+v %v", b, err)
	}
	_, err = r.Directory.PutPerson(PersonInput{Name: "某人", Active: true})
	refused(t, err, office.CodeNotPermitted)
	_, err = r.Directory.Grant("sec01", nil, []string{directory.RoleSecAdmin})
	refused(t, err, office.CodeNotPermitted)
}

func TestOthersSeeNoAdministration(t *testing.T) {
	r, _ := administered(t, "ding-xiaohe")
	_, err := r.Directory.Admin()
	refused(t, err, office.CodeNotPermitted)
}

func TestAccountsGoToTheServer(t *testing.T) {
	r, h := administered(t, "sys01")
	if as, err := r.Directory.Accounts(); err != nil || len(as) != 1 || as[0].State != "pending" {
		t.Errorf("%+v %v", as, err)
	}
	if err := r.Directory.Account(AccountAct{Act: AccountAdd, User: " DingXiaohe ", UID: "ding-xiaohe", Password: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Directory.Revoke("ding-xiaohe", "d1"); err != nil {
		t.Fatal(err)
	}
	if len(h.acts) != 2 || h.acts[0] != (AccountAct{AccountAdd, "dingxiaohe", "ding-xiaohe", "x"}) || h.acts[1] != (AccountAct{Act: "revoke", UID: "ding-xiaohe", User: "d1"}) {
		t.Errorf("%+v", h.acts)
	}
	if ds, err := r.Directory.Devices("ding-xiaohe"); err != nil || ds[0].Name != "ding-xiaohe" {
		t.Errorf("%+v %v", ds, err)
	}
	h.fail = &office.Error{Code: office.CodeNotPermitted}
	refused(t, r.Directory.Account(AccountAct{Act: AccountEnable, User: "x"}), office.CodeNotPermitted)
	refused(t, r.Directory.Revoke("x", "y"), office.CodeNotPermitted)
	h.desk = nil
	refused(t, r.Directory.Account(AccountAct{Act: AccountEnable, User: "x"}), CodeSignedOut)
}
