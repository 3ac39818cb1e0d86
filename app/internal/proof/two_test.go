package proof

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"qianshao/syncserver/servertest"
)

var pg servertest.Postgres

func TestMain(m *testing.M) {
	code := m.Run()
	pg.Stop()
	os.Exit(code)
}

// Two servers over one PostgreSQL database; the one that a desk speaks to dies
// in the middle of a push, again and again: the desk goes on with the other.
func TestTheOtherServer(t *testing.T) {
	url := pg.Database(t)
	open := func() *servertest.Server {
		s, err := servertest.Start(servertest.Options{URL: url, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Listen(); err != nil {
			t.Fatal(err)
		}
		return s
	}
	servers := []*servertest.Server{open(), open()}
	defer func() {
		for _, s := range servers {
			s.Close()
		}
	}()
	if err := servers[0].AddUser(lin); err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, servers[0].URL)
	m := through(t, servers[0], p, 5*time.Second)
	m.sync()
	rng := rand.New(rand.NewPCG(*flagSeed, 2))
	var titles []string
	broken := 0
	for round := range 8 {
		for range 5 {
			title := fmt.Sprintf("第 %d 轮 第 %d 件", round, len(titles))
			if _, _, err := m.create(title); err != nil {
				t.Fatal(err)
			}
			titles = append(titles, title)
		}
		// The request goes through, of the answer only a part comes back; or
		// not even the request arrives whole.
		at := road{name: "it dies", resetDown: 1 + rng.Int64N(900)}
		if round%2 == 1 {
			at = road{name: "it dies", resetUp: 300 + rng.Int64N(1500)}
		}
		p.take(always(at))
		if _, err := m.Sync(context.Background()); err != nil {
			if !onTheWay(err) {
				t.Fatal(err)
			}
			broken++
		}
		mine, other := round%2, 1-round%2
		if err := servers[mine].Close(); err != nil {
			t.Error(err)
		}
		p.take(nil)
		p.to(servers[other].URL)
		for try := 0; ; try++ { // a connection to the dead one may only now turn out to be
			if _, err := m.Sync(context.Background()); err == nil {
				break
			} else if try == 20 || !onTheWay(err) {
				t.Fatal(err)
			}
		}
		servers[mine] = open()
	}
	if broken < 4 {
		t.Errorf("only %d of 8 syncs were broken off", broken)
	}
	m.sync()
	sound(t, servers[0], m, titles...)
}
