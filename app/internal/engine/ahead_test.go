package engine_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// paged is a desk before a first load of several pages, with what it asks.
func paged(t *testing.T, beside func(f func())) (*desk, *spy) {
	s := newServer("lin", "wang")
	for i := range 12 {
		s.as("wang", &makeNote{ID: fmt.Sprint("w", i), Title: fmt.Sprintf("文%d", i), State: "open", To: []office.UserID{"lin"}})
	}
	d := newDesk(t, t.TempDir(), s, "lin", "taker")
	eye := &spy{Transport: d.way}
	d.o.Transport, d.o.PageBytes, d.o.Beside = eye, 150, beside
	d.reopen()
	return d, eye
}

func (d *desk) hasAll() {
	d.t.Helper()
	if got, want := d.rows(d.Base), d.way.s.truth("lin"); !reflect.DeepEqual(keysOf(got), keysOf(want)) {
		d.t.Fatalf("%d records, should be %d", len(got), len(want))
	}
}

func keysOf(m map[rowKey]office.Record) map[rowKey]bool {
	out := map[rowKey]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

// The next page is asked for while one is written, and nothing is asked twice.
func TestPagesComeAhead(t *testing.T) {
	early := 0
	d, eye := paged(t, func(f func()) {
		early++
		f()
	})
	d.sync()
	d.hasAll()
	if early < 3 {
		t.Errorf("%d pages came ahead", early)
	}
	for i, q := range eye.pulled {
		for _, p := range eye.pulled[:i] {
			if reflect.DeepEqual(p, q) && q.Known == "" {
				t.Errorf("asked twice: %+v", q)
			}
		}
	}
}

// What the desk has to ask changes meanwhile: the page that came ahead is thrown
// away.
func TestAPageAheadThatIsNoLongerTheNext(t *testing.T) {
	var d *desk
	once := false
	d, eye := paged(t, func(f func()) {
		f()
		if !once {
			once = true
			d.do(&makeNote{ID: "mine", Title: "我的", State: "open"}) // one more is waiting here
		}
	})
	d.sync()
	d.sync()
	d.hasAll()
	waiting := 0
	for _, q := range eye.pulled {
		if q.Waiting > 0 {
			waiting++
		}
	}
	if waiting == 0 {
		t.Error("the server was not told of what waits here")
	}
}

// stuck is a way on which the second page never comes.
type stuck struct {
	*spy
	entered, left chan struct{}
}

func (s *stuck) Pull(ctx context.Context, q protocol.PullRequest) (protocol.PullReply, error) {
	if len(s.pulled) > 0 {
		close(s.entered)
		<-ctx.Done()
		close(s.left)
		return protocol.PullReply{}, ctx.Err()
	}
	return s.spy.Pull(ctx, q)
}

// A sync that ends early takes what it has asked for along.
func TestNothingIsAskedAfterASync(t *testing.T) {
	d, eye := paged(t, nil)
	s := &stuck{eye, make(chan struct{}), make(chan struct{})}
	d.o.Transport = s
	d.o.Crash = func(point string) {
		if point == "pull.staged" {
			<-s.entered
			panic(killed{point})
		}
	}
	d.reopen()
	d.survive(func() { d.sync() })
	select {
	case <-s.left:
	default:
		t.Error("a request outlives its sync")
	}
}
