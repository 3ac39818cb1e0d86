package client

import (
	"context"
	"io"
	"time"
)

// leastRate is how many bytes a second a road must carry, about half of what a
// telephone line does. A request gets its Timeout and, besides, the time that its
// bytes take at this rate: a fixed time would never let the largest requests and
// pages through a slow line, however often they are tried, and a longer one would
// take a dead line for a slow one.
const leastRate = 4 << 10

// patience ends a request that stands still.
type patience struct {
	timer *time.Timer
	began time.Time
	base  time.Duration
	n     int64 // bytes that went or came
}

// patient is ctx, ended with the cause context.DeadlineExceeded if the request
// and its answer do not come along. up is how many bytes are sent.
func (c *Client) patient(ctx context.Context, up int) (context.Context, *patience, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	p := &patience{began: time.Now(), base: c.opts.Timeout, n: int64(up)}
	p.timer = time.AfterFunc(p.left(), func() { cancel(context.DeadlineExceeded) })
	return ctx, p, func() {
		p.timer.Stop()
		cancel(nil)
	}
}

func (p *patience) left() time.Duration {
	return time.Until(p.began.Add(p.base + time.Duration(p.n)*time.Second/leastRate))
}

// watch counts the bytes of an answer.
func (p *patience) watch(r io.Reader) io.Reader { return watched{r, p} }

type watched struct {
	io.Reader
	p *patience
}

func (w watched) Read(b []byte) (int, error) {
	n, err := w.Reader.Read(b)
	w.p.n += int64(n)
	w.p.timer.Reset(w.p.left())
	return n, err
}
