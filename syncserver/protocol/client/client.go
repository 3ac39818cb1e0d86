package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Options say which server, and how it is reached.
type Options struct {
	// BaseURL of the server, such as "https://oa.example.cn:8443". Plain http
	// is taken for this machine only, unless Plain is set.
	BaseURL string
	// RoundTripper carries the requests; nil makes one with TLS ≥ 1.2 and the
	// system's proxies. Tests and the simulator give their own.
	RoundTripper http.RoundTripper
	// Roots are the certificates trusted beside none other; nil = the
	// system's. Of no use with a RoundTripper.
	Roots *x509.CertPool
	// Token of a session, if there is one already.
	Token string
	// Plain lets passwords and documents travel unencrypted. Only for
	// networks that are protected otherwise.
	Plain bool
	// Timeout of one request from its start to the last byte of the answer,
	// for a road that carries nothing; what comes along gets longer (leastRate).
	// 0 = 60 s. The context given with a call may be shorter. A piece of a file
	// gets no longer: what came of it is kept.
	Timeout time.Duration
	// PokeIdle is how long the stream of pokes may be silent before it counts
	// as dead; 0 = 90 s. The server beats every 25 s.
	PokeIdle time.Duration
}

// maxReply is the most bytes of an answer after decompression: the largest page
// of a pull with its frame.
const maxReply = 4 * protocol.PageMax

// Client speaks to one server. Safe for concurrent use.
type Client struct {
	opts  Options
	base  string
	http  *resty.Client
	codec *protocol.Zstd
	err   error // of New: the address cannot be used

	mu    sync.Mutex
	token string
}

// New makes a client. It does not connect: an address that cannot be used is
// told by the first call (CodeInvalid, field "server").
func New(o Options) *Client {
	if o.Timeout == 0 {
		o.Timeout = 60 * time.Second
	}
	if o.PokeIdle == 0 {
		o.PokeIdle = 90 * time.Second
	}
	c := &Client{opts: o, token: o.Token}
	if c.base, c.err = checkURL(o.BaseURL, o.Plain); c.err != nil {
		return c
	}
	if c.codec, c.err = protocol.NewZstd(maxReply); c.err != nil {
		return c
	}
	rt := o.RoundTripper
	if rt == nil {
		rt = transport(o.Roots)
	}
	hc := &http.Client{Transport: rt} // no cookies, no timeout of its own: contexts bound the calls
	c.http = resty.NewWithClient(hc).
		SetLogger(quiet{}).
		SetDisableWarn(true).
		SetDoNotParseResponse(true).
		SetRedirectPolicy(resty.RedirectPolicyFunc(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }))
	return c
}

// transport is how desks reach servers.
func transport(roots *x509.CertPool) http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   4,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true, // zstd is ours
	}
}

// CheckURL holds an address against the rules of Options.BaseURL and gives it
// without a trailing slash.
func CheckURL(address string) (string, error) { return checkURL(address, false) }

func checkURL(address string, plain bool) (string, error) {
	bad := func(msg string) error { return office.Invalid("server", "%s", msg) }
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", bad("not an address such as https://oa.example.cn")
	case u.User != nil, u.RawQuery != "", u.Fragment != "", strings.Trim(u.Path, "/") != "":
		return "", bad("only scheme, host and port")
	case u.Scheme == "https":
	case u.Scheme == "http" && (plain || isLoopback(u.Hostname())):
	case u.Scheme == "http":
		return "", bad("https is needed beyond this machine")
	default:
		return "", bad("https is needed")
	}
	return u.Scheme + "://" + u.Host, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// Token is the token of the present session, "" without one. It is a secret.
func (c *Client) Token() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}

// SetToken goes on with a session opened earlier.
func (c *Client) SetToken(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token = token
}

// Reconnect closes idle connections: after a change of network they are dead
// without knowing it.
func (c *Client) Reconnect() {
	if c.http != nil {
		c.http.GetClient().CloseIdleConnections()
	}
}

// Login opens a session and goes on with its token. CodeCredentials,
// CodeLocked and CodeRate are the server's answers to a bad one.
func (c *Client) Login(ctx context.Context, r protocol.LoginRequest) (protocol.LoginReply, error) {
	var out protocol.LoginReply
	if err := c.send(ctx, "/auth/login", r, &out); err != nil {
		return protocol.LoginReply{}, err
	}
	if out.Token == "" || out.Device == "" {
		return protocol.LoginReply{}, notServer(http.StatusOK, "a log-in without a token")
	}
	c.SetToken(out.Token)
	return out, nil
}

