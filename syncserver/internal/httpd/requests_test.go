package httpd_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

// endpoint is one of those that need a session, with a request that would do.
type endpoint struct {
	path, good string
	get        bool
}

func endpoints(d *servertest.Desk) []endpoint {
	return []endpoint{
		{"/auth/logout", `{}`, false},
		{"/auth/password", `{"old":"` + servertest.Password + `","new":"Another-word-for-it"}`, false},
		{"/sync/hello", `{"dev":"` + d.Device + `","install":"` + d.Install + `","schema":1,"version":"` + protocol.Version + `"}`, false},
		{"/sync/push", `{"dev":"` + d.Device + `","ticket":"","next_ticket":"t1","cmds":[{"n":1,"mid":"m1","command":"todo.create@1","args":{"id":"x1","title":"一"},"claimed_at":1}]}`, false},
		{"/sync/pull", `{"dev":"` + d.Device + `","last_n":0}`, false},
		{"/sync/poke", "", true},
	}
}

func (e endpoint) method() string {
	if e.get {
		return http.MethodGet
	}
	return http.MethodPost
}

// Without an open session nothing answers.
func TestNoSession(t *testing.T) {
	w := newWorld(t)
	expired, out, closed := w.desk(t, lin), w.desk(t, lin), w.desk(t, xu)
	expiredToken, outToken, closedToken := expired.Token(), out.Token(), closed.Token()
	if err := out.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.DisableAccount("xunanqiao"); err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(31 * 24 * time.Hour)
	w.lin = w.desk(t, lin)
	good := w.lin.Token()
	tokens := map[string]string{
		"none": "", "empty": " ", "unknown": "qs_" + strings.Repeat("A", 43), "not one": "x", "SQL": "' OR '1'='1",
		"expired": expiredToken, "logged out": outToken, "of a disabled account": closedToken,
		"longer": good + "A", "shorter": good[:len(good)-1], "without prefix": good[3:],
	}
	var xs []scenario
	for _, e := range endpoints(w.lin) {
		for name, token := range tokens {
			xs = append(xs, scenario{
				name: e.path + " token " + name, method: e.method(), path: e.path, token: token, body: e.good,
				status: 401, code: protocol.CodeSession,
				after: func(t *testing.T, r *httptest.ResponseRecorder) {
					if r.Header().Get("WWW-Authenticate") != "Bearer" {
						t.Error("no WWW-Authenticate")
					}
				},
			})
		}
		for name, value := range map[string]string{"basic": "Basic " + good, "bare": good, "twice": "Bearer Bearer " + good} {
			xs = append(xs, scenario{
				name: e.path + " scheme " + name, method: e.method(), path: e.path, header: map[string]string{"Authorization": value}, body: e.good,
				status: 401, code: protocol.CodeSession,
			})
		}
		xs = append(xs, scenario{
			name: e.path + " token in the query", method: e.method(), path: e.path + "?token=" + good + "&access_token=" + good, body: e.good,
			status: 401, code: protocol.CodeSession,
		}, scenario{
			name: e.path + " token in a cookie", method: e.method(), path: e.path, header: map[string]string{"Cookie": "token=" + good}, body: e.good,
			status: 401, code: protocol.CodeSession,
		})
	}
	w.play(t, xs...)
}

