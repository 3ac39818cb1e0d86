package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Error is a request that brought no result. It is never an outcome of a
// command: whatever was to be sent is still to be sent.
//
// office.CodeOf finds the code through it.
type Error struct {
	Status    int           // of the HTTP answer; 0 = there was none
	Err       *office.Error // why; with Status ≠ 0 and Temporary false the server's own word
	Temporary bool          // trying again later, unchanged, may succeed
	After     time.Duration // not before this time from now; 0 = the server did not say
	cause     error
}

func (e *Error) Error() string {
	s := e.Err.Error()
	if e.Status != 0 {
		s = fmt.Sprintf("%s (HTTP %d)", s, e.Status)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the coded error and the cause, such as context.Canceled.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.cause}
}

func (e *Error) at(status int) *Error {
	e.Status = status
	return e
}

// failed classifies an error of the transport: all of them are temporary.
func failed(err error) *Error {
	return &Error{Err: &office.Error{Code: codeOf(err)}, Temporary: true, cause: err}
}

func codeOf(err error) office.Code {
	var (
		cert     *tls.CertificateVerificationError // wraps whatever x509 found
		record   tls.RecordHeaderError
		alert    tls.AlertError
		netError net.Error
	)
	switch {
	case errors.As(err, &cert), errors.As(err, &record), errors.As(err, &alert):
		return protocol.CodeTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netError) && netError.Timeout():
		return protocol.CodeTimeout
	}
	return protocol.CodeNetwork
}

// notServer is an answer of something else than the sync server.
func notServer(status int, what string) *Error {
	return &Error{Status: status, Err: office.Errorf(protocol.CodeNotServer, "%s", what), Temporary: true}
}
