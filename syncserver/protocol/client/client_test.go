package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// reply answers as the sync server does.
func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set(protocol.HeaderVersion, protocol.Version)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func serve(t *testing.T, h http.HandlerFunc) (*Client, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return New(Options{BaseURL: s.URL, Token: "qs_secret"}), s
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("not an *Error: %v", err)
	}
	return e
}

func TestPushSendsTheExactBytes(t *testing.T) {
	z, err := protocol.NewZstd(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{10, protocol.CompressFrom - 1, protocol.CompressFrom, 100_000} {
		body := bytes.Repeat([]byte("é "), size)[:size]
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			got, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			if compressed := r.Header.Get("Content-Encoding") == "zstd"; compressed != (size >= protocol.CompressFrom) {
				t.Errorf("%d bytes, compressed: %t", size, compressed)
			} else if compressed {
				if got, err = z.Decompress(got); err != nil {
					t.Error(err)
				}
			}
			if !bytes.Equal(got, body) {
				t.Errorf("%d bytes sent, %d others came", size, len(got))
			}
			if r.Method != http.MethodPost || r.URL.Path != "/sync/push" || r.Header.Get("Content-Type") != "application/json" ||
				r.Header.Get("Authorization") != "Bearer qs_secret" || r.Header.Get("Accept-Encoding") != "zstd" {
				t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
			}
			reply(w, 200, protocol.PushReply{Verdict: protocol.VerdictOK, LastN: 4})
		})
		out, err := c.Push(t.Context(), body)
		if err != nil || out.LastN != 4 {
			t.Errorf("%+v, %v", out, err)
		}
	}
}

func TestAnswersMayBeCompressed(t *testing.T) {
	z, err := protocol.NewZstd(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]protocol.Row, 200)
	for i := range rows {
		rows[i] = protocol.Row{Kind: "doc.body", ID: "d", Ver: 1, Body: json.RawMessage(`{"text":"关于汛前物资储备的请示"}`)}
	}
	whole, _ := json.Marshal(protocol.PullReply{Rows: rows})
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(protocol.HeaderVersion, protocol.Version)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Encoding", "zstd")
		w.Write(z.Compress(whole))
	})
	out, err := c.Pull(t.Context(), protocol.PullRequest{Device: "d"})
	if err != nil || len(out.Rows) != 200 {
		t.Errorf("%d rows, %v", len(out.Rows), err)
	}
}

func TestLoginKeepsTheToken(t *testing.T) {
	c, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/auth/login":
			reply(w, 200, protocol.LoginReply{Token: "qs_new", Device: "d"})
		default:
			if r.Header.Get("Authorization") != "Bearer qs_new" {
				t.Errorf("%s with %q", r.URL.Path, r.Header.Get("Authorization"))
			}
			reply(w, 200, protocol.Ack{OK: true})
		}
	})
	if _, err := c.Login(t.Context(), protocol.LoginRequest{}); err != nil || c.Token() != "qs_new" {
		t.Fatalf("token %q, %v", c.Token(), err)
	}
	if err := c.Password(t.Context(), protocol.PasswordRequest{}); err != nil {
		t.Error(err)
	}
	if err := c.Logout(t.Context()); err != nil || c.Token() != "" {
		t.Errorf("token %q after log-out, %v", c.Token(), err)
	}
	c.SetToken("qs_new")
	s.Close()
	if err := c.Logout(t.Context()); !asError(t, err).Temporary || c.Token() != "" {
		t.Errorf("token %q after log-out without a server, %v", c.Token(), err)
	}
}

