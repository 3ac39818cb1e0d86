package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

const fresh = "Another-word-for-it"

// ruled is a world with the three administrators (三员), somebody who was one, and
// a person without an account.
func ruled(t *testing.T) (*world, map[string]*servertest.Desk) {
	t.Helper()
	w := newWorld(t)
	desks := map[string]*servertest.Desk{"nobody's": w.lin}
	for name, u := range map[string]servertest.User{
		"the system administrator's":   {UID: "sys01", Name: "高原", Roles: []string{directory.RoleSysAdmin}},
		"the security administrator's": {UID: "sec01", Name: "沙鸥", Roles: []string{directory.RoleSecAdmin}},
		"the auditor's":                {UID: "aud01", Name: "秦川", Roles: []string{directory.RoleAuditor}},
		"a former administrator's":     {UID: "old01", Name: "旧任", Roles: []string{directory.RoleSysAdmin}},
	} {
		if err := w.AddUser(u); err != nil {
			t.Fatal(err)
		}
		desks[name] = w.desk(t, u)
	}
	if err := w.AddUser(servertest.User{UID: "zhou-muye", Name: "周牧野"}); err != nil {
		t.Fatal(err)
	}
	if err := w.As(office.System).Must(&directory.PutPerson{ID: "new-one", Name: "新来"}); err != nil {
		t.Fatal(err)
	}
	if err := w.As(office.System).Must(&directory.Assign{UID: "old01"}); err != nil {
		t.Fatal(err)
	}
	return w, desks
}

// Who may do what about accounts and devices, and nobody anything else.
func TestAdministrators(t *testing.T) {
	const keeper, security = "the system administrator's", "the security administrator's"
	w, desks := ruled(t)
	body := func(v any) string { return encode(t, v) }
	zhou := w.desk(t, servertest.User{UID: "zhou-muye"})
	for _, x := range []struct {
		path, body string
		who        []string
		stores     bool
	}{
		{"/admin/accounts", `{}`, []string{keeper, security}, false},
		{"/admin/account/add", body(protocol.AccountRequest{User: "newone", UID: "new-one", Password: fresh}), []string{keeper}, true},
		{"/admin/account/password", body(protocol.AccountRequest{User: "zhoumuye", Password: fresh}), []string{keeper}, true},
		{"/admin/account/enable", body(protocol.AccountRequest{User: "zhoumuye"}), []string{security}, true},
		{"/admin/account/disable", body(protocol.AccountRequest{User: "zhoumuye"}), []string{keeper, security}, true},
		{"/admin/devices", body(protocol.DevicesRequest{UID: "lin-zhiyuan"}), []string{security}, false},
		{"/admin/device/revoke", body(protocol.DeviceRequest{UID: "zhou-muye", Device: zhou.Device}), []string{security}, true},
	} {
		for _, whose := range []string{"nobody's", keeper, security, "the auditor's", "a former administrator's"} {
			s := scenario{name: fmt.Sprintf("%s by %s", x.path, whose), path: x.path, token: desks[whose].Token(), body: x.body, status: 403, code: office.CodeNotPermitted}
			for _, may := range x.who {
				if may == whose {
					s.status, s.code, s.stores = 200, "", x.stores
				}
			}
			w.play(t, s)
		}
	}
}

