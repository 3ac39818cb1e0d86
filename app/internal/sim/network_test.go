package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"

	"qianshao/syncserver/protocol"
)

// fate is what becomes of one message and its answer.
type fate string

const (
	arrives     fate = "arrives"
	lostRequest fate = "lost"      // never reaches the server
	lostReply   fate = "no-reply"  // reaches it; the answer is lost
	doubled     fate = "doubled"   // reaches it twice; the desk hears the second answer
	late        fate = "late"      // the desk gives up; the server gets it many events later, perhaps after newer ones
	broken      fate = "broken"    // the answer breaks off half way
	unwilling   fate = "5xx"       // a proxy or the server says 500, 502 or 503 without having tried
	afterAll    fate = "5xx-after" // as unwilling, but the server had done it
	stranger    fate = "stranger"  // something else answers 200 with a page
	denied      fate = "denied"    // 401 or 403 for a while
)

// weather says how likely each fate is, in parts of 1000; the rest arrives.
type weather []struct {
	what fate
	per  int
}

var (
	calm   = weather{}
	stormy = weather{
		{lostRequest, 50}, {lostReply, 70}, {doubled, 60}, {late, 40}, {broken, 30},
		{unwilling, 20}, {afterAll, 20}, {stranger, 10}, {denied, 10},
	}
)

func (w weather) draw(r *rand.Rand) fate {
	n := r.IntN(1000)
	for _, x := range w {
		if n < x.per {
			return x.what
		}
		n -= x.per
	}
	return arrives
}

// letter is a request on its way.
type letter struct {
	desk   *desk
	method string
	url    string
	header http.Header
	body   []byte
}

func (l letter) request() *http.Request {
	r := httptest.NewRequest(l.method, l.url, bytes.NewReader(l.body))
	r.Header = l.header.Clone()
	return r
}

// maxAsked is more requests than any sync here needs: more are a livelock.
const maxAsked = 300

// errLost is what a desk sees of a message that got no answer.
var errLost = errors.New("sim: no answer")

// line is one desk's connection: an http.RoundTripper into the server.
type line struct {
	w *world
	d *desk
}

// RoundTrip carries one request through the weather. All happens on the
// caller's goroutine.
func (n *line) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, err
		}
		body = b
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	w := n.w
	l := letter{desk: n.d, method: req.Method, url: req.URL.String(), header: req.Header, body: w.spoil(req.URL.Path, body)}
	if n.d.asked++; n.d.asked > maxAsked {
		w.fail(4, "%s: one sync makes more than %d requests", n.d.name, maxAsked)
	}
	w.meanwhile(n.d)
	what := arrives
	if n.d.cut {
		what = lostRequest
	} else {
		what = w.weather.draw(w.rng)
	}
	w.log.add("%s %s %s %s", n.d.name, req.Method, req.URL.Path, what)
	switch what {
	case lostRequest:
		return nil, errLost
	case late:
		w.late = append(w.late, l)
		return nil, errLost
	case unwilling:
		return plain(req, 500+w.rng.IntN(4), "<html>bad gateway</html>", false), nil
	case stranger:
		return plain(req, 200, "<html>欢迎使用无线网络</html>", false), nil
	case denied:
		code := 401 + 2*w.rng.IntN(2)
		return plain(req, code, fmt.Sprintf(`{"code":%q}`, protocol.CodeSession), true), nil
	}
	res := w.serve(l)
	if what == doubled {
		res = w.serve(l)
	}
	switch what {
	case lostReply:
		return nil, errLost
	case afterAll:
		return plain(req, 502, "<html>bad gateway</html>", false), nil
	}
	content := w.spoil(req.URL.Path, res.Body.Bytes())
	w.traffic += size(req.Header, body) + size(res.Header(), content)
	out := res.Result()
	out.Request = req
	out.Body = io.NopCloser(bytes.NewReader(content))
	if what == broken {
		content = content[:len(content)/2]
		out.Body = io.NopCloser(io.MultiReader(bytes.NewReader(content), failing{}))
		return out, nil
	}
	return out, nil
}

// size is about what a message costs on the line.
func size(h http.Header, body []byte) int64 {
	n := len(body) + 60 // the first line
	for k, vs := range h {
		for _, v := range vs {
			n += len(k) + len(v) + 4
		}
	}
	return int64(n)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// plain is an answer the real handler did not make.
func plain(req *http.Request, code int, body string, ours bool) *http.Response {
	rec := httptest.NewRecorder()
	if ours {
		rec.Header().Set(protocol.HeaderVersion, protocol.Version)
		rec.Header().Set("Content-Type", "application/json")
	} else {
		rec.Header().Set("Content-Type", "text/html")
	}
	rec.WriteHeader(code)
	rec.WriteString(body)
	res := rec.Result()
	res.Request = req
	return res
}

// deliverLate lets the server have a request whose sender gave up long ago.
func (w *world) deliverLate() {
	i := w.rng.IntN(len(w.late))
	l := w.late[i]
	w.late = append(w.late[:i], w.late[i+1:]...)
	w.log.add("late %s from %s", l.url, l.desk.name)
	w.serve(l)
}
