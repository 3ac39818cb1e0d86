package proof

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// road is what becomes of the bytes of one connection.
type road struct {
	name string
	// reset closes the connection hard after so many bytes in a direction;
	// 0 = never.
	resetUp, resetDown int64
	stallDown          int64 // nothing passes after so many bytes; the connection stays open
	stallBody          bool  // as stallDown, when an answer's head is over and its body begins
	hole               bool  // all is swallowed, nothing answered: half open
	answer             string
	bps                int // bytes a second, both ways; 0 = unbounded
	hold               bool
}

// proxy carries connections to a server, each on the road that was chosen for
// it.
type proxy struct {
	t      testing.TB
	ln     net.Listener
	mu     sync.Mutex
	target string
	next   func() road
	open   map[net.Conn]bool
	n      int
	closed bool
	group  sync.WaitGroup
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, ln: ln, target: strings.TrimPrefix(target, "http://"), open: map[net.Conn]bool{}}
	p.group.Go(p.accept)
	t.Cleanup(func() {
		p.mu.Lock()
		p.closed = true
		p.mu.Unlock()
		ln.Close()
		p.cut()
		p.group.Wait()
	})
	return p
}

func (p *proxy) url() string { return "http://" + p.ln.Addr().String() }

// take chooses the roads of connections from now on, and cuts those there are.
func (p *proxy) take(next func() road) {
	p.mu.Lock()
	p.next = next
	p.mu.Unlock()
	p.cut()
}

func always(r road) func() road { return func() road { return r } }

// to leads to another server from now on.
func (p *proxy) to(target string) {
	p.mu.Lock()
	p.target = strings.TrimPrefix(target, "http://")
	p.mu.Unlock()
	p.cut()
}

func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		c.Close()
	}
}

// keep notes a connection, so that it can be cut.
func (p *proxy) keep(c net.Conn) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = true
	if p.closed {
		c.Close()
	}
	return func() {
		p.mu.Lock()
		delete(p.open, c)
		p.mu.Unlock()
		c.Close()
	}
}

func (p *proxy) accept() {
	for {
		c, err := p.ln.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		r, target := road{}, p.target
		if p.next != nil {
			r = p.next()
		}
		p.n++
		p.mu.Unlock()
		p.group.Go(func() {
			defer p.keep(c)()
			p.carry(c, target, r)
		})
	}
}

func (p *proxy) carry(c net.Conn, target string, r road) {
	switch {
	case r.hole:
		io.Copy(io.Discard, c)
		return
	case r.answer != "":
		req, err := http.ReadRequest(bufio.NewReader(c))
		if err == nil {
			io.Copy(io.Discard, req.Body)
			io.WriteString(c, r.answer)
		}
		return
	}
	s, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer p.keep(s)()
	done := make(chan struct{}, 2)
	pass := func(to, from net.Conn, reset, stall int64, body, hold bool) {
		defer func() { done <- struct{}{} }()
		var n int64
		buf := make([]byte, 2048)
		var held []byte
		began := time.Now()
		for {
			k, err := from.Read(buf)
			b := buf[:k]
			if reset > 0 && n+int64(k) >= reset {
				to.Write(b[:reset-n])
				for _, x := range []net.Conn{to, from} {
					x.(*net.TCPConn).SetLinger(0) // RST, not FIN
					x.Close()
				}
				return
			}
			if stall > 0 && n+int64(k) >= stall {
				to.Write(b[:stall-n])
				io.Copy(io.Discard, from) // until somebody gives up
				return
			}
			if head := bytes.Index(b, []byte("\r\n\r\n")); body && head >= 0 {
				to.Write(b[:min(head+5, k)])
				io.Copy(io.Discard, from)
				return
			}
			n += int64(k)
			if r.bps > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second / time.Duration(r.bps))))
			}
			if hold { // a proxy that gives a stream on when it ends, or is large
				if held = append(held, b...); err == nil && len(held) < 1<<16 && isStream(held) {
					continue
				}
				b, held = held, nil
			}
			if _, werr := to.Write(b); werr != nil || err != nil {
				return
			}
		}
	}
	go pass(s, c, r.resetUp, 0, false, false)
	go pass(c, s, r.resetDown, r.stallDown, r.stallBody, r.hold)
	<-done
	c.Close()
	s.Close()
	<-done
}

func isStream(b []byte) bool {
	return strings.Contains(string(b[:min(len(b), 2048)]), "text/event-stream")
}

// portal is what a captive portal answers to whatever it is asked.
const portal = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n<html><body>欢迎使用无线网络</body>"

// redirect is another kind of portal.
const redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

// gateway is a proxy whose server is away.
const gateway = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

// storm draws roads by chance: every kind there is.
func storm(rng *rand.Rand) func() road {
	var mu sync.Mutex
	return func() road {
		mu.Lock()
		defer mu.Unlock()
		n := 1 + rng.Int64N(3000)
		switch rng.IntN(12) {
		case 0, 1:
			return road{name: "reset on the way there", resetUp: n}
		case 2, 3:
			return road{name: "reset on the way back", resetDown: n}
		case 4:
			return road{name: "stall", stallDown: n}
		case 5:
			return road{name: "half open", hole: true}
		case 6:
			return road{name: "portal", answer: portal}
		case 7:
			return road{name: "redirect", answer: redirect}
		case 8:
			return road{name: "gateway", answer: gateway}
		}
		return road{name: "clear"}
	}
}