// An account has two hands on it before anybody signs in.
func TestAccountByAdministrators(t *testing.T) {
	w, desks := ruled(t)
	keeper, security := desks["the system administrator's"].Token(), desks["the security administrator's"].Token()
	account := func(user string) string { return encode(t, protocol.AccountRequest{User: user}) }
	state := func(user, want string) func(*testing.T, *httptest.ResponseRecorder) {
		return func(t *testing.T, r *httptest.ResponseRecorder) {
			t.Helper()
			var out protocol.AccountsReply
			if err := json.Unmarshal(r.Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
			for _, a := range out.Accounts {
				if a.User == user {
					if a.State != want {
						t.Errorf("%s is %s, want %s", user, a.State, want)
					}
					return
				}
			}
			t.Errorf("%s is not there", user)
		}
	}
	enter := scenario{name: "not yet", path: "/auth/login", body: login(t, "newone", fresh), status: 401, code: protocol.CodeCredentials, stores: true}
	in := enter
	in.name, in.status, in.code = "now", 200, ""
	make := scenario{name: "made", path: "/admin/account/add", token: keeper, body: encode(t, protocol.AccountRequest{User: "NewOne", UID: "new-one", Password: fresh}), status: 200, stores: true}
	again, weak, ghost := make, make, make
	again.name, again.status, again.code, again.field, again.stores = "twice", 409, office.CodeExists, "user", false
	weak.name, weak.body, weak.status, weak.code, weak.field, weak.stores = "weak", encode(t, protocol.AccountRequest{User: "newone", UID: "new-one", Password: "1234"}), 422, protocol.CodeWeak, "password", false
	ghost.name, ghost.body, ghost.status, ghost.code, ghost.field, ghost.stores = "of nobody", encode(t, protocol.AccountRequest{User: "ghost", UID: "ghost", Password: fresh}), 404, office.CodeNotFound, "uid", false
	w.play(t, weak, ghost, make, again, enter,
		scenario{name: "listed", path: "/admin/accounts", token: security, body: `{}`, status: 200, after: state("newone", "pending")},
		scenario{name: "opened", path: "/admin/account/enable", token: security, body: account("newone"), status: 200, stores: true},
		in,
		scenario{name: "a new password closes it", path: "/admin/account/password", token: keeper, body: encode(t, protocol.AccountRequest{User: "newone", Password: fresh}), status: 200, stores: true},
		enter,
		scenario{name: "its sessions ended", path: "/admin/accounts", token: keeper, body: `{}`, status: 200, after: state("newone", "pending")},
		scenario{name: "opened again", path: "/admin/account/enable", token: security, body: account("newone"), status: 200, stores: true},
		scenario{name: "closed", path: "/admin/account/disable", token: security, body: account("newone"), status: 200, stores: true},
		scenario{name: "not permitted to whoever keeps", path: "/admin/account/enable", token: keeper, body: account("newone"), status: 403, code: office.CodeNotPermitted},
		scenario{name: "no such account", path: "/admin/account/enable", token: security, body: account("nobody"), status: 404, code: office.CodeNotFound, field: "user"},
		scenario{name: "nobody about himself: password", path: "/admin/account/password", token: keeper, body: encode(t, protocol.AccountRequest{User: "sys01", Password: fresh}), status: 403, code: office.CodeNotPermitted, field: "uid"},
		scenario{name: "nobody about himself: open", path: "/admin/account/enable", token: security, body: account("sec01"), status: 403, code: office.CodeNotPermitted, field: "uid"},
		scenario{name: "nobody about himself: device", path: "/admin/device/revoke", token: security, body: encode(t, protocol.DeviceRequest{UID: "sec01", Device: desks["the security administrator's"].Device}), status: 403, code: office.CodeNotPermitted, field: "uid"},
		scenario{name: "a device under another's name", path: "/admin/device/revoke", token: security, body: encode(t, protocol.DeviceRequest{UID: "xu-nanqiao", Device: w.lin.Device}), status: 404, code: office.CodeNotFound, field: "dev"},
		scenario{name: "a device", path: "/admin/device/revoke", token: security, body: encode(t, protocol.DeviceRequest{UID: "lin-zhiyuan", Device: w.lin.Device}), status: 200, stores: true},
		scenario{name: "told so", path: "/admin/devices", token: security, body: encode(t, protocol.DevicesRequest{UID: "lin-zhiyuan"}), status: 200, has: `"wiped"`},
		scenario{name: "and shut out", path: "/sync/pull", token: w.lin.Token(), body: `{"dev":"` + w.lin.Device + `"}`, status: 403, code: protocol.CodeDevice},
	)
}
