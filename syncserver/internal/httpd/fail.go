package httpd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// statusOf is the HTTP status of a code: the one place where they meet.
func statusOf(code office.Code) int {
	switch code {
	case protocol.CodeBadRequest, office.CodeInvalid:
		return http.StatusBadRequest
	case protocol.CodeSession, protocol.CodeCredentials:
		return http.StatusUnauthorized
	case protocol.CodeDevice, office.CodeNotPermitted:
		return http.StatusForbidden
	case protocol.CodeNoEndpoint, office.CodeNotFound:
		return http.StatusNotFound
	case protocol.CodeMethod:
		return http.StatusMethodNotAllowed
	case office.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case protocol.CodeMediaType:
		return http.StatusUnsupportedMediaType
	case protocol.CodeOffset, office.CodeExists:
		return http.StatusConflict
	case protocol.CodeQuota, protocol.CodeFull:
		return http.StatusInsufficientStorage
	case protocol.CodeWeak, protocol.CodeHash:
		return http.StatusUnprocessableEntity
	case office.CodeTooOld:
		return http.StatusUpgradeRequired
	case protocol.CodeLocked, protocol.CodeRate:
		return http.StatusTooManyRequests
	case protocol.CodeUnavailable:
		return http.StatusServiceUnavailable
	case protocol.CodeServerFull:
		return http.StatusInsufficientStorage
	}
	return http.StatusInternalServerError
}

// fail answers with an error. One without a code is a fault of ours: the caller
// gets the request's id, the log the reason.
func (s *Server) fail(c *call, err error) {
	var coded *office.Error
	var locked *identity.Locked
	if errors.As(err, &locked) {
		retryAfter(c, locked.For)
	}
	switch {
	case errors.As(err, &coded):
	case store.Full(err):
		coded = &office.Error{Code: protocol.CodeServerFull}
		s.o.Log.Error("the disk is full", "request", c.id, "path", c.r.URL.Path, "err", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), store.Retryable(err):
		coded = &office.Error{Code: protocol.CodeUnavailable}
		s.o.Log.Warn("request given up", "request", c.id, "path", c.r.URL.Path, "err", err)
	default:
		coded = &office.Error{Code: office.CodeInternal}
		s.o.Log.Error("request failed", "request", c.id, "path", c.r.URL.Path, "uid", c.session.UID, "err", err)
	}
	status := statusOf(coded.Code)
	if status == http.StatusInternalServerError {
		coded = &office.Error{Code: office.CodeInternal, Message: "request " + c.id}
	}
	if status == http.StatusUnauthorized && coded.Code == protocol.CodeSession {
		c.w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if err := c.reply(status, coded); err != nil {
		s.o.Log.Error("answer", "request", c.id, "err", err)
	}
}

func retryAfter(c *call, d time.Duration) {
	c.w.Header().Set("Retry-After", fmt.Sprint(int(math.Ceil(d.Seconds()))))
}
