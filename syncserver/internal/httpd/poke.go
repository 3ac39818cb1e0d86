package httpd

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// beatEvery is how often a stream without news shows that it lives, and asks
// whether its session does.
const beatEvery = 25 * time.Second

// poke is the stream of server-sent events: the names of channels that have
// something new, no data. It ends with the session, with the server, or when
// the caller goes; the last event says which ("end").
func (s *Server) poke(c *call) error {
	if !s.admit(c.session.UID) {
		return office.Errorf(protocol.CodeRate, "at most %d streams", s.o.Limits.Streams)
	}
	defer s.dismiss(c.session.UID)

	over, forget := s.o.Identity.Ended(c.session.ID)
	defer forget()
	// Asked again after listening began: it may have ended in between.
	if code := s.over(c); code != "" {
		return &office.Error{Code: code}
	}
	pokes, stop := s.o.Authority.Watch(c.session.UID)
	defer stop()
	beats, still := s.o.Beat()
	defer still()

	rc := http.NewResponseController(c.w)
	// A stream outlives the limits of ordinary requests. Not every transport
	// has deadlines; those without need none taken away.
	_ = rc.SetReadDeadline(time.Time{})
	_ = rc.SetWriteDeadline(time.Time{})
	c.w.Header().Set("Content-Type", "text/event-stream")
	c.w.Header().Set("X-Accel-Buffering", "no")
	c.w.WriteHeader(http.StatusOK)
	send := func(text string) bool {
		if _, err := fmt.Fprint(c.w, text); err != nil {
			return false
		}
		return rc.Flush() == nil
	}
	end := func(code office.Code) { send("event: end\ndata: {\"code\":\"" + string(code) + "\"}\n\n") }

	for ok := send("event: ready\ndata: {}\n\n"); ok; {
		select {
		case <-c.ctx().Done():
			return nil
		case <-s.closing:
			end(protocol.CodeUnavailable)
			return nil
		case <-over:
			end(s.over(c))
			return nil
		case chans, open := <-pokes:
			if !open {
				end(protocol.CodeUnavailable)
				return nil
			}
			ok = send(pokeEvent(chans))
			s.metrics.pokes.Inc()
		case <-beats:
			if code := s.over(c); code != "" {
				end(code)
				return nil
			}
			ok = send(": beat\n\n")
		}
	}
	return nil
}

// over is why a stream must end; "" if its session is as it was.
func (s *Server) over(c *call) office.Code {
	now, err := s.o.Identity.Check(c.ctx(), c.session.ID)
	switch code := office.CodeOf(err); {
	case code == protocol.CodeSession:
		return code
	case code != "":
		return protocol.CodeUnavailable
	case now.Wiped:
		return protocol.CodeDevice
	}
	return ""
}

func pokeEvent(chans []office.Channel) string {
	if chans == nil {
		chans = []office.Channel{}
	}
	names, err := json.Marshal(chans) // one line: JSON escapes line ends
	if err != nil {
		names = []byte("[]") // "ask for all"; strings cannot fail to encode
	}
	return "event: poke\ndata: " + string(names) + "\n\n"
}

// admit counts a person's streams.
func (s *Server) admit(uid office.UserID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams[uid] >= s.o.Limits.Streams {
		return false
	}
	s.streams[uid]++
	s.metrics.streams.Inc()
	return true
}

func (s *Server) dismiss(uid office.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams[uid]--; s.streams[uid] == 0 {
		delete(s.streams, uid)
	}
	s.metrics.streams.Dec()
}
