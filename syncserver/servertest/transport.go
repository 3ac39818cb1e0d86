package servertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"

	"qianshao/syncserver/protocol/client"
)

// RoundTripper carries requests straight to the handlers, without sockets.
// An ordinary request is answered in the caller's goroutine; a stream runs in
// one of its own until its body is closed or its context ends.
func (s *Server) RoundTripper() http.RoundTripper { return roundTripper{s} }

type roundTripper struct{ h http.Handler }

func (rt roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RemoteAddr, in.RequestURI = "127.0.0.1:1", r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &answer{header: http.Header{}, started: make(chan struct{})}
	if !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		defer cancel()
		if err := rt.serve(w, in); err != nil {
			return nil, err
		}
		return w.response(r, io.NopCloser(&w.buffer)), nil
	}
	body, pipe := io.Pipe()
	w.stream = pipe
	go func() {
		err := rt.serve(w, in)
		w.WriteHeader(http.StatusOK) // if nothing was written
		if err == nil {
			err = io.EOF
		}
		pipe.CloseWithError(err)
	}()
	<-w.started
	return w.response(r, closer{body, func() { cancel(); body.Close() }}), nil
}

// serve runs the handler; a handler that aborts is a connection that breaks.
func (rt roundTripper) serve(w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			err = io.ErrUnexpectedEOF
		} else if p != nil {
			panic(p)
		}
	}()
	rt.h.ServeHTTP(w, r)
	return nil
}

// answer is an http.ResponseWriter into a buffer, or into a stream.
type answer struct {
	header  http.Header
	sent    http.Header // as it was when the status was written
	status  int
	once    sync.Once
	started chan struct{}
	buffer  bytes.Buffer
	stream  *io.PipeWriter
}

func (w *answer) Header() http.Header { return w.header }

func (w *answer) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, maps.Clone(w.header)
		close(w.started)
	})
}

func (w *answer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.stream != nil {
		return w.stream.Write(b)
	}
	return w.buffer.Write(b)
}

// Flush is nothing to do: each Write reaches the reader.
func (w *answer) Flush() { w.WriteHeader(http.StatusOK) }

func (w *answer) response(r *http.Request, body io.ReadCloser) *http.Response {
	w.WriteHeader(http.StatusOK)
	length := int64(-1)
	if w.stream == nil {
		length = int64(w.buffer.Len())
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: length, Request: r,
	}
}

type closer struct {
	io.Reader
	close func()
}

func (c closer) Close() error {
	c.close()
	return nil
}

// Client is a client of this server. rt is between them, such as a bad network
// around RoundTripper; nil = nothing.
func (s *Server) Client(rt http.RoundTripper) *client.Client {
	if rt == nil && s.URL == BaseURL {
		rt = s.RoundTripper()
	}
	return client.New(client.Options{BaseURL: s.URL, RoundTripper: rt})
}

// Listen serves on a free port of loopback too, until Close, and sets URL.
func (s *Server) Listen() (url string, err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	hs := &http.Server{Handler: s}
	s.mu.Lock()
	s.sockets = append(s.sockets, hs)
	s.URL = "http://" + ln.Addr().String()
	s.mu.Unlock()
	go func() {
		if err := hs.Serve(ln); !errors.Is(err, http.ErrServerClosed) && s.o.Log != nil {
			s.o.Log.Error("serve", "err", err)
		}
	}()
	return s.URL, nil
}
