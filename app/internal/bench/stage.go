package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func got[T any](v T, err error) T {
	must(err)
	return v
}

// stage is a server with people on a real socket of the loopback.
type stage struct {
	ctx   context.Context
	dir   string
	cat   *catalog.Catalog
	srv   *servertest.Server
	texts *corpus
	n     int // records made
}

// people of every stage: lin owns the records, wang looks on.
var people = []servertest.User{{UID: "lin", Unit: "x"}, {UID: "wang", Unit: "x"}}

func newStage(ctx context.Context, dir, url string) *stage {
	s := &stage{ctx: ctx, dir: dir, cat: newCatalog(), texts: newCorpus(1)}
	must(os.MkdirAll(dir, 0o755))
	o := servertest.Options{Catalog: s.cat, Now: time.Now, LoginBurst: 100000, URL: url}
	if url == "" {
		o.Dir = filepath.Join(dir, "server")
	} else {
		o.Blobs = filepath.Join(dir, "blobs")
	}
	s.srv = got(servertest.Start(o))
	got(s.srv.Listen())
	for _, u := range people {
		// Another server over the same store may have done it.
		if err := s.srv.AddUser(u); err != nil && url == "" {
			panic(err)
		}
	}
	return s
}

func (s *stage) close() { must(s.srv.Close()) }

func paperID(i int) string { return office.DeriveID("bench", fmt.Sprint(i)) }

// fill makes records until there are n.
func (s *stage) fill(n int) {
	for s.n < n {
		var l load
		for len(l.IDs) < 1000 && s.n < n {
			l.IDs = append(l.IDs, paperID(s.n))
			l.Papers = append(l.Papers, s.texts.paper(s.n))
			s.n++
		}
		must(s.srv.As(office.System).Must(&l))
	}
}

// bodies are all records, as JSON, in the order they were made.
func (s *stage) bodies() []office.Record { return got(s.srv.Records(papers.Name)) }

// desk is an engine on a folder of its own, signed in.
type desk struct {
	*engine.Engine
	options engine.Options
	client  *client.Client
}

func (s *stage) desk(u servertest.User, name string) *desk {
	install := got(office.NewID(time.Now(), rand.Reader))
	signed := got(s.srv.SignIn(u, "", install, nil))
	d := &desk{client: signed.Client, options: engine.Options{
		Dir: filepath.Join(s.dir, name), UID: u.UID, Device: signed.Device, Install: install,
		Schema: catalog.SchemaVersion, Version: protocol.Version,
		Kinds: s.cat.Kinds(), Commands: s.cat, Creates: s.cat.Creates, Class: s.cat.Class,
		Transport: signed.Client, Now: time.Now, Rand: rand.Reader,
	}}
	must(os.MkdirAll(d.options.Dir, 0o755))
	d.open(s.ctx)
	return d
}

func (d *desk) open(ctx context.Context) { d.Engine = got(engine.Open(ctx, d.options)) }

func (d *desk) close() { must(d.Engine.Close()) }

// since runs f and tells how long it took.
func since(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

func encode(v any) []byte { return got(json.Marshal(v)) }
