package httpd_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/internal/authority"
	"qianshao/syncserver/internal/httpd"
	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

func TestListenCheck(t *testing.T) {
	for _, c := range []struct {
		l    httpd.Listen
		good bool
	}{
		{httpd.Listen{Address: "127.0.0.1:0"}, true},
		{httpd.Listen{Address: "127.9.9.9:80"}, true},
		{httpd.Listen{Address: "[::1]:80"}, true},
		{httpd.Listen{Address: "localhost:80"}, true},
		{httpd.Listen{Address: ":80"}, false},
		{httpd.Listen{Address: "0.0.0.0:80"}, false},
		{httpd.Listen{Address: "[::]:80"}, false},
		{httpd.Listen{Address: "192.0.2.1:80"}, false},
		{httpd.Listen{Address: "oa.example.cn:80"}, false},
		{httpd.Listen{Address: "localhost.example.cn:80"}, false},
		{httpd.Listen{Address: "127.0.0.1.example.cn:80"}, false},
		{httpd.Listen{Address: "[::ffff:192.0.2.1]:80"}, false},
		{httpd.Listen{Address: ":80", Insecure: true}, true},
		{httpd.Listen{Address: ":443", Cert: "c", Key: "k"}, true},
		{httpd.Listen{Address: ":443", Cert: "c"}, false},
		{httpd.Listen{Address: "127.0.0.1:443", Key: "k"}, false},
		{httpd.Listen{Address: "127.0.0.1"}, false},
		{httpd.Listen{Address: ""}, false},
	} {
		if err := c.l.Check(); (err == nil) != c.good {
			t.Errorf("%+v: %v", c.l, err)
		}
	}
	if _, err := (httpd.Listen{Address: "0.0.0.0:0"}).Open(t.Context()); !errors.Is(err, httpd.ErrInsecure) {
		t.Errorf("opened beyond this machine: %v", err)
	}
	if _, err := (httpd.Listen{Address: "127.0.0.1:0", Cert: "/no/such", Key: "/no/such"}).Open(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without certificate: %v", err)
	}
}