// Whatever is not the sync server's own word is temporary; its own words keep
// their codes.
func TestClassification(t *testing.T) {
	html := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			io.WriteString(w, "<html>请先登录无线网络</html>")
		}
	}
	ours := func(status int, code office.Code) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { reply(w, status, office.Error{Code: code, Message: "m"}) }
	}
	raw := func(status int, header map[string]string, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range header {
				w.Header().Set(k, v)
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	mark := func(more ...string) map[string]string {
		h := map[string]string{protocol.HeaderVersion: protocol.Version, "Content-Type": "application/json"}
		for i := 0; i < len(more); i += 2 {
			h[more[i]] = more[i+1]
		}
		return h
	}
	for name, c := range map[string]struct {
		h         http.HandlerFunc
		status    int
		code      office.Code
		temporary bool
	}{
		"captive portal, 200 with HTML":  {html(200), 200, protocol.CodeNotServer, true},
		"proxy wants a log-in, HTML 401": {html(401), 401, protocol.CodeNotServer, true},
		"firewall, HTML 403":             {html(403), 403, protocol.CodeNotServer, true},
		"proxy's 413":                    {html(413), 413, protocol.CodeNotServer, true},
		"proxy log-in, 407":              {html(407), 407, protocol.CodeNotServer, true},
		"bad gateway, HTML 502":          {html(502), 502, protocol.CodeUnavailable, true},
		"JSON of another program":        {raw(200, map[string]string{"Content-Type": "application/json"}, `{"verdict":"ok","last_n":9}`), 200, protocol.CodeNotServer, true},
		"another program's refusal":      {raw(403, map[string]string{"Content-Type": "application/json"}, `{"code":"not_permitted"}`), 403, protocol.CodeNotServer, true},
		"a mark on HTML":                 {raw(200, mark("Content-Type", "text/html"), "<html>"), 200, protocol.CodeNotServer, true},
		"ours without a verdict":         {raw(200, mark(), `{}`), 200, protocol.CodeNotServer, true},
		"ours, cut JSON":                 {raw(200, mark(), `{"verdict":"ok","last`), 200, protocol.CodeNetwork, true},
		"ours, cut length":               {raw(200, mark("Content-Length", "500"), `{"verdict":"ok","last_n":9}`), 200, protocol.CodeNetwork, true},
		"ours, broken zstd":              {raw(200, mark("Content-Encoding", "zstd"), "(\xb5/\xfdcut"), 200, protocol.CodeNetwork, true},
		"an encoding not asked for":      {raw(200, mark("Content-Encoding", "br"), "x"), 200, protocol.CodeNotServer, true},
		"a refusal without a code":       {raw(400, mark(), `{}`), 400, protocol.CodeNotServer, true},
		"session over":                   {ours(401, protocol.CodeSession), 401, protocol.CodeSession, false},
		"wrong device":                   {ours(403, protocol.CodeDevice), 403, protocol.CodeDevice, false},
		"too large":                      {ours(413, office.CodeTooLarge), 413, office.CodeTooLarge, false},
		"bad request":                    {ours(400, protocol.CodeBadRequest), 400, protocol.CodeBadRequest, false},
		"internal":                       {ours(500, office.CodeInternal), 500, office.CodeInternal, true},
		"unavailable":                    {ours(503, protocol.CodeUnavailable), 503, protocol.CodeUnavailable, true},
		"too many log-ins":               {ours(429, protocol.CodeRate), 429, protocol.CodeRate, true},
	} {
		t.Run(name, func(t *testing.T) {
			cl, _ := serve(t, c.h)
			_, err := cl.Push(t.Context(), []byte("{}"))
			e := asError(t, err)
			if e.Status != c.status || e.Err.Code != c.code || e.Temporary != c.temporary || office.CodeOf(err) != c.code {
				t.Errorf("%+v (%v), want %d %s temporary=%t", e, err, c.status, c.code, c.temporary)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the token is in %q", err)
			}
		})
	}
}

// A redirect is not followed: the token would travel to another host.
func TestRedirectsAreNotFollowed(t *testing.T) {
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = true
		reply(w, 200, protocol.PushReply{Verdict: protocol.VerdictOK, LastN: 99})
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/sync/push", status) })
		_, err := c.Push(t.Context(), []byte("{}"))
		if e := asError(t, err); e.Err.Code != protocol.CodeNotServer || !e.Temporary || e.Status != status {
			t.Errorf("%d: %v", status, err)
		}
	}
	if asked {
		t.Error("the other host was asked")
	}
}

func TestNoServerIsTemporary(t *testing.T) {
	c, s := serve(t, func(http.ResponseWriter, *http.Request) {})
	s.Close()
	_, err := c.Push(t.Context(), []byte("{}"))
	if e := asError(t, err); e.Status != 0 || e.Err.Code != protocol.CodeNetwork || !e.Temporary {
		t.Errorf("%+v", e)
	}
}

