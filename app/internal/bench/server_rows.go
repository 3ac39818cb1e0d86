package main

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"qianshao/app/internal/engine"
)

// counter counts the bytes of requests and answers, headers included as far as
// HTTP/1.1 would write them.
type counter struct {
	next  http.RoundTripper
	bytes atomic.Int64
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.bytes.Add(r.ContentLength + headerBytes(r.Header) + int64(len(r.URL.Path)) + 30)
	p, err := c.next.RoundTrip(r)
	if err == nil {
		c.bytes.Add(max(0, p.ContentLength) + headerBytes(p.Header) + 20)
	}
	return p, err
}

func headerBytes(h http.Header) (n int64) {
	for k, vs := range h {
		for _, v := range vs {
			n += int64(len(k) + len(v) + 4)
		}
	}
	return n
}

// visible measures how long a change takes from the command on one desk to the
// row on another, both kept in sync by pokes over real sockets. The desks may
// have servers of their own over one store.
func (b *bench) visible(s, other *stage, goal time.Duration, name string) {
	s.fill(100)
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	giver, taker := s.desk(people[0], name+"-giver"), other.desk(people[0], name+"-taker")
	for _, d := range []*desk{giver, taker} {
		got(d.Sync(ctx))
	}
	done := make(chan error, 2)
	run := func(e *engine.Engine) { done <- e.Run(ctx) }
	go run(giver.Engine)
	go run(taker.Engine)
	changes, stop := taker.Changes()
	defer stop()
	id := paperID(7)
	lags := repeat(100, func(i int) {
		title := fmt.Sprintf("第%d次修改", i)
		got(giver.Do(ctx, &retitle{ID: id, Title: title}))
		for range changes {
			r, _, err := taker.Get(ctx, papers.Name, id)
			must(err)
			var p paper
			must(r.Decode(&p))
			if p.Title == title {
				return
			}
		}
	})
	cancel()
	<-done
	<-done
	giver.close()
	taker.close()
	p := quantile(lags[5:], 0.95)
	b.add(row{what: "one change, command to visible on another desk, " + name, ours: "p95 " + ms(p), beside: "median " + ms(quantile(lags[5:], 0.5)), goal: "p95 ≤ " + ms(goal), met: yes(p <= goal)})
}
