package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// maxEvent is the longest line of the stream in bytes.
const maxEvent = 256 << 10

// errSilent ends a stream that has been silent too long.
var errSilent = errors.New("no heartbeat")

// Poke listens until the stream or ctx ends, and calls on with the channels
// that have something new; none means "ask for all", and is the first call,
// when the stream is open: what came before it is not told. Calls follow one
// another. It always returns an error: of ctx, or an *Error. Losing the stream loses
// nothing; polling finds what was missed.
func (c *Client) Poke(ctx context.Context, on func(chans []office.Channel)) error {
	if c.err != nil {
		return c.err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(c.opts.PokeIdle, func() { cancel(errSilent) })
	defer idle.Stop()

	resp, err := c.request(ctx).SetHeader("Accept", "text/event-stream").SetHeader("Accept-Encoding", "identity").Get(c.base + "/sync/poke")
	if err != nil {
		return broken(ctx, err)
	}
	raw := resp.RawBody()
	defer raw.Close()
	kind, _, _ := mime.ParseMediaType(resp.Header().Get("Content-Type"))
	if resp.StatusCode() != http.StatusOK || resp.Header().Get(protocol.HeaderVersion) == "" || kind != "text/event-stream" {
		answer, rerr := c.read(ctx, resp.Header(), raw)
		if rerr != nil {
			return rerr.at(resp.StatusCode())
		}
		if resp.StatusCode() == http.StatusOK {
			return notServer(http.StatusOK, "not a stream of the sync server")
		}
		return judge(resp, answer, nil)
	}

	lines := bufio.NewScanner(raw)
	lines.Buffer(nil, maxEvent)
	event, data := "", ""
	for lines.Scan() {
		idle.Reset(c.opts.PokeIdle)
		line := lines.Text()
		switch {
		case line == "":
			if err := deliver(event, data, on); err != nil {
				return err
			}
			event, data = "", ""
		case strings.HasPrefix(line, "event:"):
			event = strings.TrimSpace(line[len("event:"):])
		case strings.HasPrefix(line, "data:"):
			data += strings.TrimSpace(line[len("data:"):])
		}
	}
	err = lines.Err()
	if err == nil {
		err = errors.New("the stream ended")
	}
	return broken(ctx, err)
}

// deliver hands one event on. An event of an unknown name is one of a newer
// server.
func deliver(event, data string, on func([]office.Channel)) error {
	switch event {
	case "ready":
		on(nil)
	case "poke":
		var chans []office.Channel
		if err := json.Unmarshal([]byte(data), &chans); err != nil {
			return failed(fmt.Errorf("decode poke: %w", err))
		}
		on(chans)
	case "end":
		var e office.Error
		if err := json.Unmarshal([]byte(data), &e); err != nil || e.Code == "" {
			return failed(errors.New("the stream ended"))
		}
		switch e.Code {
		case protocol.CodeSession:
			return &Error{Status: http.StatusUnauthorized, Err: &e}
		case protocol.CodeDevice:
			return &Error{Status: http.StatusForbidden, Err: &e}
		}
		return &Error{Err: &e, Temporary: true}
	}
	return nil
}

// broken is a stream's error; a caller who ended it gets the reason of its context.
func broken(ctx context.Context, err error) *Error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	return failed(err)
}