func TestBrokenConnectionIsTemporary(t *testing.T) {
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		conn.Close()
	})
	_, err := c.Hello(t.Context(), protocol.HelloRequest{})
	if e := asError(t, err); e.Err.Code != protocol.CodeNetwork || !e.Temporary {
		t.Errorf("%+v", e)
	}
}

func TestTimeoutAndCancel(t *testing.T) {
	never := func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	s := httptest.NewServer(http.HandlerFunc(never))
	defer s.Close()
	_, err := New(Options{BaseURL: s.URL, Timeout: time.Nanosecond}).Pull(t.Context(), protocol.PullRequest{})
	if e := asError(t, err); e.Err.Code != protocol.CodeTimeout || !e.Temporary {
		t.Errorf("%+v", e)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = New(Options{BaseURL: s.URL}).Pull(ctx, protocol.PullRequest{})
	if !errors.Is(err, context.Canceled) || !asError(t, err).Temporary {
		t.Errorf("%v", err)
	}
}

func TestUntrustedCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the request was sent")
		}
		reply(w, 200, protocol.PullReply{Same: true})
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	_, err := New(Options{BaseURL: s.URL, Token: "qs_secret"}).Pull(t.Context(), protocol.PullRequest{})
	if e := asError(t, err); e.Err.Code != protocol.CodeTLS || !e.Temporary || e.Status != 0 {
		t.Errorf("%+v", e)
	}
	pool := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	if out, err := New(Options{BaseURL: s.URL, Roots: pool}).Pull(t.Context(), protocol.PullRequest{}); err != nil || !out.Same {
		t.Errorf("with the office's own root: %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{"": 0, "60": time.Minute, "-1": 0, "soon": 0, "999999999": 0} {
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			reply(w, 429, office.Error{Code: protocol.CodeLocked})
		})
		_, err := c.Login(t.Context(), protocol.LoginRequest{})
		if e := asError(t, err); e.After != want {
			t.Errorf("%q: %s", header, e.After)
		}
	}
}

func TestEndlessAnswer(t *testing.T) {
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(protocol.HeaderVersion, protocol.Version)
		w.Header().Set("Content-Type", "application/json")
		chunk := bytes.Repeat([]byte(" "), 1<<20)
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	_, err := c.Pull(t.Context(), protocol.PullRequest{})
	if e := asError(t, err); e.Err.Code != protocol.CodeNotServer || !e.Temporary {
		t.Errorf("%+v", e)
	}
}

func TestCheckURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://oa.example.cn":        "https://oa.example.cn",
		" https://oa.example.cn:8443/": "https://oa.example.cn:8443",
		"http://127.0.0.1:8080":        "http://127.0.0.1:8080",
		"http://[::1]:8080":            "http://[::1]:8080",
		"http://localhost:1":           "http://localhost:1",
		"http://oa.example.cn":         "",
		"http://10.0.0.5":              "",
		"http://localhost.evil.cn":     "",
		"oa.example.cn":                "",
		"":                             "",
		"ftp://oa.example.cn":          "",
		"https://u:p@oa.example.cn":    "",
		"https://oa.example.cn/path":   "",
		"https://oa.example.cn?x=1":    "",
		"https://:443":                 "",
		"javascript:alert(1)":          "",
	} {
		got, err := CheckURL(in)
		if got != want || (want == "") != (office.CodeOf(err) == office.CodeInvalid) {
			t.Errorf("%q: %q, %v", in, got, err)
		}
		if want == "" {
			if _, err := New(Options{BaseURL: in}).Login(t.Context(), protocol.LoginRequest{}); office.CodeOf(err) != office.CodeInvalid {
				t.Errorf("%q: log-in %v", in, err)
			}
		}
	}
	if _, err := checkURL("http://oa.example.cn", true); err != nil {
		t.Errorf("plain: %v", err)
	}
}

// Neither resty nor the client writes anything anywhere.
func TestNothingIsLogged(t *testing.T) {
	old := os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = w
	log.SetOutput(w)
	defer func() { os.Stderr = old; log.SetOutput(old) }()
	c, s := serve(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 401, office.Error{Code: protocol.CodeSession}) })
	c.Push(t.Context(), []byte("{}"))
	s.Close()
	c.Push(t.Context(), []byte("{}"))
	w.Close()
	if b, err := io.ReadAll(r); err != nil || len(b) > 0 {
		t.Errorf("logged %q, %v", b, err)
	}
}