// Logout ends the session. The token is forgotten even if the server cannot be
// reached; there it then ends by itself.
func (c *Client) Logout(ctx context.Context) error {
	err := c.send(ctx, "/auth/logout", struct{}{}, &protocol.Ack{})
	c.SetToken("")
	return err
}

// Password changes the password of the session's person.
func (c *Client) Password(ctx context.Context, r protocol.PasswordRequest) error {
	return c.send(ctx, "/auth/password", r, &protocol.Ack{})
}

// Accounts are all accounts, for administrators.
func (c *Client) Accounts(ctx context.Context) ([]protocol.Account, error) {
	var out protocol.AccountsReply
	err := c.send(ctx, "/admin/accounts", struct{}{}, &out)
	return out.Accounts, err
}

// AddAccount makes an account that has yet to be opened.
func (c *Client) AddAccount(ctx context.Context, r protocol.AccountRequest) error {
	return c.send(ctx, "/admin/account/add", r, &protocol.Ack{})
}

// SetPassword sets somebody's password; the account has to be opened again.
func (c *Client) SetPassword(ctx context.Context, r protocol.AccountRequest) error {
	return c.send(ctx, "/admin/account/password", r, &protocol.Ack{})
}

// EnableAccount opens an account.
func (c *Client) EnableAccount(ctx context.Context, user string) error {
	return c.send(ctx, "/admin/account/enable", protocol.AccountRequest{User: user}, &protocol.Ack{})
}

// DisableAccount closes an account and ends its sessions.
func (c *Client) DisableAccount(ctx context.Context, user string) error {
	return c.send(ctx, "/admin/account/disable", protocol.AccountRequest{User: user}, &protocol.Ack{})
}

// Devices are somebody's machines, for administrators.
func (c *Client) Devices(ctx context.Context, uid office.UserID) ([]protocol.Device, error) {
	var out protocol.DevicesReply
	err := c.send(ctx, "/admin/devices", protocol.DevicesRequest{UID: uid}, &out)
	return out.Devices, err
}

// RevokeDevice ends a machine of somebody.
func (c *Client) RevokeDevice(ctx context.Context, uid office.UserID, dev string) error {
	return c.send(ctx, "/admin/device/revoke", protocol.DeviceRequest{UID: uid, Device: dev}, &protocol.Ack{})
}

// Hello introduces the device.
func (c *Client) Hello(ctx context.Context, r protocol.HelloRequest) (protocol.HelloReply, error) {
	var out protocol.HelloReply
	err := c.send(ctx, "/sync/hello", r, &out)
	if err == nil && out.Verdict == "" {
		err = notServer(http.StatusOK, "a hello without a verdict")
	}
	return out, err
}

// Push sends the exact bytes of a PushRequest: the server's ticket is bound to
// their digest.
func (c *Client) Push(ctx context.Context, body []byte) (protocol.PushReply, error) {
	var out protocol.PushReply
	err := c.call(ctx, "/sync/push", body, &out)
	if err == nil && out.Verdict == "" {
		err = notServer(http.StatusOK, "a push without a verdict")
	}
	return out, err
}

// Pull asks for one page.
func (c *Client) Pull(ctx context.Context, r protocol.PullRequest) (protocol.PullReply, error) {
	var out protocol.PullReply
	err := c.send(ctx, "/sync/pull", r, &out)
	return out, err
}

// Read asks for records that need not live on the desk.
func (c *Client) Read(ctx context.Context, r protocol.ReadRequest) (protocol.ReadReply, error) {
	var out protocol.ReadReply
	err := c.send(ctx, "/read", r, &out)
	return out, err
}

// Digest asks one question about a channel that differs.
func (c *Client) Digest(ctx context.Context, r protocol.DigestRequest) (protocol.DigestReply, error) {
	var out protocol.DigestReply
	err := c.send(ctx, "/sync/digest", r, &out)
	if err == nil && out.Sum == "" {
		err = notServer(http.StatusOK, "a digest without a sum")
	}
	return out, err
}

func (c *Client) send(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode request of %s: %w", path, err)
	}
	return c.call(ctx, path, body, out)
}

// quiet keeps resty from logging: its lines would hold addresses and headers.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Debugf(string, ...any) {}
