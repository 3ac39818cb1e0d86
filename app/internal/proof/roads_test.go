package proof

import (
	"context"
	crand "crypto/rand"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

var (
	flagRounds = flag.Int("proof.rounds", 25, "rounds of TestBadRoads")
	flagSeed   = flag.Uint64("proof.seed", 1, "seed of what the roads do")
)

// socketed is a server that listens, and a proxy before it.
func socketed(t *testing.T) (*servertest.Server, *proxy) {
	t.Helper()
	s := start(t, t.TempDir())
	url, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	return s, newProxy(t, url)
}

// through is a machine whose way leads through the proxy.
func through(t *testing.T, s *servertest.Server, p *proxy, timeout time.Duration) *machine {
	t.Helper()
	m := signIn(t, s, lin, t.TempDir(), "i")
	m.url, m.network, m.timeout = p.url(), nil, timeout
	return m.open()
}

// onTheWay are the errors that a road may cause. None of them is a verdict.
func onTheWay(err error) bool {
	var e *client.Error
	return errors.As(err, &e)
}

// Real sockets over roads that stall, break at any byte, answer with a page or
// not at all: no command is lost or done twice.
func TestBadRoads(t *testing.T) {
	s, p := socketed(t)
	m := through(t, s, p, 250*time.Millisecond)
	rng := rand.New(rand.NewPCG(*flagSeed, 56))
	p.take(storm(rng))
	var titles []string
	failed := map[office.Code]int{}
	for round := range *flagRounds {
		for range 1 + rng.IntN(3) {
			title := fmt.Sprintf("第 %d 轮 第 %d 件", round, len(titles))
			if _, _, err := m.create(title); err != nil {
				t.Fatal(err)
			}
			titles = append(titles, title)
		}
		if _, err := m.Sync(context.Background()); err != nil {
			if !onTheWay(err) {
				t.Fatalf("%v", err)
			}
			failed[office.CodeOf(err)]++
		}
		if rng.IntN(4) == 0 {
			p.cut()
		}
	}
	t.Logf("%d commands, %d connections, syncs that failed: %v", len(titles), p.n, failed)
	if len(failed) < 2 {
		t.Error("the roads are too good")
	}
	p.take(nil)
	for try := 0; ; try++ { // this machine may be slow
		if _, err := m.Sync(context.Background()); err == nil {
			break
		} else if try == 20 {
			t.Fatal(err)
		}
	}
	m.Sync(context.Background())
	sound(t, s, m, titles...)
	// A request whose answer was lost is asked again as it was: whoever asks
	// otherwise is taken for a copy of the machine.
	if es, err := m.Events(context.Background(), 50); err != nil || slices.ContainsFunc(es, func(e engine.Event) bool { return e.What == "fork" }) {
		t.Errorf("%+v %v", es, err)
	}
}

// Each kind of road by itself: what the person is told, that all waits, and
// that a desk which is running goes on by itself when the road is clear.
func TestRoadsAreTold(t *testing.T) {
	for _, x := range []struct {
		road road
		code office.Code
	}{
		{road{name: "half open", hole: true}, protocol.CodeTimeout},
		{road{name: "stall", stallDown: 40}, protocol.CodeTimeout},
		{road{name: "stall in the answer", stallBody: true}, protocol.CodeTimeout},
		{road{name: "reset", resetUp: 1}, protocol.CodeNetwork},
		{road{name: "portal", answer: portal}, protocol.CodeNotServer},
		{road{name: "redirect", answer: redirect}, protocol.CodeNotServer},
		{road{name: "gateway", answer: gateway}, protocol.CodeUnavailable},
	} {
		t.Run(x.road.name, func(t *testing.T) {
			t.Parallel() // they wait more than they work
			s, p := socketed(t)
			m := through(t, s, p, time.Second)
			m.sync()
			_, mid, err := m.create("一件")
			if err != nil {
				t.Fatal(err)
			}
			p.take(always(x.road))
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			changes, stop := m.Changes()
			defer stop()
			ended := make(chan error, 1)
			run, halt := context.WithCancel(ctx)
			go func() { ended <- m.Run(run) }()
			until := func(what string, done func() bool) {
				t.Helper()
				for !done() {
					select {
					case <-changes:
					case <-ctx.Done():
						t.Fatalf("waited in vain until %s: %+v", what, m.Status())
					}
				}
			}
			until("it is told", func() bool { return m.Status().LastError == x.code })
			if st := m.Status(); st.Online || st.Waiting != 1 {
				t.Errorf("%+v", st)
			}
			p.take(nil) // nobody does anything from here on
			until("it is delivered", func() bool {
				i, _, err := m.Item(ctx, mid)
				return err == nil && i.State == "settled" && m.Status().LastError == ""
			})
			halt()
			<-ended
			sound(t, s, m, "一件")
		})
	}
}

// A modem's line, 56 kbit/s: it takes its time, and all arrives, there and on
// another machine, though no request is over within the time that a line has
// which carries nothing.
func TestModem(t *testing.T) {
	t.Parallel()
	s, p := socketed(t)
	m := through(t, s, p, time.Second)
	other := through(t, s, p, time.Second)
	m.sync()
	other.sync()
	p.take(always(road{name: "modem", bps: 7000}))
	rng := rand.New(rand.NewPCG(*flagSeed, 7))
	var titles []string
	for i := range 2 {
		note := make([]rune, 4000) // 7 KB that no compression makes smaller
		for k := range note {
			note[k] = '一' + rng.Int32N(20000)
		}
		id, err := office.NewID(m.now(), crand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		titles = append(titles, fmt.Sprintf("慢线上的第 %d 件", i))
		if _, err := m.Do(context.Background(), &todo.Create{ID: id, Title: titles[i], Note: string(note)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []*machine{m, other} {
		began := time.Now()
		_, err := x.Sync(context.Background())
		for try := 1; try < 5 && onTheWay(err); try++ { // this machine may be slow
			_, err = x.Sync(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v", time.Since(began).Round(time.Millisecond))
		sound(t, s, x, titles...)
	}
}

// A proxy that holds streams back: no poke arrives, and what is new comes when
// the desk looks by itself.
func TestBufferedStream(t *testing.T) {
	t.Parallel()
	s, p := socketed(t)
	p.take(always(road{name: "buffering", hold: true}))
	m := signIn(t, s, lin, t.TempDir(), "i")
	m.url, m.network, m.timeout, m.poll = p.url(), nil, 5*time.Second, time.Second
	m.open()
	m.sync()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	changes, stop := m.Changes()
	defer stop()
	ended := make(chan error, 1)
	was := m.Status().SyncedAt
	go func() { ended <- m.Run(ctx) }()
	until := func(what string, done func() bool) {
		t.Helper()
		for !done() {
			select {
			case <-changes:
			case <-ctx.Done():
				t.Fatalf("waited in vain until %s", what)
			}
		}
	}
	until("its first look is over", func() bool { return m.Status().SyncedAt > was })
	other := signIn(t, s, lin, t.TempDir(), "other").open()
	other.sync()
	if _, _, err := other.create("从另一台来"); err != nil {
		t.Fatal(err)
	}
	other.sync()
	until("it comes", func() bool { // nobody does anything from here on
		rs, err := m.Visible(ctx, "todo.item")
		return err == nil && len(rs) == 1
	})
	cancel()
	<-ended
}

// A certificate that nobody vouches for: nothing is sent over it, all waits.
func TestUntrustedCertificate(t *testing.T) {
	s := start(t, t.TempDir())
	m := signIn(t, s, lin, t.TempDir(), "i")
	network := m.network
	asked := 0
	ts := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	ts.Config.ErrorLog = log.New(io.Discard, "", 0)
	ts.Listener.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ts.Listener = ln
	ts.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	ts.StartTLS()
	defer ts.Close()
	m.url, m.network = ts.URL, nil
	m.open()
	if _, _, err := m.create("一件"); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sync(context.Background()); office.CodeOf(err) != protocol.CodeTLS {
		t.Errorf("%v", err)
	}
	if st := m.Status(); st.LastError != protocol.CodeTLS || st.Waiting != 1 || asked != 0 {
		t.Errorf("%+v, asked %d times", st, asked)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m.url, m.network = s.URL, network
	m.open().sync()
	sound(t, s, m, "一件")
}
