package main

import (
	"fmt"
	"net/http"
	"os"
	"time"
)

// growPart measures the same things over offices of several sizes and draws
// how each grows.
func (b *bench) growPart() {
	s := newStage(b.ctx, b.at("grow"), "")
	defer s.close()
	names := []string{"first load, ms", "a change pulled in, ms", "to-do list p95, ms", "search of the commonest word p95, ms", "pull with nothing new, bytes", "desk's replica, MB"}
	curves := make([]curve, len(names))
	for i, n := range names {
		curves[i].name = n
	}
	for _, n := range b.o.sizes {
		s.fill(n)
		d := s.desk(people[0], fmt.Sprintf("grow-%d", n))
		load := since(func() { got(d.Sync(b.ctx)) })
		if b.loads[n] == 0 {
			b.loads[n] = load
		}
		must(d.Index(b.ctx))
		// The first change after an opening counts all sums, later ones do not.
		d.close()
		d.open(b.ctx)
		got(d.Sync(b.ctx))
		changes := make([]time.Duration, 21)
		for i := range changes {
			must(s.srv.As(people[0].UID).Must(&retitle{ID: paperID(i), Title: fmt.Sprintf("第%d次，共%d", i, n)}))
			changes[i] = since(func() { got(d.Sync(b.ctx)) })
		}
		lists := repeat(100, func(int) { b.list(d, "") })
		finds := repeat(100, func(int) { got(d.Search(b.ctx, commonWord, 50)) })
		quiet, took := b.quiet(s, d)
		b.add(row{what: fmt.Sprintf("a pull with nothing new, %d records in the store", n), ours: fmt.Sprintf("%d bytes, %s", quiet, ms(took)), goal: "≤ 1024 bytes", met: yes(quiet <= 1024)})
		b.add(row{what: fmt.Sprintf("pulling one change, %d records on the desk", n), ours: "median " + ms(quantile(changes[1:], 0.5)), beside: "the first after opening, which counts all sums: " + ms(changes[0])})
		d.close()
		for i, y := range []float64{millis(load), millis(quantile(changes[1:], 0.5)), millis(quantile(lists, 0.95)), millis(quantile(finds, 0.95)), float64(quiet), replicaMB(d)} {
			curves[i].points = append(curves[i].points, point{float64(n), y})
		}
	}
	must(os.WriteFile(b.curvesFile(), draw(curves), 0o644))
	fmt.Println("curves", b.curvesFile())
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func replicaMB(d *desk) float64 {
	return float64(got(os.Stat(d.options.Dir+"/replica.db")).Size()) / 1e6
}

// quiet measures the bytes of a pull that finds nothing new.
func (b *bench) quiet(s *stage, d *desk) (bytes int64, took time.Duration) {
	c := &counter{next: http.DefaultTransport}
	d.close()
	d.options.Transport = s.srvClient(d, c)
	d.open(b.ctx)
	got(d.Sync(b.ctx)) // the device is introduced again
	c.bytes.Store(0)
	took = since(func() { got(d.Sync(b.ctx)) })
	return c.bytes.Load(), took
}
