package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// readBody reads a request's body and decompresses it, both up to max bytes.
func (s *Server) readBody(c *call, max int) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return nil, office.Errorf(protocol.CodeMediaType, "Content-Type must be application/json")
	}
	encoding := c.r.Header.Get("Content-Encoding")
	if encoding != "" && encoding != "identity" && encoding != protocol.Encoding {
		return nil, office.Errorf(protocol.CodeMediaType, "Content-Encoding must be zstd or none")
	}
	tooLarge := office.Errorf(office.CodeTooLarge, "at most %d bytes", max)
	if c.r.ContentLength > int64(max) {
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, int64(max)))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge
	case err != nil:
		return nil, office.Errorf(protocol.CodeBadRequest, "the body broke off")
	case encoding != protocol.Encoding:
		return body, nil
	}
	body, err = s.codec.Decompress(body)
	switch {
	case errors.Is(err, protocol.ErrTooLarge), err == nil && len(body) > max:
		return nil, tooLarge
	case err != nil:
		return nil, office.Errorf(protocol.CodeBadRequest, "not zstd")
	}
	return body, nil
}

// reply answers with v as JSON, compressed if the caller takes that.
func (c *call) reply(status int, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	c.answer(status, b.Bytes())
	return nil
}

// answer is reply for JSON that is written already.
func (c *call) answer(status int, out []byte) {
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Vary", "Accept-Encoding")
	if len(out) >= protocol.CompressFrom && takes(c.r, protocol.Encoding) {
		out = c.s.codec.Compress(out)
		h.Set("Content-Encoding", protocol.Encoding)
	}
	h.Set("Content-Length", fmt.Sprint(len(out)))
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		c.w.Write(out) // the caller may be gone; every endpoint can be asked again
	}
}

// takes reports whether the caller takes an encoding without reserve.
func takes(r *http.Request, encoding string) bool {
	for _, line := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(line, ",") {
			if name, q, _ := strings.Cut(strings.TrimSpace(part), ";"); strings.EqualFold(strings.TrimSpace(name), encoding) {
				q = strings.ReplaceAll(q, " ", "")
				return q != "q=0" && q != "q=0.0"
			}
		}
	}
	return false
}
