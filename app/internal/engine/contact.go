package engine

import (
	"context"
	"sync"

	"qianshao/syncserver/office"
)

// contact is how the desk stands with the server. The zero value is a desk
// that has not asked yet.
type contact struct {
	mu      sync.Mutex
	offline bool // switched off by the person
	tried   bool
	online  bool // the last sync got through
	hello   bool // the device was introduced since the last failure
	busy    bool
	news    bool // the last history line said something else
	err     office.Code
	cancel  context.CancelFunc
	turned  chan struct{} // closed when the switch is turned
}

// turn is closed when the person turns the switch next.
func (c *contact) turn() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.turned == nil {
		c.turned = make(chan struct{})
	}
	return c.turned
}

// while is a context that ends when the person turns the switch.
func (c *contact) while(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	turn := c.turn()
	go func() {
		select {
		case <-turn:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// begin starts a sync; end takes its error. It is refused while switched off.
func (c *contact) begin(ctx context.Context) (context.Context, func(error), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.offline {
		return nil, nil, &office.Error{Code: CodeOffline}
	}
	ctx, c.cancel = context.WithCancel(ctx)
	c.busy = true
	return ctx, c.end, nil
}

func (c *contact) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	code := codeOf(err)
	c.news = !c.tried || code != c.err
	c.tried, c.online, c.busy = true, err == nil, false
	c.err = code
	if err != nil {
		c.hello = false // whoever answers next may be another server
	}
	c.cancel()
}

// first reports whether the last sync ended otherwise than the one before.
func (c *contact) first() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.news
}

func (c *contact) greeted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hello
}

func (c *contact) greet() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hello = true
}

// unreachable reports whether the server is known to be out of reach.
func (c *contact) unreachable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offline || c.tried && !c.online
}

// failed is the code of the last sync, "" after a success.
func (c *contact) failed() office.Code {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// set switches the network off or on and reports whether that was a change.
func (c *contact) set(off bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed := c.offline != off
	c.offline = off
	if changed && c.turned != nil {
		close(c.turned)
		c.turned = nil
	}
	if off && c.busy {
		c.cancel()
	}
	return changed
}

func (c *contact) isOffline() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offline
}

func (c *contact) into(s *Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.Offline, s.Online, s.Syncing, s.LastError = c.offline, c.online && !c.offline, c.busy, c.err
}