func TestMethodsAndForm(t *testing.T) {
	w := newWorld(t)
	good := w.lin.Token()
	bomb := zstdOf(t, make([]byte, 64<<20))
	large := `{"dev":"` + strings.Repeat("x", protocol.MaxBody) + `"}`
	var xs []scenario
	for _, e := range append(endpoints(w.lin), endpoint{"/auth/login", `{"user":"linzhiyuan","password":"` + servertest.Password + `","install":"i"}`, false}) {
		for _, m := range []string{"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"} {
			if m != e.method() {
				want := e.method()
				xs = append(xs, scenario{
					name: m + " " + e.path, method: m, path: e.path, token: good, body: e.good, status: 405, code: protocol.CodeMethod,
					after: func(t *testing.T, r *httptest.ResponseRecorder) {
						if r.Header().Get("Allow") != want {
							t.Errorf("Allow: %q", r.Header().Get("Allow"))
						}
					},
				})
				if m == "HEAD" {
					xs[len(xs)-1].after = nil
					xs = xs[:len(xs)-1] // an answer to HEAD has no body to look at
				}
			}
		}
		if e.get {
			continue
		}
		for name, header := range map[string]map[string]string{
			"no type": {"Content-Type": ""}, "form": {"Content-Type": "application/x-www-form-urlencoded"}, "text": {"Content-Type": "text/plain"},
			"multipart": {"Content-Type": "multipart/form-data; boundary=x"}, "GBK": {"Content-Type": "application/json; charset=gbk"},
			"not a type": {"Content-Type": ";;;"}, "gzip": {"Content-Encoding": "gzip"}, "two encodings": {"Content-Encoding": "zstd, zstd"},
		} {
			xs = append(xs, scenario{name: e.path + " " + name, path: e.path, token: good, header: header, body: e.good, status: 415, code: protocol.CodeMediaType})
		}
		if e.path == "/auth/logout" {
			continue // reads nothing of its body
		}
		for name, body := range map[string]string{
			"empty": "", "null": "null", "array": "[]", "string": `"x"`, "cut": e.good[:len(e.good)-1], "twice": e.good + e.good,
			"HTML": "<html></html>", "not UTF-8": strings.Replace(e.good, `"`, "\"\xff", 1), "deep": strings.Repeat(`{"a":`, 3000),
		} {
			xs = append(xs, scenario{name: e.path + " " + name, path: e.path, token: good, body: body, status: 400, code: protocol.CodeBadRequest})
		}
		zstdHeader := map[string]string{"Content-Encoding": "zstd"}
		xs = append(xs,
			scenario{name: e.path + " not zstd", path: e.path, token: good, header: zstdHeader, body: e.good, status: 400, code: protocol.CodeBadRequest},
			scenario{name: e.path + " bomb", path: e.path, token: good, header: zstdHeader, body: bomb, status: 413, code: office.CodeTooLarge},
			scenario{name: e.path + " swells", path: e.path, token: good, header: zstdHeader, body: swells(t, e.path), status: 413, code: office.CodeTooLarge},
			scenario{name: e.path + " too large", path: e.path, token: good, body: large, status: 413, code: office.CodeTooLarge},
			scenario{name: e.path + " too large, length untold", path: e.path, token: good, header: map[string]string{"Content-Length": "untold"}, body: large, status: 413, code: office.CodeTooLarge},
		)
	}
	w.play(t, xs...)
}

// swells is a body a little larger than the endpoint takes, compressed to little.
func swells(t *testing.T, path string) string {
	size := 20 << 10
	if path == "/sync/push" || path == "/sync/pull" {
		size = protocol.MaxBody + 1
	}
	return zstdOf(t, make([]byte, size))
}

func TestPathTricks(t *testing.T) {
	w := newWorld(t)
	var xs []scenario
	for _, path := range []string{
		"/", "//", "/sync", "/sync/", "/sync/push/", "//sync/push", "/sync//push", "/./sync/push", "/sync/./push", "/sync/../sync/push",
		"/x/../sync/push", "/SYNC/PUSH", "/Sync/push", "/sync%2fpush", "/sync/%70ush", "/%2e%2e/sync/push", "/sync/push%00", "/sync/push%20", "/sync/push;x=1",
		"/..%2f..%2f..%2fetc/passwd", "/../../etc/passwd", "/%2e%2e%2f%2e%2e%2fetc/passwd", "/sync/push%2f", "/sync/push.json",
		"/office.db", "/data/office.db", "/.git/config", "/debug/pprof/", "/debug/vars", "/metrics/", "/healthz/..", "/index.html", "/admin",
		"/reading", "/blob/x", "/sync/digests", "/<script>alert(1)</script>", "/'; DROP TABLE account; --",
	} {
		for _, m := range []string{"POST", "GET"} {
			xs = append(xs, scenario{name: m + " " + path, method: m, path: strings.ReplaceAll(strings.ReplaceAll(path, " ", "%20"), "'", "%27"), token: w.lin.Token(), body: "{}", status: 404, code: protocol.CodeNoEndpoint,
				after: func(t *testing.T, r *httptest.ResponseRecorder) {
					if strings.Contains(r.Body.String(), "script") || r.Header().Get("Location") != "" {
						t.Errorf("%v %s", r.Header(), r.Body)
					}
				}})
		}
	}
	w.play(t, xs...)
}

// Who is signed in is not thereby anybody else.
func TestForeignDevices(t *testing.T) {
	w := newWorld(t)
	second := w.desk(t, lin) // the same person's other machine
	var xs []scenario
	for name, dev := range map[string]string{"another person's": w.xu.Device, "nobody's": "no-such-device", "my other one": second.Device} {
		for _, e := range endpoints(&servertest.Desk{Device: dev, Install: "i"}) {
			if strings.HasPrefix(e.path, "/sync/") && !e.get {
				xs = append(xs, scenario{name: e.path + " device " + name, path: e.path, token: w.lin.Token(), body: e.good, status: 403, code: office.CodeNotPermitted, field: "dev"})
			}
		}
	}
	login := func(dev string) string {
		return encode(t, protocol.LoginRequest{User: "linzhiyuan", Password: servertest.Password, Install: "i", Device: dev})
	}
	xs = append(xs,
		scenario{name: "log in on another person's device", path: "/auth/login", body: login(w.xu.Device), status: 403, code: protocol.CodeDevice, field: "dev"},
		scenario{name: "log in on a device that is no id", path: "/auth/login", body: login("../" + w.xu.Device), status: 400, code: office.CodeInvalid, field: "dev"},
	)
	w.play(t, xs...)
}

