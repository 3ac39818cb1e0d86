package httpd_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

// A scenario is one request and what must come of it.
type scenario struct {
	name   string
	method string // "" = POST
	path   string
	token  string // "" = none
	header map[string]string
	body   string
	from   string // remote address; "" = this machine

	status int
	code   office.Code
	field  string
	has    string // a text that the answer contains
	stores bool   // something may be stored; else nothing at all
	after  func(t *testing.T, r *httptest.ResponseRecorder)
}

// world is a server with two people at their desks.
type world struct {
	*servertest.Server
	lin, xu *servertest.Desk
}

var (
	lin = servertest.User{UID: "lin-zhiyuan", Name: "林知远"}
	xu  = servertest.User{UID: "xu-nanqiao", Name: "许南乔"}
)

func newWorld(t *testing.T, change ...func(*servertest.Options)) *world {
	t.Helper()
	if onPostgres {
		change = append(change, func(o *servertest.Options) { o.Dir, o.URL = "", pg.Database(t) })
	}
	w := &world{Server: servertest.New(t, change...)}
	for _, u := range []servertest.User{lin, xu} {
		if err := w.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	w.lin, w.xu = w.desk(t, lin), w.desk(t, xu)
	return w
}

func (w *world) desk(t *testing.T, u servertest.User) *servertest.Desk {
	t.Helper()
	d, err := w.SignIn(u, "", "install-of-"+string(u.UID), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *world) print(t *testing.T) string {
	t.Helper()
	f, err := w.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// send makes the request without any client that would mend it.
func (w *world) send(t *testing.T, x scenario) *httptest.ResponseRecorder {
	method := x.method
	if method == "" {
		method = http.MethodPost
	}
	r := httptest.NewRequest(method, "/", io.NopCloser(strings.NewReader(x.body)))
	r.ContentLength = int64(len(x.body))
	u, err := url.ParseRequestURI(x.path) // as net/http's server reads a request line
	if err != nil {
		t.Fatal(err)
	}
	r.URL = u
	r.RemoteAddr = "127.0.0.1:5000"
	if x.from != "" {
		r.RemoteAddr = x.from
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if x.token != "" {
		r.Header.Set("Authorization", "Bearer "+x.token)
	}
	for k, v := range x.header {
		if v == "" {
			r.Header.Del(k)
		} else {
			r.Header.Set(k, v)
		}
	}
	if x.header["Content-Length"] != "" {
		r.ContentLength = -1 // chunked: the length is not told
	}
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	return out
}

func (w *world) play(t *testing.T, xs ...scenario) {
	t.Helper()
	for _, x := range xs {
		t.Run(x.name, func(t *testing.T) {
			t.Helper()
			before := w.print(t)
			r := w.send(t, x)
			var e office.Error
			if r.Code != http.StatusOK {
				if err := json.Unmarshal(r.Body.Bytes(), &e); err != nil {
					t.Errorf("the answer is no error as JSON: %v\n%s", err, r.Body)
				}
				if got := r.Header().Get("Content-Type"); got != "application/json" {
					t.Errorf("Content-Type %q", got)
				}
			}
			if r.Code != x.status || e.Code != x.code || e.Field != x.field {
				t.Errorf("%d %q field %q, want %d %q field %q\n%s", r.Code, e.Code, e.Field, x.status, x.code, x.field, r.Body)
			}
			if !bytes.Contains(r.Body.Bytes(), []byte(x.has)) {
				t.Errorf("the answer lacks %q: %s", x.has, r.Body)
			}
			for name, want := range map[string]string{
				protocol.HeaderVersion: protocol.Version, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
			} {
				if got := r.Header().Get(name); got != want {
					t.Errorf("%s: %q", name, got)
				}
			}
			if len(r.Header().Get("X-Request-Id")) != 16 {
				t.Errorf("request id %q", r.Header().Get("X-Request-Id"))
			}
			if !x.stores && w.print(t) != before {
				t.Error("something was stored")
			}
			if x.after != nil {
				x.after(t, r)
			}
		})
	}
	if faults, err := w.Check(); err != nil || len(faults) > 0 {
		t.Errorf("doctor: %v, %v", faults, err)
	}
}

// encode is v as a request's body.
func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
