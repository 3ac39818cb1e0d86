package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"qianshao/syncserver/internal/httpd"
)

// serveLock is held by the one program that serves a folder, or moves it.
const serveLock = "serve.lock"

// serve listens until it is told to stop.
func (p *program) serve(ctx context.Context, args []string) (err error) {
	f, w := p.flags("serve")
	var l httpd.Listen
	f.StringVar(&l.Address, "listen", "127.0.0.1:8470", "host:port; port 0 takes a free one")
	f.StringVar(&l.Cert, "tls-cert", "", "PEM file with the certificate chain")
	f.StringVar(&l.Key, "tls-key", "", "PEM file with the certificate's key")
	f.BoolVar(&l.Insecure, "insecure-listen", false, "listen beyond this machine without TLS; only where another program adds it")
	anywhere := f.Bool("metrics-anywhere", false, "answer /metrics to other machines too")
	term := days(defaultTerm)
	f.Var(&term, "offline-term", "how long a desk may stay unlocked without contact, such as 7d or 36h; 0 = for ever")
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	if err := l.Check(); err != nil {
		return err
	}
	s, err := p.open(ctx, w, mode{offlineTerm: time.Duration(term)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.CheckHere(ctx); err != nil {
		return err
	}
	if w.database == "" {
		// Two servers on one file would not hear of each other's commits.
		lock := flock.New(filepath.Join(w.data, serveLock))
		if free, err := lock.TryLock(); err != nil {
			return fmt.Errorf("lock folder: %w", err)
		} else if !free {
			return fmt.Errorf("another server works on %s", w.data)
		}
		defer lock.Unlock()
	}
	h, err := s.HTTP(httpd.Options{MetricsAnywhere: *anywhere})
	if err != nil {
		return err
	}
	ln, err := l.Open(ctx)
	if err != nil {
		return err
	}
	scheme := "http"
	if l.Cert != "" {
		scheme = "https"
	}
	fmt.Fprintf(p.out, "listening on %s://%s\n", scheme, ln.Addr())
	s.Log.Info("listening", "address", ln.Addr().String(), "tls", l.Cert != "", "version", release())

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var clockwork error
	var wg sync.WaitGroup
	wg.Go(func() {
		clockwork = s.Clockwork(ctx)
		stop() // a server whose clockwork stands still must not look alive
	})
	err = h.Serve(ctx, ln)
	stop()
	wg.Wait()
	s.Log.Info("stopped")
	return errors.Join(err, clockwork)
}
