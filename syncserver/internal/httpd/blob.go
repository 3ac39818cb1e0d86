package httpd

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// blobRoute answers for every path /blob/{sha256}.
func (s *Server) blobRoute() route {
	return route{methods: []string{http.MethodHead, http.MethodPut, http.MethodGet}, session: true, answer: s.blob}
}

// blob is a content: what is known of it, a piece of it, or all.
func (s *Server) blob(c *call) error {
	sha := strings.TrimPrefix(c.r.URL.Path, protocol.BlobPath)
	switch c.r.Method {
	case http.MethodHead:
		return s.blobHead(c, sha)
	case http.MethodPut:
		return s.blobPut(c, sha)
	}
	return s.blobGet(c, sha)
}

// blobs tells which files the caller has to bring.
func (s *Server) blobs(c *call) error {
	r, err := protocol.DecodeBlobs(c.body)
	if err != nil {
		return err
	}
	out, err := s.o.Authority.Blobs(c.ctx(), c.caller(), r)
	if err != nil {
		return err
	}
	return c.reply(http.StatusOK, out)
}

func (s *Server) blobHead(c *call, sha string) error {
	b, err := s.o.Authority.BlobHead(c.ctx(), c.caller(), sha)
	if err != nil {
		return err
	}
	if !b.Done {
		c.w.Header().Set(protocol.HeaderOffset, fmt.Sprint(b.Offset))
		return &office.Error{Code: office.CodeNotFound, Field: "sha256"}
	}
	c.w.Header().Set("Content-Length", fmt.Sprint(b.Size))
	c.w.Header().Set("Accept-Ranges", "bytes")
	c.w.WriteHeader(http.StatusOK)
	return nil
}

func (s *Server) blobPut(c *call, sha string) error {
	offset, err1 := strconv.ParseInt(c.r.Header.Get(protocol.HeaderOffset), 10, 64)
	total, err2 := strconv.ParseInt(c.r.Header.Get(protocol.HeaderLength), 10, 64)
	if err1 != nil || err2 != nil {
		return office.Errorf(protocol.CodeBadRequest, "%s and %s are needed", protocol.HeaderOffset, protocol.HeaderLength)
	}
	if e := c.r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return office.Errorf(protocol.CodeMediaType, "a piece travels as it is")
	}
	if c.r.ContentLength > protocol.MaxPiece {
		return office.Errorf(office.CodeTooLarge, "at most %d bytes in one piece", protocol.MaxPiece)
	}
	body := http.MaxBytesReader(c.w, c.r.Body, protocol.MaxPiece)
	b, err := s.o.Authority.BlobPut(c.ctx(), c.caller(), sha, offset, total, body)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return office.Errorf(office.CodeTooLarge, "at most %d bytes in one piece", protocol.MaxPiece)
	case office.CodeOf(err) == protocol.CodeOffset, office.CodeOf(err) == protocol.CodeHash:
		c.w.Header().Set(protocol.HeaderOffset, fmt.Sprint(b.Offset))
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return office.Errorf(protocol.CodeBadRequest, "the body broke off")
	case err != nil:
		return err
	}
	if b.Done {
		b.Offset = b.Size
		s.metrics.blobsIn.Inc()
	}
	return c.reply(http.StatusOK, protocol.BlobReply{Offset: b.Offset, Done: b.Done})
}

func (s *Server) blobGet(c *call, sha string) error {
	from, to, ranged, ok := parseRange(c.r.Header.Get("Range"))
	if !ok {
		return office.Errorf(protocol.CodeBadRequest, "Range must be bytes=FROM-[TO]")
	}
	r, size, err := s.o.Authority.BlobOpen(c.ctx(), c.caller(), sha, from)
	if err != nil {
		return err
	}
	defer r.Close()
	h := c.w.Header()
	if from >= size && (ranged || size > 0) && !(from == 0 && size == 0 && !ranged) {
		h.Set("Content-Range", fmt.Sprintf("bytes */%d", size))
		c.w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		return nil
	}
	if to < 0 || to >= size {
		to = size - 1
	}
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Accept-Ranges", "bytes")
	h.Set("ETag", `"`+sha+`"`)
	h.Set("Content-Length", fmt.Sprint(to-from+1))
	status := http.StatusOK
	if ranged {
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, size))
		status = http.StatusPartialContent
	}
	c.w.WriteHeader(status)
	n, err := io.Copy(c.w, io.LimitReader(r, to-from+1))
	s.metrics.blobBytes.Add(float64(n))
	if err != nil || n < to-from+1 {
		panic(http.ErrAbortHandler) // the answer has begun: only breaking it off tells the caller
	}
	return nil
}

// parseRange reads "bytes=FROM-TO", "bytes=FROM-" or nothing; to is -1 for the end.
func parseRange(s string) (from, to int64, ranged, ok bool) {
	if s == "" {
		return 0, -1, false, true
	}
	rest, ok := strings.CutPrefix(s, "bytes=")
	a, b, dash := strings.Cut(rest, "-")
	from, err := strconv.ParseInt(a, 10, 64)
	if !ok || !dash || err != nil || from < 0 {
		return 0, 0, false, false
	}
	to = -1
	if b != "" {
		if to, err = strconv.ParseInt(b, 10, 64); err != nil || to < from {
			return 0, 0, false, false
		}
	}
	return from, to, true, true
}
