package httpd

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"qianshao/syncserver/internal/authority"
	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Authority is what the handlers ask for; *authority.Authority is one.
type Authority interface {
	Hello(context.Context, authority.Caller, protocol.HelloRequest) (protocol.HelloReply, error)
	Push(ctx context.Context, c authority.Caller, r protocol.PushRequest, raw []byte) (protocol.PushReply, error)
	Pull(context.Context, authority.Caller, protocol.PullRequest) (protocol.PullReply, error)
	Read(context.Context, authority.Caller, protocol.ReadRequest) (protocol.ReadReply, error)
	Blobs(context.Context, authority.Caller, protocol.BlobsRequest) (protocol.BlobsReply, error)
	BlobHead(ctx context.Context, c authority.Caller, sha string) (authority.BlobState, error)
	BlobPut(ctx context.Context, c authority.Caller, sha string, offset, total int64, r io.Reader) (authority.BlobState, error)
	BlobOpen(ctx context.Context, c authority.Caller, sha string, offset int64) (io.ReadCloser, int64, error)
	Digest(context.Context, authority.Caller, protocol.DigestRequest) (protocol.DigestReply, error)
	Watch(uid office.UserID) (pokes <-chan []office.Channel, stop func())
}

// Options of a Server; Authority, Identity, Ping, Now and Rand are needed.
type Options struct {
	Authority Authority
	Identity  *identity.Identity
	Ping      func(context.Context) error                // whether the store answers
	Fleet     func(context.Context) (store.Fleet, error) // of all devices, for the metrics; nil = untold
	Now       func() time.Time
	Rand      io.Reader // makes request ids; safe for concurrent use
	Log       *slog.Logger
	Limits    Limits // zero = DefaultLimits
	// Beat gives the heartbeats of one stream and a way to stop them; nil = one
	// each 25 s.
	Beat func() (beats <-chan time.Time, stop func())
	// MetricsAnywhere opens /metrics to other machines than this one.
	MetricsAnywhere bool
}

// Limits of log-ins and streams.
type Limits struct {
	Address Rate // log-ins from one address (IPv6: one /64); right ones are given back
	Account Rate // log-ins with one name; right ones are given back
	Streams int  // streams of pokes one person may have open
}

// DefaultLimits let an office of some hundreds behind one address sign in on a
// Monday morning, and a guesser try 20 passwords a minute.
func DefaultLimits() Limits {
	return Limits{
		Address: Rate{Burst: 40, Every: 3 * time.Second},
		Account: Rate{Burst: 10, Every: 6 * time.Second},
		Streams: 16,
	}
}

// Server is the handler of all endpoints.
type Server struct {
	o       Options
	codec   *protocol.Zstd
	routes  map[string]route
	metrics *metrics
	address *limiter
	account *limiter

	mu      sync.Mutex
	streams map[office.UserID]int
	closing chan struct{}
	closed  bool
}

// New makes a server that does not listen yet.
func New(o Options) (*Server, error) {
	if o.Authority == nil || o.Identity == nil || o.Ping == nil || o.Now == nil || o.Rand == nil {
		return nil, errors.New("httpd: authority, identity, ping, clock and randomness are needed")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	if o.Beat == nil {
		o.Beat = func() (<-chan time.Time, func()) {
			t := time.NewTicker(beatEvery)
			return t.C, t.Stop
		}
	}
	codec, err := protocol.NewZstd(protocol.MaxBody)
	if err != nil {
		return nil, err
	}
	s := &Server{
		o: o, codec: codec,
		address: newLimiter(o.Limits.Address), account: newLimiter(o.Limits.Account),
		streams: map[office.UserID]int{}, closing: make(chan struct{}),
	}
	s.routes = s.table()
	s.metrics = newMetrics(o.Identity.Open, o.Fleet)
	return s, nil
}

// Close ends all streams; other requests go on to their end.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.closing)
	}
}

// route is one endpoint.
type route struct {
	method  string
	methods []string // instead of method, where there are several
	max     int      // bytes of the body, after decompression; 0 = it has none
	session bool     // whether a session is needed
	wiped   bool     // whether a revoked device may ask, to be told so
	answer  func(*call) error
}

// table is the list of all routes; nothing else answers.
func (s *Server) table() map[string]route {
	return map[string]route{
		"/auth/login":             {method: http.MethodPost, max: maxSmall, answer: s.login},
		"/auth/logout":            {method: http.MethodPost, max: maxSmall, session: true, wiped: true, answer: s.logout},
		"/auth/password":          {method: http.MethodPost, max: maxSmall, session: true, answer: s.password},
		"/sync/hello":             {method: http.MethodPost, max: maxSmall, session: true, wiped: true, answer: s.hello},
		"/sync/push":              {method: http.MethodPost, max: protocol.MaxBody, session: true, wiped: true, answer: s.push},
		"/sync/pull":              {method: http.MethodPost, max: protocol.MaxBody, session: true, answer: s.pull},
		"/read":                   {method: http.MethodPost, max: maxRead, session: true, answer: s.read},
		"/sync/digest":            {method: http.MethodPost, max: protocol.MaxBody, session: true, answer: s.digest},
		protocol.BlobsPath:        {method: http.MethodPost, max: protocol.MaxBody, session: true, answer: s.blobs},
		"/sync/poke":              {method: http.MethodGet, session: true, answer: s.poke},
		"/admin/accounts":         {method: http.MethodPost, max: maxSmall, session: true, answer: s.accounts},
		"/admin/account/add":      {method: http.MethodPost, max: maxSmall, session: true, answer: s.addAccount},
		"/admin/account/password": {method: http.MethodPost, max: maxSmall, session: true, answer: s.setPassword},
		"/admin/account/enable":   {method: http.MethodPost, max: maxSmall, session: true, answer: s.enableAccount},
		"/admin/account/disable":  {method: http.MethodPost, max: maxSmall, session: true, answer: s.disableAccount},
		"/admin/devices":          {method: http.MethodPost, max: maxSmall, session: true, answer: s.devices},
		"/admin/device/revoke":    {method: http.MethodPost, max: maxSmall, session: true, answer: s.revokeDevice},
		"/healthz":                {method: http.MethodGet, answer: s.health},
		"/metrics":                {method: http.MethodGet, answer: s.showMetrics},
	}
}

// maxRead is the most bytes of a reading on line: 200 ids and a few conditions.
const maxRead = 128 << 10

// maxSmall is the most bytes of a request that holds no documents.
const maxSmall = 16 << 10
