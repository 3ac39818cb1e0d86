package httpd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Listen says where to listen, and how.
type Listen struct {
	Address   string // host:port; port 0 takes a free one
	Cert, Key string // PEM files; both or neither
	Insecure  bool   // allow plain HTTP beyond this machine
}

// ErrInsecure refuses to send passwords and documents over a network as they are.
var ErrInsecure = errors.New("listening beyond this machine needs --tls-cert and --tls-key (or --insecure-listen, where another program adds TLS)")

// Check refuses what Open would.
func (l Listen) Check() error {
	host, _, err := net.SplitHostPort(l.Address)
	if err != nil {
		return fmt.Errorf("listen on %q: host:port is needed: %w", l.Address, err)
	}
	if (l.Cert == "") != (l.Key == "") {
		return errors.New("--tls-cert and --tls-key belong together")
	}
	if l.Cert == "" && !l.Insecure && !loopback(host) {
		return ErrInsecure
	}
	return nil
}

// loopback reports whether only this machine can reach host. An empty host is
// every network; a name other than localhost could be anything.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// Open binds the address.
func (l Listen) Open(ctx context.Context) (net.Listener, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	var conf *tls.Config
	if l.Cert != "" {
		pair, err := tls.LoadX509KeyPair(l.Cert, l.Key)
		if err != nil {
			return nil, fmt.Errorf("read certificate: %w", err)
		}
		conf = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}}
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.Address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if conf != nil {
		ln = tls.NewListener(ln, conf)
	}
	return ln, nil
}

// stopWithin is how long requests under way may take after the server was told
// to stop. What is cut off then is sent again by its desk.
const stopWithin = 10 * time.Second

// Serve answers on ln until ctx ends; then streams end, requests under way are
// answered, and it returns nil.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	hs := &http.Server{
		Handler:                      s,
		ReadHeaderTimeout:            10 * time.Second,
		ReadTimeout:                  5 * time.Minute, // the largest push over 56 kbit/s
		WriteTimeout:                 5 * time.Minute,
		IdleTimeout:                  2 * time.Minute,
		MaxHeaderBytes:               16 << 10,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		s.Close()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		err := hs.Shutdown(last)
		if err != nil {
			err = errors.Join(err, hs.Close())
		}
		stopped <- err
	})
	err := hs.Serve(ln)
	if !stop() { // ctx ended: Shutdown is under way
		err = <-stopped
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
