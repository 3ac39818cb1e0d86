package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// BlobHead asks whether the server has a content, as far as the person may
// know, and else how much of the person's own upload is there.
func (c *Client) BlobHead(ctx context.Context, sha string) (size, offset int64, done bool, err error) {
	if c.err != nil {
		return 0, 0, false, c.err
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	resp, err := c.request(ctx).SetHeader("Accept-Encoding", "identity").Head(c.base + protocol.BlobPath + sha)
	if err != nil {
		return 0, 0, false, failed(err)
	}
	defer resp.RawBody().Close()
	h, status := resp.Header(), resp.StatusCode()
	if h.Get(protocol.HeaderVersion) == "" {
		return 0, 0, false, notServer(status, "not an answer of the sync server")
	}
	switch status {
	case http.StatusOK:
		n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
		if err != nil || n < 0 {
			return 0, 0, false, notServer(status, "a file without a size")
		}
		return n, 0, true, nil
	case http.StatusNotFound:
		n, err := strconv.ParseInt(h.Get(protocol.HeaderOffset), 10, 64)
		if err != nil || n < 0 {
			return 0, 0, false, notServer(status, "an upload without an offset")
		}
		return 0, n, false, nil
	}
	return 0, 0, false, refusedHead(status)
}

// Blobs asks which files the person has to bring before their commands are sent.
func (c *Client) Blobs(ctx context.Context, r protocol.BlobsRequest) (protocol.BlobsReply, error) {
	out := protocol.BlobsReply{LastN: -1}
	err := c.send(ctx, protocol.BlobsPath, r, &out)
	if err == nil && out.LastN < 0 {
		err = notServer(http.StatusOK, "an answer about files without a number")
	}
	return out, err
}

// refusedHead is the error of an answer that has no body to tell more.
func refusedHead(status int) error {
	code := protocol.CodeUnavailable
	switch status {
	case http.StatusUnauthorized:
		code = protocol.CodeSession
	case http.StatusForbidden:
		code = protocol.CodeDevice
	}
	return &Error{Status: status, Err: &office.Error{Code: code}, Temporary: code == protocol.CodeUnavailable}
}

// BlobPut sends one piece of an upload of total bytes and gives where it stands
// now. CodeOffset: it stands at the offset given with it.
func (c *Client) BlobPut(ctx context.Context, sha string, offset, total int64, piece []byte) (at int64, done bool, err error) {
	if c.err != nil {
		return 0, false, c.err
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	resp, err := c.request(ctx).SetHeader("Content-Type", "application/octet-stream").SetHeader("Accept", "application/json").
		SetHeader(protocol.HeaderOffset, fmt.Sprint(offset)).SetHeader(protocol.HeaderLength, fmt.Sprint(total)).
		SetBody(bytes.NewReader(piece)).Put(c.base + protocol.BlobPath + sha)
	if err != nil {
		return 0, false, failed(err)
	}
	raw := resp.RawBody()
	defer raw.Close()
	answer, broke := c.read(ctx, resp.Header(), raw)
	if broke != nil {
		return 0, false, broke.at(resp.StatusCode())
	}
	var out protocol.BlobReply
	if err := judge(resp, answer, &out); err != nil {
		at, perr := strconv.ParseInt(resp.Header().Get(protocol.HeaderOffset), 10, 64)
		if perr != nil || at < 0 {
			at = 0
		}
		return at, false, err
	}
	return out.Offset, out.Done, nil
}

// BlobGet reads up to most bytes of a content from an offset on, gives them to
// w as they come, and tells the content's whole size. What came before the
// answer broke off has been given to w.
func (c *Client) BlobGet(ctx context.Context, sha string, offset, most int64, w io.Writer) (n, size int64, err error) {
	if c.err != nil {
		return 0, 0, c.err
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	resp, err := c.request(ctx).SetHeader("Accept-Encoding", "identity").
		SetHeader("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+most-1)).Get(c.base + protocol.BlobPath + sha)
	if err != nil {
		return 0, 0, failed(err)
	}
	raw := resp.RawBody()
	defer raw.Close()
	h, status := resp.Header(), resp.StatusCode()
	ours := h.Get(protocol.HeaderVersion) != ""
	switch {
	case ours && status == http.StatusRequestedRangeNotSatisfiable:
		var total int64
		if _, err := fmt.Sscanf(h.Get("Content-Range"), "bytes */%d", &total); err != nil {
			return 0, 0, notServer(status, "a range without a size")
		}
		return 0, total, nil
	case !ours || status != http.StatusPartialContent:
		answer, broke := c.read(ctx, h, raw)
		if broke != nil {
			return 0, 0, broke.at(status)
		}
		if status == http.StatusOK {
			return 0, 0, notServer(status, "a whole file where a part was asked for")
		}
		var none json.RawMessage
		return 0, 0, judge(resp, answer, &none)
	}
	var from, to, total int64
	if _, err := fmt.Sscanf(h.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &total); err != nil || from != offset || to < from || total <= to {
		return 0, 0, notServer(status, "another part than was asked for")
	}
	out := &sink{w: w}
	n, err = io.Copy(out, io.LimitReader(raw, min(most, to-from+1)))
	switch {
	case out.err != nil: // the disk's, not the line's
		return n, total, out.err
	case err != nil:
		return n, total, failed(fmt.Errorf("read file: %w", err))
	case n < to-from+1:
		return n, total, failed(io.ErrUnexpectedEOF)
	}
	return n, total, nil
}

// sink remembers the error of a writer.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.err = err
	return n, err
}