// stream answers as the server's stream of pokes does.
func stream(t *testing.T, text string, hold bool) *Client {
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/sync/poke" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		w.Header().Set(protocol.HeaderVersion, protocol.Version)
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, text)
		w.(http.Flusher).Flush()
		if hold {
			<-r.Context().Done()
		}
	})
	return c
}

func TestPoke(t *testing.T) {
	var got []string
	on := func(chans []office.Channel) {
		b, _ := json.Marshal(chans)
		got = append(got, string(b))
	}
	c := stream(t, ": beat\n\nevent: ready\ndata: {}\n\nevent: poke\ndata: [\"org\",\"u:lin\"]\n\nevent: someday\ndata: 1\n\nevent: poke\r\ndata: []\r\n\r\nevent: poke\ndata: [\"cut", false)
	err := c.Poke(t.Context(), on)
	if e := asError(t, err); e.Err.Code != protocol.CodeNetwork || !e.Temporary {
		t.Errorf("%+v", e)
	}
	if strings.Join(got, " ") != `null ["org","u:lin"] []` {
		t.Errorf("poked with %s", got)
	}
}

func TestPokeEnds(t *testing.T) {
	never := func([]office.Channel) { t.Error("poked") }
	err := stream(t, "event: end\ndata: {\"code\":\"session_expired\"}\n\n", true).Poke(t.Context(), never)
	if e := asError(t, err); e.Status != 401 || e.Err.Code != protocol.CodeSession || e.Temporary {
		t.Errorf("session over: %+v", e)
	}
	err = stream(t, "event: end\ndata: {\"code\":\"wrong_device\"}\n\n", true).Poke(t.Context(), never)
	if e := asError(t, err); e.Status != 403 || e.Err.Code != protocol.CodeDevice || e.Temporary {
		t.Errorf("revoked: %+v", e)
	}
	err = stream(t, "event: end\ndata: {\"code\":\"unavailable\"}\n\n", true).Poke(t.Context(), never)
	if e := asError(t, err); e.Err.Code != protocol.CodeUnavailable || !e.Temporary {
		t.Errorf("server stops: %+v", e)
	}
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 401, office.Error{Code: protocol.CodeSession}) })
	if e := asError(t, c.Poke(t.Context(), never)); e.Status != 401 || e.Err.Code != protocol.CodeSession || e.Temporary {
		t.Errorf("401: %+v", e)
	}
	c, _ = serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "event: poke\ndata: []\n\n") })
	if e := asError(t, c.Poke(t.Context(), never)); e.Err.Code != protocol.CodeNotServer || !e.Temporary {
		t.Errorf("another server: %+v", e)
	}
	c, _ = serve(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, protocol.Ack{}) })
	if e := asError(t, c.Poke(t.Context(), never)); e.Err.Code != protocol.CodeNotServer || !e.Temporary {
		t.Errorf("no stream: %+v", e)
	}
}

func TestPokeIsCancelledByTheCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := stream(t, "event: poke\ndata: [\"org\"]\n\n", true)
	err := c.Poke(ctx, func([]office.Channel) { cancel() })
	if !errors.Is(err, context.Canceled) || !asError(t, err).Temporary {
		t.Errorf("%v", err)
	}
}

// A line that is open but dead ends by itself.
func TestPokeSilence(t *testing.T) {
	c := stream(t, "", true)
	c.opts.PokeIdle = time.Millisecond
	err := c.Poke(t.Context(), func([]office.Channel) {})
	if !errors.Is(err, errSilent) || !asError(t, err).Temporary {
		t.Errorf("%v", err)
	}
}

// A transport given by the caller carries everything.
func TestRoundTripper(t *testing.T) {
	rt := roundTripper(func(r *http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: errors.New("cable pulled")}
	})
	_, err := New(Options{BaseURL: "https://oa.example.cn", RoundTripper: rt}).Pull(t.Context(), protocol.PullRequest{})
	if e := asError(t, err); e.Err.Code != protocol.CodeNetwork || !strings.Contains(err.Error(), "cable pulled") {
		t.Errorf("%v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
