package httpd_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

func login(t *testing.T, user, password string) string {
	return encode(t, protocol.LoginRequest{User: user, Password: password, Install: "i"})
}

func retryAfter(want string) func(*testing.T, *httptest.ResponseRecorder) {
	return func(t *testing.T, r *httptest.ResponseRecorder) {
		t.Helper()
		if got := r.Header().Get("Retry-After"); got != want {
			t.Errorf("Retry-After %q, want %q", got, want)
		}
	}
}

// Whether a name exists cannot be told from the answers, byte by byte.
func TestLoginTellsNothing(t *testing.T) {
	w := newWorld(t)
	if err := w.DisableAccount("xunanqiao"); err != nil {
		t.Fatal(err)
	}
	for i := range 7 {
		var first string
		for n, user := range []string{"linzhiyuan", "nobody", "xunanqiao"} {
			password := "wrong-password"
			if user == "xunanqiao" {
				password = servertest.Password // right, but disabled
			}
			r := w.send(t, scenario{path: "/auth/login", body: login(t, user, password), from: fmt.Sprintf("10.0.%d.%d:1", i, n)})
			answer := fmt.Sprint(r.Code, r.Body, r.Header().Get("Retry-After"), len(r.Header()))
			if n == 0 {
				first = answer
			} else if answer != first {
				t.Errorf("attempt %d: %s answers %s, another %s", i+1, user, answer, first)
			}
			if want := map[bool]int{true: 401, false: 429}[i < 5]; r.Code != want {
				t.Errorf("attempt %d: %d, want %d", i+1, r.Code, want)
			}
		}
	}
}

func TestLockedAccountSaysHowLong(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		w.send(t, scenario{path: "/auth/login", body: login(t, "linzhiyuan", "wrong-password")})
	}
	w.play(t, scenario{name: "locked", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), status: 429, code: protocol.CodeLocked, after: retryAfter("60")})
	w.Clock.Add(40 * time.Second)
	w.play(t, scenario{name: "still", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), status: 429, code: protocol.CodeLocked, after: retryAfter("20")})
	w.Clock.Add(20 * time.Second)
	w.play(t, scenario{name: "open", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), status: 200, stores: true, has: `"token":"qs_`})
}

// One address cannot try many names, one name cannot be tried from many
// addresses, and right passwords do not count.
func TestLoginRates(t *testing.T) {
	w := newWorld(t, func(o *servertest.Options) { o.LoginBurst = 4 })
	const here, there = "192.0.2.1:1000", "192.0.2.2:1000"
	for range 20 {
		if r := w.send(t, scenario{path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), from: here}); r.Code != 200 {
			t.Fatalf("right passwords count: %d %s", r.Code, r.Body)
		}
	}
	for i := range 4 {
		if r := w.send(t, scenario{path: "/auth/login", body: login(t, fmt.Sprintf("name%d", i), "x"), from: here}); r.Code != 401 {
			t.Errorf("%d: %d", i, r.Code)
		}
	}
	w.play(t,
		scenario{name: "many names from one address", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), from: here, status: 429, code: protocol.CodeRate, after: retryAfter("3")},
		scenario{name: "its other port", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), from: "192.0.2.1:9", status: 429, code: protocol.CodeRate, after: retryAfter("3")},
		scenario{name: "a header does not make it another address", path: "/auth/login", header: map[string]string{"X-Forwarded-For": "198.51.100.7"}, body: login(t, "linzhiyuan", servertest.Password), from: here, status: 429, code: protocol.CodeRate, after: retryAfter("3")},
		scenario{name: "another address", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), from: there, status: 200, stores: true},
		scenario{name: "the open session goes on", path: "/sync/pull", token: w.lin.Token(), body: `{"dev":"` + w.lin.Device + `"}`, from: here, status: 200},
	)
	w.Clock.Add(3 * time.Second)
	w.play(t,
		scenario{name: "one more", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), from: here, status: 200, stores: true},
	)
	for i := range 4 {
		if r := w.send(t, scenario{path: "/auth/login", body: login(t, "LinZhiYuan ", "x"), from: fmt.Sprintf("198.51.100.%d:1", i)}); r.Code != 401 {
			t.Errorf("%d: %d %s", i, r.Code, r.Body)
		}
	}
	w.play(t, scenario{name: "one name from many addresses", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), from: "198.51.100.99:1", status: 429, code: protocol.CodeRate, after: retryAfter("6")})
	for i := range 4 {
		w.send(t, scenario{path: "/auth/login", body: login(t, fmt.Sprintf("v6name%d", i), "x"), from: fmt.Sprintf("[2001:db8::%d]:1", i+1)})
	}
	w.play(t,
		scenario{name: "one IPv6 network", path: "/auth/login", body: login(t, "xunanqiao", servertest.Password), from: "[2001:db8::ffff]:1", status: 429, code: protocol.CodeRate, after: retryAfter("3")},
		scenario{name: "another IPv6 network", path: "/auth/login", body: login(t, "xunanqiao", servertest.Password), from: "[2001:db8:0:1::1]:1", status: 200, stores: true},
	)
}

func TestPasswordAndLogout(t *testing.T) {
	w := newWorld(t)
	other := w.desk(t, lin)
	change := func(old, new string) string { return encode(t, protocol.PasswordRequest{Old: old, New: new}) }
	w.play(t,
		scenario{name: "wrong old one", path: "/auth/password", token: w.lin.Token(), body: change("wrong-password", "Another-word-for-it"), status: 401, code: protocol.CodeCredentials, field: "old"},
		scenario{name: "weak", path: "/auth/password", token: w.lin.Token(), body: change(servertest.Password, "short"), status: 422, code: protocol.CodeWeak, field: "password"},
		scenario{name: "common", path: "/auth/password", token: w.lin.Token(), body: change(servertest.Password, "Bangongshi2026"), status: 422, code: protocol.CodeWeak, field: "password"},
		scenario{name: "with the name", path: "/auth/password", token: w.lin.Token(), body: change(servertest.Password, "x-linzhiyuan-x"), status: 422, code: protocol.CodeWeak, field: "password"},
		scenario{name: "the same", path: "/auth/password", token: w.lin.Token(), body: change(servertest.Password, servertest.Password), status: 422, code: protocol.CodeWeak, field: "password"},
		scenario{name: "good", path: "/auth/password", token: w.lin.Token(), body: change(servertest.Password, "Another-word-for-it"), status: 200, stores: true, has: `{"ok":true}`},
		scenario{name: "the session goes on", path: "/sync/pull", token: w.lin.Token(), body: `{"dev":"` + w.lin.Device + `"}`, status: 200},
		scenario{name: "the other session does not", path: "/sync/pull", token: other.Token(), body: `{"dev":"` + other.Device + `"}`, status: 401, code: protocol.CodeSession},
		scenario{name: "another person's does", path: "/sync/pull", token: w.xu.Token(), body: `{"dev":"` + w.xu.Device + `"}`, status: 200},
		scenario{name: "the old password", path: "/auth/login", body: login(t, "linzhiyuan", servertest.Password), status: 401, code: protocol.CodeCredentials},
		scenario{name: "the new password", path: "/auth/login", body: login(t, "linzhiyuan", "Another-word-for-it"), status: 200, stores: true},
		scenario{name: "log out", path: "/auth/logout", token: w.lin.Token(), body: "{}", status: 200, stores: true, has: `{"ok":true}`},
		scenario{name: "log out again", path: "/auth/logout", token: w.lin.Token(), body: "{}", status: 401, code: protocol.CodeSession},
	)
}
