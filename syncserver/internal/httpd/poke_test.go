package httpd_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

// stream is an open stream of pokes.
type stream struct {
	poked chan []office.Channel
	done  chan error
}

func listen(t *testing.T, d *servertest.Desk) stream {
	t.Helper()
	s := stream{poked: make(chan []office.Channel, 100), done: make(chan error, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() { s.done <- d.Poke(ctx, func(c []office.Channel) { s.poked <- c }) }()
	select {
	case first := <-s.poked:
		if first != nil {
			t.Errorf("first %v", first)
		}
	case err := <-s.done:
		t.Fatalf("no stream: %v", err)
	}
	return s
}

// ended waits for the end of the stream and gives its code.
func (s stream) ended(t *testing.T) office.Code {
	t.Helper()
	var e *client.Error
	if err := <-s.done; !errors.As(err, &e) {
		t.Fatalf("ended with %v", err)
	}
	return e.Err.Code
}

func TestStreamEndsWithItsSession(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(w *world) error
		code office.Code
	}{
		"log-out":        {func(w *world) error { return w.lin.Logout(t.Context()) }, protocol.CodeSession},
		"disabled":       {func(w *world) error { return w.DisableAccount("linzhiyuan") }, protocol.CodeSession},
		"sessions ended": {func(w *world) error { return w.EndSessions("lin-zhiyuan") }, protocol.CodeSession},
		"revoked":        {func(w *world) error { return w.RevokeDevice(w.lin.Device) }, protocol.CodeDevice},
		"expired":        {func(w *world) error { w.Clock.Add(31 * 24 * time.Hour); w.Beat(); return nil }, protocol.CodeSession},
		"server stops":   {func(w *world) error { return w.Restart() }, protocol.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			s := listen(t, w.lin)
			if err := c.end(w); err != nil {
				t.Fatal(err)
			}
			if got := s.ended(t); got != c.code {
				t.Errorf("ended with %s, want %s", got, c.code)
			}
		})
	}
}

// Heartbeats leave an open stream open.
func TestStreamBeats(t *testing.T) {
	w := newWorld(t)
	s := listen(t, w.lin)
	w.Beat()
	if err := w.As("lin-zhiyuan").Must(todoCreate("a", "一")); err != nil {
		t.Fatal(err)
	}
	if got := <-s.poked; len(got) != 1 || got[0] != "u:lin-zhiyuan" {
		t.Errorf("poked for %v", got)
	}
	if err := w.As("xu-nanqiao").Must(todoCreate("b", "二")); err != nil {
		t.Fatal(err)
	}
	w.Beat()
	if err := w.lin.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.ended(t); got != protocol.CodeSession || len(s.poked) != 0 {
		t.Errorf("ended with %s, %d pokes too many", got, len(s.poked))
	}
}

func TestStreamsAreCounted(t *testing.T) {
	w := newWorld(t)
	var open []stream
	for range 16 {
		open = append(open, listen(t, w.lin))
	}
	w.play(t, scenario{name: "one too many", method: "GET", path: "/sync/poke", token: w.lin.Token(), status: 429, code: protocol.CodeRate})
	listen(t, w.xu) // another person's
	if err := w.EndSessions("lin-zhiyuan"); err != nil {
		t.Fatal(err)
	}
	for _, s := range open {
		s.ended(t)
	}
	again := w.desk(t, lin)
	for range 16 {
		listen(t, again)
	}
}
