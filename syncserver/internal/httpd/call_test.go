package httpd

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

func requestWith(header, value string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(header, value)
	return r
}

func TestNetwork(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.1:80": "192.0.2.1", "[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::/64", "[::ffff:192.0.2.1]:80": "192.0.2.1",
		"[fe80::1%eth0]:80": "fe80::/64", "@": "@", "": "",
	} {
		c := &call{r: &http.Request{RemoteAddr: addr}}
		if got := c.network(); got != want {
			t.Errorf("%q counts as %q, want %q", addr, got, want)
		}
	}
}

// Every code a handler may give has a status of its own; what has none is our
// fault, not the caller's.
func TestStatusOf(t *testing.T) {
	for code, want := range map[office.Code]int{
		protocol.CodeBadRequest: 400, office.CodeInvalid: 400, protocol.CodeCredentials: 401, protocol.CodeSession: 401,
		protocol.CodeDevice: 403, office.CodeNotPermitted: 403, protocol.CodeNoEndpoint: 404, office.CodeNotFound: 404, protocol.CodeMethod: 405,
		office.CodeTooLarge: 413, protocol.CodeMediaType: 415, protocol.CodeWeak: 422, office.CodeTooOld: 426, protocol.CodeLocked: 429, protocol.CodeRate: 429,
		office.CodeInternal: 500, "made_up": 500, protocol.CodeUnavailable: 503,
	} {
		if got := statusOf(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}
