package servertest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/authority"
	"qianshao/syncserver/internal/httpd"
	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
)

// BaseURL is the address of a server that is reached through its RoundTripper.
const BaseURL = "http://127.0.0.1"

// Options of a server; the zero value is a server in a new folder whose clock
// stands at Epoch.
type Options struct {
	Dir  string           // of the embedded database; "" = a new one, removed by Close
	URL  string           // PostgreSQL instead (see package store/pgtest)
	Now  func() time.Time // nil = the server's Clock
	Rand io.Reader        // ids, tokens, salts; nil = crypto/rand
	Log  *slog.Logger     // nil = none
	// Catalog are the kinds and commands; nil = catalog.New(). Desks of the
	// server must be given the same.
	Catalog *catalog.Catalog
	// Ablate switches defences of the authority off, by their names (see
	// authority.Ablation), to see tests fail.
	Ablate []string
	// LoginBurst is how many wrong log-ins one address, or name, may try at
	// once; 0 = the product's.
	LoginBurst int
	// Blobs is where files lie (see wiring.Config); "" = in Dir. New gives a
	// server over PostgreSQL a folder of its own.
	Blobs string
	// OfflineTerm is how long desks may stay unlocked without contact; 0 = for
	// ever.
	OfflineTerm time.Duration
	// FullHashes makes passwords cost what they cost in the product.
	FullHashes bool
}

// Epoch is where the clock of a server stands at first: a Monday morning.
func Epoch() time.Time {
	return time.Date(2026, time.November, 2, 8, 0, 0, 0, time.FixedZone("CST", 8*3600))
}

// Server is a running server. Safe for concurrent use.
type Server struct {
	// URL is BaseURL, or the address on loopback after Listen.
	URL string
	// Clock is the server's clock, unless Options.Now was given.
	Clock *Clock

	o       Options
	made    bool // Dir is ours to remove
	mu      sync.RWMutex
	inner   *wiring.Server
	handler *httpd.Server
	beats   beats
	sockets []*http.Server
}

// New starts a server that ends with the test. A fault to start ends the test.
func New(t testing.TB, change ...func(*Options)) *Server {
	t.Helper()
	o := Options{Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
	for _, f := range change {
		f(&o)
	}
	if o.URL != "" && o.Blobs == "" {
		o.Blobs = t.TempDir()
	}
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close server: %v", err)
		}
	})
	return s
}

// Start starts a server. The caller closes it.
func Start(o Options) (*Server, error) {
	s := &Server{URL: BaseURL, Clock: NewClock(Epoch()), o: o}
	if o.Now == nil {
		s.o.Now = s.Clock.Now
	}
	if o.Rand == nil {
		s.o.Rand = rand.Reader
	} else {
		s.o.Rand = &lockedReader{r: o.Rand}
	}
	if o.Dir == "" && o.URL == "" {
		dir, err := os.MkdirTemp("", "servertest-")
		if err != nil {
			return nil, fmt.Errorf("make folder: %w", err)
		}
		s.o.Dir, s.made = dir, true
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

func (s *Server) config() wiring.Config {
	c := wiring.Config{Dir: s.o.Dir, URL: s.o.URL, Now: s.o.Now, Rand: s.o.Rand, Log: s.o.Log, Conns: 8, Catalog: s.o.Catalog, Blobs: s.o.Blobs, OfflineTerm: s.o.OfflineTerm}
	if !s.o.FullHashes {
		c.Passwords = identity.Params{Memory: 8, Time: 1, Threads: 1}
	}
	return c
}

func (s *Server) open() error {
	inner, err := wiring.Open(context.Background(), s.config())
	if err != nil {
		return err
	}
	off := make([]authority.Ablation, len(s.o.Ablate))
	for i, name := range s.o.Ablate {
		off[i] = authority.Ablation(name)
	}
	inner.Authority.Ablate(off...)
	limits := httpd.DefaultLimits()
	if s.o.LoginBurst > 0 {
		limits.Address.Burst, limits.Account.Burst = s.o.LoginBurst, s.o.LoginBurst
	}
	handler, err := inner.HTTP(httpd.Options{Limits: limits, Beat: s.beats.new})
	if err != nil {
		return errors.Join(err, inner.Close())
	}
	s.inner, s.handler = inner, handler
	return nil
}

// Close ends the server, and removes its folder if Start made it.
func (s *Server) Close() error {
	s.server().handler.Close() // or streams would go on for ever
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, hs := range s.sockets {
		errs = append(errs, hs.Close())
	}
	s.sockets = nil
	return errors.Join(append(errs, s.inner.Close(), s.remove())...)
}

func (s *Server) remove() error {
	if !s.made {
		return nil
	}
	return os.RemoveAll(s.o.Dir)
}

// Restart closes the database and opens it again, as after the process ended.
// Requests under way are answered first; streams end.
func (s *Server) Restart() error {
	s.server().handler.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.inner.Close(); err != nil {
		return err
	}
	return s.open()
}

// parts are what one opening of the database made.
type parts struct {
	*wiring.Server
	handler *httpd.Server
}

func (s *Server) server() parts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return parts{s.inner, s.handler}
}

// ServeHTTP answers a request: a Server is an http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.server().handler.ServeHTTP(w, r)
}

// Kinds are the kinds of record both ends know.
func (s *Server) Kinds() *office.Kinds { return s.server().Catalog.Kinds() }

// lockedReader lets many read one source of randomness.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(b)
}

// CloseStore ends the connections to the database under the running server: a
// disk or database server that went away. Close the server, or Restart it,
// afterwards.
func (s *Server) CloseStore() error { return s.server().Close() }
