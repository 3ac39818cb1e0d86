package httpd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"qianshao/syncserver/internal/authority"
	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// call is one request on its way.
type call struct {
	s       *Server
	w       *recorder
	r       *http.Request
	id      string // of the request, for the log
	session identity.Session
	body    []byte // decompressed
}

func (c *call) ctx() context.Context { return c.r.Context() }

func (c *call) caller() authority.Caller {
	return authority.Caller{UID: c.session.UID, Device: c.session.Device}
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{s: s, w: &recorder{ResponseWriter: w}, r: r, id: s.requestID()}
	start := s.o.Now()
	headers(c)
	path, rt, found := s.find(r)
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.panicked(c, p)
		}
		s.finished(c, path, s.o.Now().Sub(start))
	}()
	if err := s.run(c, rt, found); err != nil {
		s.fail(c, err)
	}
}

// find looks the path up as it was sent: an escaped, doubled or climbing path
// is none of ours.
func (s *Server) find(r *http.Request) (string, route, bool) {
	rt, ok := s.routes[r.URL.Path]
	if sha, is := strings.CutPrefix(r.URL.Path, protocol.BlobPath); is && office.ValidSHA256(sha) {
		return protocol.BlobPath, s.blobRoute(), true
	}
	if !ok || r.URL.EscapedPath() != r.URL.Path {
		return "other", route{}, false
	}
	return r.URL.Path, rt, true
}

// run is the way of each request: route, method, session, form, answer.
func (s *Server) run(c *call, rt route, found bool) error {
	if !found {
		return &office.Error{Code: protocol.CodeNoEndpoint}
	}
	if !slices.Contains(rt.methods, c.r.Method) && c.r.Method != rt.method && !(c.r.Method == http.MethodHead && c.r.URL.Path == "/healthz") {
		c.w.Header().Set("Allow", strings.Join(append(slices.Clone(rt.methods), rt.method), ", "))
		return &office.Error{Code: protocol.CodeMethod}
	}
	if rt.session {
		token, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			return &office.Error{Code: protocol.CodeSession}
		}
		var err error
		if c.session, err = s.o.Identity.Session(c.ctx(), token); err != nil {
			return err
		}
		if c.session.Wiped && !rt.wiped {
			return &office.Error{Code: protocol.CodeDevice, Message: protocol.VerdictWiped}
		}
	}
	if rt.max > 0 {
		var err error
		if c.body, err = s.readBody(c, rt.max); err != nil {
			return err
		}
	}
	return rt.answer(c)
}

// headers that every answer carries.
func headers(c *call) {
	h := c.w.Header()
	h.Set(protocol.HeaderVersion, protocol.Version)
	h.Set("X-Request-Id", c.id)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	if c.r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// requestID is a random name of one request.
func (s *Server) requestID() string {
	var b [8]byte
	if _, err := io.ReadFull(s.o.Rand, b[:]); err != nil {
		rand.Read(b[:]) // never fails; an id is no secret and no part of any state
	}
	return hex.EncodeToString(b[:])
}

// panicked answers 500 and logs where it happened. What a panic says may hold
// texts of documents: only the runtime's own words are logged.
func (s *Server) panicked(c *call, p any) {
	what := fmt.Sprintf("%T", p)
	if re, ok := p.(runtime.Error); ok {
		what = re.Error()
	}
	s.o.Log.Error("panic", "request", c.id, "path", c.r.URL.Path, "uid", c.session.UID, "what", what, "stack", string(debug.Stack()))
	s.metrics.panics.Inc()
	if c.w.status == 0 {
		s.fail(c, &office.Error{Code: office.CodeInternal})
	}
}

// finished counts and logs a request: faults as errors, refusals as warnings,
// the rest for those who debug.
func (s *Server) finished(c *call, path string, took time.Duration) {
	s.metrics.request(path, c.w.status, took)
	level := slog.LevelDebug
	switch {
	case c.w.status >= 500:
		level = slog.LevelError
	case c.w.status >= 400:
		level = slog.LevelInfo
	}
	s.o.Log.Log(context.WithoutCancel(c.ctx()), level, "request", "request", c.id, "method", c.r.Method, "path", path, "status", c.w.status,
		"bytes", c.w.bytes, "took", took, "uid", c.session.UID, "dev", c.session.Device, "from", c.from())
}

// from is the address the request came from; behind a proxy the proxy's.
func (c *call) from() string {
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return c.r.RemoteAddr
	}
	return host
}

// network is from as log-ins are counted: one address, or one IPv6 network.
func (c *call) network() string {
	a, err := netip.ParseAddr(c.from())
	if err != nil {
		return c.from()
	}
	if a = a.Unmap().WithZone(""); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// local reports whether the request comes from this machine itself, and not
// from a proxy on it.
func (c *call) local() bool {
	a, err := netip.ParseAddr(c.from())
	if err != nil || !a.IsLoopback() {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if c.r.Header.Get(h) != "" {
			return false
		}
	}
	return true
}
