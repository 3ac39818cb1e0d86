package httpd_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

func TestMetrics(t *testing.T) {
	w := newWorld(t)
	if r := w.send(t, scenario{path: "/sync/push", token: w.lin.Token(), body: endpoints(w.lin)[3].good}); r.Code != 200 {
		t.Fatal(r.Code, r.Body)
	}
	w.send(t, scenario{path: "/sync/pull", token: w.lin.Token(), body: endpoints(w.lin)[4].good})
	w.send(t, scenario{path: "/auth/login", body: login(t, "nobody", "x")})
	w.send(t, scenario{path: "/no/such", body: ""})
	listen(t, w.xu)
	r := w.send(t, scenario{method: "GET", path: "/metrics"})
	if r.Code != 200 || !strings.HasPrefix(r.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("%d %v", r.Code, r.Header())
	}
	for _, line := range []string{
		`qianshao_requests_total{route="/sync/push",status="200"} 1`, `qianshao_requests_total{route="other",status="404"} 1`,
		`qianshao_commands_total{outcome="applied"} 1`, `qianshao_logins_total{result="ok"} 2`, `qianshao_logins_total{result="refused"} 1`,
		"qianshao_pull_pages_total 1", "qianshao_poke_streams 1", "qianshao_sessions 2", "qianshao_panics_total 0", `qianshao_request_seconds_count{route="/sync/pull"} 1`,
	} {
		if !strings.Contains(r.Body.String(), line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	for _, secret := range []string{"linzhiyuan", "lin-zhiyuan", w.lin.Device, "todo"} {
		if strings.Contains(r.Body.String(), secret) {
			t.Errorf("the metrics hold %q", secret)
		}
	}
	if strings.Contains(r.Body.String(), "qianshao_pull_rows_total 0\n") || strings.Contains(r.Body.String(), "qianshao_pull_bytes_total 0\n") {
		t.Error("the pull was not counted")
	}
	w.play(t,
		scenario{name: "from another machine", method: "GET", path: "/metrics", from: "192.0.2.1:1", status: 404, code: protocol.CodeNoEndpoint},
		scenario{name: "through a proxy here", method: "GET", path: "/metrics", header: map[string]string{"X-Forwarded-For": "192.0.2.1"}, status: 404, code: protocol.CodeNoEndpoint},
		scenario{name: "from IPv6 loopback", method: "GET", path: "/metrics", from: "[::1]:1", status: 200},
	)
}

func TestHealth(t *testing.T) {
	w := newWorld(t)
	w.play(t, scenario{name: "up", method: "GET", path: "/healthz", from: "192.0.2.1:1", status: 200, has: `{"ok":true}`})
	if r := w.send(t, scenario{method: "HEAD", path: "/healthz"}); r.Code != 200 || r.Body.Len() > 0 {
		t.Errorf("HEAD: %d %s", r.Code, r.Body)
	}
	if err := w.CloseStore(); err != nil {
		t.Fatal(err)
	}
	if r := w.send(t, scenario{method: "GET", path: "/healthz"}); r.Code != 503 || !strings.Contains(r.Body.String(), `"unavailable"`) {
		t.Errorf("without a store: %d %s", r.Code, r.Body)
	}
	// Without its store no request gets a verdict, and nobody is signed out.
	for _, e := range endpoints(w.lin) {
		if r := w.send(t, scenario{method: e.method(), path: e.path, token: w.lin.Token(), body: e.good}); r.Code < 500 {
			t.Errorf("%s without a store: %d %s", e.path, r.Code, r.Body)
		}
	}
}

// The log says what happened without passwords, tokens or texts of documents.
func TestLog(t *testing.T) {
	var log safeBuffer
	w := newWorld(t, func(o *servertest.Options) {
		o.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	const title = "一份不可外传的标题"
	args := encode(t, todoCreate("a", title))
	push := func(n, ticket, next, mid, args string) string {
		return `{"dev":"` + w.lin.Device + `","ticket":"` + ticket + `","next_ticket":"` + next + `","cmds":[{"n":` + n + `,"mid":"` + mid + `","command":"todo.create@1","args":` + args + `,"claimed_at":1}]}`
	}
	w.play(t,
		scenario{name: "applied", path: "/sync/push", token: w.lin.Token(), body: push("1", "", "ticket-one", "m1", args), status: 200, stores: true, after: wants(protocol.Applied, "")},
		scenario{name: "refused", path: "/sync/push", token: w.lin.Token(), body: push("2", "ticket-one", "ticket-two", "m2", args), status: 200, stores: true, after: wants(protocol.Rejected, "exists")},
		scenario{name: "malformed", path: "/sync/push", token: w.lin.Token(), body: push("3", "ticket-two", "ticket-three", title, args)[:200], status: 400, code: protocol.CodeBadRequest},
		scenario{name: "pulled", path: "/sync/pull", token: w.lin.Token(), body: endpoints(w.lin)[4].good, status: 200, has: title},
		scenario{name: "no token", path: "/sync/pull", token: "qs_" + strings.Repeat("S", 43), body: "{}", status: 401, code: protocol.CodeSession},
		scenario{name: "typed a password as a name", path: "/auth/login", body: login(t, "my-secret-word-77", "x"), status: 401, code: protocol.CodeCredentials},
		scenario{name: "wrong password", path: "/auth/login", body: login(t, "linzhiyuan", "nearly-the-password"), from: "192.0.2.77:1", status: 401, code: protocol.CodeCredentials},
	)
	text := log.String()
	for _, secret := range []string{title, w.lin.Token(), w.lin.Token()[3:], w.xu.Token(), servertest.Password, "nearly-the-password", "my-secret-word-77", "SSSSSSSS", "ticket-one", "ticket-two"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	for _, needed := range []string{`"msg":"logged in"`, `"msg":"log-in refused"`, `"from":"192.0.2.77"`, `"uid":"lin-zhiyuan"`, `"status":400`, `"path":"/sync/push"`, `"request":"`} {
		if !strings.Contains(text, needed) {
			t.Errorf("the log lacks %s", needed)
		}
	}
}

type safeBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A caller who gives up is not told a verdict, and no fault is logged as ours.
func TestCallerGivesUp(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.lin.Pull(ctx, protocol.PullRequest{Device: w.lin.Device}); err == nil {
		t.Error("answered")
	}
}
