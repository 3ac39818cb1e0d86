package script

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// A Link is a bad road to the server: slow, and cut when so many bytes have come
// down it.
type Link struct {
	URL string // what a machine behind it knows the server by

	l    net.Listener
	to   string
	mu   sync.Mutex
	rate int           // bytes each second downwards; 0 = as fast as it goes
	left int64         // bytes until it is cut; < 0 = never
	down int64         // bytes that came down
	open []net.Conn    // of both sides
	done chan struct{} // closed by Close
}

// chunk is how much passes at a time.
const chunk = 16 << 10

// Link makes a road to the office's server. The caller closes it.
func (o *Office) Link() (*Link, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	k := &Link{URL: "http://" + l.Addr().String(), l: l, to: strings.TrimPrefix(o.URL(), "http://"), left: -1, done: make(chan struct{})}
	go k.accept()
	return k, nil
}

// Set makes the road as fast as rate bytes a second (0: at once) and cuts it
// after so many bytes have come down (0: never). Down counts anew.
func (k *Link) Set(rate int, cut int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.rate, k.left, k.down = rate, cut, 0
	if cut == 0 {
		k.left = -1
	}
}

// Down is how many bytes have come down since Set.
func (k *Link) Down() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.down
}

// Close ends the road and what is on it.
func (k *Link) Close() {
	close(k.done)
	_ = k.l.Close()
	k.cut()
}

func (k *Link) cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.open {
		_ = c.Close()
	}
	k.open = nil
}

func (k *Link) accept() {
	for {
		c, err := k.l.Accept()
		if err != nil {
			return
		}
		s, err := net.Dial("tcp", k.to)
		if err != nil {
			_ = c.Close()
			continue
		}
		k.mu.Lock()
		k.open = append(k.open, c, s)
		k.mu.Unlock()
		go func() { _, _ = io.Copy(s, c); _ = s.Close() }()
		go func() {
			if errors.Is(k.carry(c, s), errCut) {
				k.cut()
			}
			_ = c.Close()
		}()
	}
}

var errCut = errors.New("the road is cut")

// carry brings what the server says down the road.
func (k *Link) carry(to, from net.Conn) error {
	buf := make([]byte, chunk)
	for {
		n, err := from.Read(buf)
		k.mu.Lock()
		cut := k.left >= 0 && int64(n) >= k.left
		if cut {
			n = int(k.left)
		}
		if k.left >= 0 {
			k.left -= int64(n)
		}
		k.down += int64(n)
		rate := k.rate
		k.mu.Unlock()
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return err
			}
			if rate > 0 {
				select {
				case <-time.After(time.Duration(n) * time.Second / time.Duration(rate)):
				case <-k.done:
					return errCut
				}
			}
		}
		switch {
		case cut:
			return errCut
		case err != nil:
			return err
		}
	}
}
