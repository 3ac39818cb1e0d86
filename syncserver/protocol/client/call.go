package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/go-resty/resty/v2"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// call posts body and decodes the server's answer into out. Whatever is not
// certainly the sync server's own word is a temporary *Error.
func (c *Client) call(ctx context.Context, path string, body []byte, out any) error {
	if c.err != nil {
		return c.err
	}
	small := len(body) < protocol.CompressFrom
	if !small {
		body = c.codec.Compress(body)
	}
	ctx, p, done := c.patient(ctx, len(body))
	defer done()
	r := c.request(ctx).SetHeader("Content-Type", "application/json").SetHeader("Accept", "application/json")
	if !small {
		r.SetHeader("Content-Encoding", protocol.Encoding)
	}
	resp, err := r.SetBody(body).Post(c.base + path)
	if err != nil {
		return broken(ctx, err)
	}
	raw := resp.RawBody()
	defer raw.Close()
	answer, fault := c.read(ctx, resp.Header(), p.watch(raw))
	if fault != nil {
		return fault.at(resp.StatusCode())
	}
	return judge(resp, answer, out)
}

// request is a request with what all have in common.
func (c *Client) request(ctx context.Context) *resty.Request {
	r := c.http.R().SetContext(ctx).
		SetHeader("User-Agent", "qianshao-desk").
		SetHeader("Accept-Encoding", protocol.Encoding).
		SetHeader(protocol.HeaderVersion, protocol.Version)
	if token := c.Token(); token != "" {
		r.SetHeader("Authorization", "Bearer "+token)
	}
	return r
}

// read is the whole, decompressed body of an answer.
func (c *Client) read(ctx context.Context, h http.Header, raw io.Reader) ([]byte, *Error) {
	b, err := io.ReadAll(io.LimitReader(raw, maxReply+1))
	switch {
	case err != nil:
		return nil, broken(ctx, fmt.Errorf("read answer: %w", err))
	case len(b) > maxReply:
		return nil, notServer(0, "an answer without end")
	}
	switch h.Get("Content-Encoding") {
	case "", "identity":
		return b, nil
	case protocol.Encoding:
		if b, err = c.codec.Decompress(b); err != nil {
			return nil, failed(err)
		}
		return b, nil
	default:
		return nil, notServer(0, "an answer in another encoding")
	}
}

// judge tells a word of the server from anything else and decodes it.
func judge(resp *resty.Response, answer []byte, out any) error {
	status := resp.StatusCode()
	ours := resp.Header().Get(protocol.HeaderVersion) != "" && isJSON(resp.Header())
	if !ours {
		switch {
		case status >= 500:
			return &Error{Status: status, Err: office.Errorf(protocol.CodeUnavailable, "HTTP %d", status), Temporary: true}
		case status >= 300 && status < 400:
			return notServer(status, "sent on to another place")
		}
		return notServer(status, "not an answer of the sync server")
	}
	if status == http.StatusOK {
		if err := decode(answer, out); err != nil {
			return failed(fmt.Errorf("decode answer: %w", err)).at(status)
		}
		return nil
	}
	var e office.Error
	if err := json.Unmarshal(answer, &e); err != nil || e.Code == "" {
		return notServer(status, "an answer without a code")
	}
	return &Error{
		Status: status, Err: &e, After: retryAfter(resp.Header()),
		Temporary: status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout,
	}
}

// decode reads an answer into out.
func decode(answer []byte, out any) (err error) {
	if page, ok := out.(*protocol.PullReply); ok {
		*page, err = protocol.DecodePage(answer)
		return err
	}
	return json.Unmarshal(answer, out)
}

func isJSON(h http.Header) bool {
	t, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && t == "application/json"
}

func retryAfter(h http.Header) time.Duration {
	n, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || n < 0 || n > 24*3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}
