package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"

	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
)

// Exit codes; see the package comment.
const (
	exitDone        = 0
	exitFault       = 1
	exitUsage       = 2
	exitRefused     = 3
	exitUnreachable = 4
	exitBusy        = 5
)

// usageError is a wrong command line or wrong input: nothing was tried.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// asUsage keeps a call for help apart from a wrong option.
func asUsage(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return usage("说明见 desk help")
	}
	return &usageError{err}
}

// exitCode is the exit code of an error.
func exitCode(err error) int {
	var u *usageError
	var o *office.Error
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &u):
		return exitUsage
	case errors.Is(err, errBusy):
		return exitBusy
	case isUnreachable(err):
		return exitUnreachable
	case errors.Is(err, settings.ErrNone):
		return exitUsage
	case errors.As(err, &o) && o.Code != office.CodeInternal:
		return exitRefused
	default:
		return exitFault
	}
}

// complain says on standard error what went wrong and answers the exit code.
func (p *program) complain(err error, asJSON bool) int {
	code := exitCode(err)
	if asJSON {
		m := struct {
			Exit    int         `json:"exit"`
			Code    office.Code `json:"code,omitempty"`
			Message string      `json:"message"`
			Field   string      `json:"field,omitempty"`
		}{Exit: code, Message: err.Error()}
		var o *office.Error
		if errors.As(err, &o) {
			m.Code, m.Field = o.Code, o.Field
			if o.Message != "" {
				m.Message = o.Message
			}
		}
		raw, _ := json.Marshal(m) // strings and a number: cannot fail
		fmt.Fprintf(p.err, "%s\n", raw)
		return code
	}
	fmt.Fprintf(p.err, "desk: %v\n", err)
	return code
}