// A revoked device learns that it is, and nothing else: with the session it
// had, and with one of a new log-in.
func TestRevokedDevice(t *testing.T) {
	w := newWorld(t)
	if err := w.As("lin-zhiyuan").Must(todoCreate("secret", "一份不可外传的标题")); err != nil {
		t.Fatal(err)
	}
	if err := w.RevokeDevice(w.lin.Device); err != nil {
		t.Fatal(err)
	}
	again, err := w.SignIn(lin, w.lin.Device, w.lin.Install, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*servertest.Desk{w.lin, again} {
		var xs []scenario
		for _, e := range endpoints(d) {
			x := scenario{name: e.path, method: e.method(), path: e.path, token: d.Token(), body: e.good, status: 403, code: protocol.CodeDevice, has: `"wiped"`}
			switch e.path {
			case "/sync/hello", "/sync/push":
				x.status, x.code, x.has = 200, "", `"verdict":"wiped"`
			case "/auth/logout":
				continue
			}
			x.after = func(t *testing.T, r *httptest.ResponseRecorder) {
				if strings.Contains(r.Body.String(), "不可外传") {
					t.Error("it got data")
				}
			}
			xs = append(xs, x)
		}
		xs = append(xs, scenario{name: "/auth/logout", path: "/auth/logout", token: d.Token(), body: "{}", status: 200, has: `{"ok":true}`, stores: true})
		w.play(t, xs...)
	}
}

// Texts that mean something to databases and browsers are texts.
func TestHostileTexts(t *testing.T) {
	w := newWorld(t)
	for n, text := range []string{
		`'; DROP TABLE account; --`, `" OR ""="`, `<script>alert(document.cookie)</script>`, `<img src=x onerror=alert(1)>`, `{{7*7}}${7*7}`,
		"../../etc/passwd", "%00%0a%s%n", `\\server\share`, "🈲‮gpj.exe", strings.Repeat("长", 30),
	} {
		text := text
		login := func(user, password, name string) string {
			return encode(t, protocol.LoginRequest{User: user, Password: password, Install: "i", Name: name})
		}
		w.play(t,
			scenario{name: "user " + text, path: "/auth/login", body: login(text, servertest.Password, ""), status: 401, code: protocol.CodeCredentials},
			scenario{name: "machine " + text, path: "/auth/login", body: login("linzhiyuan", servertest.Password, text), status: 200, stores: true},
			scenario{name: "install " + text, path: "/auth/login", body: encode(t, protocol.LoginRequest{User: "linzhiyuan", Password: servertest.Password, Install: text + " "}), status: 400, code: office.CodeInvalid, field: "install"},
			scenario{name: "new password " + text, path: "/auth/password", token: w.lin.Token(), body: encode(t, protocol.PasswordRequest{Old: text, New: text}), status: 401, code: protocol.CodeCredentials, field: "old"},
			scenario{name: "hello " + text, path: "/sync/hello", token: w.lin.Token(), body: encode(t, protocol.HelloRequest{Device: text}), status: 400, code: office.CodeInvalid, field: "dev"},
			scenario{name: "pull " + text, path: "/sync/pull", token: w.lin.Token(), body: encode(t, protocol.PullRequest{Device: w.lin.Device, Cursors: []protocol.Cursor{{Chan: office.Channel("u:" + text), Pos: 1, Head: 1}}}), status: 200, has: `"drop"`},
			scenario{name: "mid " + text, path: "/sync/push", token: w.lin.Token(), body: encode(t, protocol.PushRequest{Device: w.lin.Device, Next: "t", Cmds: []protocol.Command{{N: 1, Mid: text, Kind: "todo.create@1", Args: []byte("{}")}}}), status: 400, code: office.CodeInvalid, field: "cmds[0].mid"},
		)
		// As a value it is kept as it is, and given back as it is.
		id := "hostile-" + strings.Repeat("x", n+1)
		if err := w.As("lin-zhiyuan").Must(todoCreate(id, text)); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		w.play(t, scenario{name: "pulled " + text, path: "/sync/pull", token: w.lin.Token(), body: encode(t, protocol.PullRequest{Device: w.lin.Device}), status: 200, after: func(t *testing.T, r *httptest.ResponseRecorder) {
			if got := titleOf(t, r.Body.Bytes(), id); got != text {
				t.Errorf("title %q", got)
			}
		}})
		if err := w.lin.Password(t.Context(), protocol.PasswordRequest{Old: servertest.Password, New: "wrong-" + text}); err == nil {
			// the password was changed: change it back for the next text
			if err := w.lin.Password(t.Context(), protocol.PasswordRequest{Old: "wrong-" + text, New: servertest.Password}); err != nil {
				t.Fatal(err)
			}
		}
		w.Clock.Add(25 * time.Hour) // wrong passwords are forgotten
	}
}