// parts is a server put together by hand, so that a piece can be another.
func parts(t *testing.T, log io.Writer) *wiring.Server {
	t.Helper()
	s, err := wiring.Open(t.Context(), wiring.Config{
		Dir: t.TempDir(), Now: time.Now, Rand: rand.Reader, Passwords: identity.Params{Memory: 8, Time: 1, Threads: 1},
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.AddUser(t.Context(), "linzhiyuan", "Tr4vel-by-night-train", wiring.NewPerson{UID: "lin-zhiyuan", Name: "林知远"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// serve runs the handlers on a listener; stop ends them and waits.
func serve(t *testing.T, h *httpd.Server, l httpd.Listen) (addr string, stop func()) {
	t.Helper()
	ln, err := l.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, ln) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	}
	t.Cleanup(stop)
	return ln.Addr().String(), stop
}

func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "qianshao test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	kder, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: kder}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return cert, key, roots
}

func TestTLS(t *testing.T) {
	s := parts(t, io.Discard)
	h, err := s.HTTP(httpd.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cert, key, roots := certificate(t)
	addr, _ := serve(t, h, httpd.Listen{Address: "127.0.0.1:0", Cert: cert, Key: key})
	good := client.New(client.Options{BaseURL: "https://" + addr, Roots: roots})
	r, err := good.Login(t.Context(), protocol.LoginRequest{User: "linzhiyuan", Password: "Tr4vel-by-night-train", Install: "i"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := good.Hello(t.Context(), protocol.HelloRequest{Device: r.Device, Schema: 1, Version: protocol.Version}); err != nil {
		t.Error(err)
	}
	_, err = client.New(client.Options{BaseURL: "https://" + addr}).Login(t.Context(), protocol.LoginRequest{User: "linzhiyuan", Password: "x", Install: "i"})
	if office.CodeOf(err) != protocol.CodeTLS {
		t.Errorf("an unknown certificate was trusted: %v", err)
	}
	if resp, err := http.Get("http://" + addr + "/healthz"); err == nil {
		resp.Body.Close()
		if resp.StatusCode == 200 {
			t.Error("plain HTTP was answered")
		}
	}
}

// What net/http itself would mend or answer does not slip by.
func TestRawRequests(t *testing.T) {
	s := parts(t, io.Discard)
	h, err := s.HTTP(httpd.Options{})
	if err != nil {
		t.Fatal(err)
	}
	addr, _ := serve(t, h, httpd.Listen{Address: "127.0.0.1:0"})
	for request, want := range map[string]int{
		"GET /healthz HTTP/1.1":                             200,
		"GET /healthz?x=../.. HTTP/1.1":                     200,
		"GET http://elsewhere.example/healthz HTTP/1.1":     200,
		"GET /x/../healthz HTTP/1.1":                        404,
		"GET //healthz HTTP/1.1":                            404,
		"GET /healthz/ HTTP/1.1":                            404,
		"GET /%68ealthz HTTP/1.1":                           404,
		"GET /sync/../../../etc/passwd HTTP/1.1":            404,
		"GET /..\\..\\etc\\passwd HTTP/1.1":                 404,
		"OPTIONS * HTTP/1.1":                                404,
		"CONNECT elsewhere.example:443 HTTP/1.1":            404,
		"POST /healthz HTTP/1.1":                            405,
		"GET /healthz HTTP/9.9":                             505,
		"GET /heal\x00thz HTTP/1.1":                         400,
		"GET /" + strings.Repeat("x", 40_000) + " HTTP/1.1": 431,
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s\r\nHost: x\r\nConnection: close\r\n\r\n", request)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%.60q: %v", request, err)
		} else {
			if resp.StatusCode != want {
				t.Errorf("%.60q: %d, want %d", request, resp.StatusCode, want)
			}
			resp.Body.Close()
		}
		conn.Close()
	}
}

// stub is an authority whose pulls are the test's.
type stub struct {
	*authority.Authority
	pull func() (protocol.PullReply, error)
}

func (s stub) Pull(context.Context, authority.Caller, protocol.PullRequest) (protocol.PullReply, error) {
	return s.pull()
}

// withPull is the handlers with another pull, and a session to call it.
func withPull(t *testing.T, log io.Writer, pull func() (protocol.PullReply, error)) (*httpd.Server, *client.Client, protocol.LoginReply) {
	t.Helper()
	s := parts(t, log)
	h, err := httpd.New(httpd.Options{
		Authority: stub{s.Authority, pull}, Identity: s.Identity, Ping: s.Store.Ping, Now: s.Now, Rand: s.Rand, Log: s.Log,
	})
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(h)
	t.Cleanup(hs.Close)
	c := client.New(client.Options{BaseURL: hs.URL})
	r, err := c.Login(t.Context(), protocol.LoginRequest{User: "linzhiyuan", Password: "Tr4vel-by-night-train", Install: "i"})
	if err != nil {
		t.Fatal(err)
	}
	return h, c, r
}

// A panic is 500 with the request's id, which the log has too; what it says
// stays inside. The server goes on.
func TestPanic(t *testing.T) {
	for name, p := range map[string]func(){
		"text":    func() { panic("一份不可外传的标题") },
		"error":   func() { panic(errors.New("一份不可外传的标题")) },
		"runtime": func() { var m map[string]int; m["x"] = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			var log safeBuffer
			_, c, r := withPull(t, &log, func() (protocol.PullReply, error) { p(); return protocol.PullReply{}, nil })
			_, err := c.Pull(t.Context(), protocol.PullRequest{Device: r.Device})
			var e *client.Error
			if !errors.As(err, &e) || e.Status != 500 || e.Err.Code != office.CodeInternal || !e.Temporary {
				t.Fatalf("%v", err)
			}
			id := strings.TrimPrefix(e.Err.Message, "request ")
			if len(id) != 16 || !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "msg=panic") {
				t.Errorf("request %q in the log:\n%s", id, log.String())
			}
			if strings.Contains(log.String(), "不可外传") || strings.Contains(err.Error(), "不可外传") {
				t.Error("a panic's text came out")
			}
			if name == "runtime" && !strings.Contains(log.String(), "nil map") {
				t.Error("the runtime's own words are missing")
			}
			if err := c.Logout(t.Context()); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestErrorsOfTheAuthority(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		code   office.Code
	}{
		{errors.New("disk full: 一份不可外传的标题"), 500, office.CodeInternal},
		{fmt.Errorf("pull: %w", context.DeadlineExceeded), 503, protocol.CodeUnavailable},
		{fmt.Errorf("pull: %w", &office.Error{Code: office.CodeNotPermitted, Field: "dev"}), 403, office.CodeNotPermitted},
		{&office.Error{Code: "made_up", Message: "一份不可外传的标题"}, 500, office.CodeInternal},
	} {
		_, cl, r := withPull(t, io.Discard, func() (protocol.PullReply, error) { return protocol.PullReply{}, c.err })
		_, err := cl.Pull(t.Context(), protocol.PullRequest{Device: r.Device})
		var e *client.Error
		if !errors.As(err, &e) || e.Status != c.status || e.Err.Code != c.code || strings.Contains(err.Error(), "不可外传") {
			t.Errorf("%v: %v", c.err, err)
		}
	}
}

// A server that is told to stop answers what is under way and ends its streams.
func TestGracefulStop(t *testing.T) {
	s := parts(t, io.Discard)
	entered, leave := make(chan struct{}), make(chan struct{})
	h, err := httpd.New(httpd.Options{
		Authority: stub{s.Authority, func() (protocol.PullReply, error) {
			close(entered)
			<-leave
			return protocol.PullReply{LastN: 7}, nil
		}}, Identity: s.Identity, Ping: s.Store.Ping, Now: s.Now, Rand: s.Rand,
	})
	if err != nil {
		t.Fatal(err)
	}
	addr, stop := serve(t, h, httpd.Listen{Address: "127.0.0.1:0"})
	c := client.New(client.Options{BaseURL: "http://" + addr})
	r, err := c.Login(t.Context(), protocol.LoginRequest{User: "linzhiyuan", Password: "Tr4vel-by-night-train", Install: "i"})
	if err != nil {
		t.Fatal(err)
	}
	ready, streamed := make(chan struct{}), make(chan error, 1)
	go func() { streamed <- c.Poke(t.Context(), func([]office.Channel) { close(ready) }) }()
	<-ready
	pulled := make(chan protocol.PullReply, 1)
	go func() {
		p, err := c.Pull(t.Context(), protocol.PullRequest{Device: r.Device})
		if err != nil {
			t.Error(err)
		}
		pulled <- p
	}()
	<-entered
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	if err := <-streamed; office.CodeOf(err) != protocol.CodeUnavailable {
		t.Errorf("the stream ended with %v", err)
	}
	select {
	case <-stopped:
		t.Error("stopped with a request under way")
	default:
	}
	close(leave)
	if p := <-pulled; p.LastN != 7 {
		t.Errorf("the request under way was answered %+v", p)
	}
	<-stopped
	if _, err := c.Pull(t.Context(), protocol.PullRequest{Device: r.Device}); office.CodeOf(err) != protocol.CodeNetwork {
		t.Errorf("after the stop: %v", err)
	}
}
