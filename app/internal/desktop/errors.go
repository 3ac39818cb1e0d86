package desktop

import (
	"encoding/json"
	"errors"
	"log/slog"

	"qianshao/syncserver/office"
)

// callError is a refused call as the page receives it. The code chooses the
// text; the message is a sentence for people or empty.
type callError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field"`
}

// formatError is the one place where an error leaves Go for the page. What is
// not a refusal is a fault of ours: its text goes to the log only.
//
// The answer is JSON in a string: the runtime's script makes new Error(answer)
// of it, which keeps a string as the error's message and makes "[object
// Object]" of anything else. The page parses the message.
func formatError(log *slog.Logger, err error) any {
	var known *office.Error
	if !errors.As(err, &known) {
		log.Error("call failed", "err", err)
	}
	e := office.AsError(err)
	b, jerr := json.Marshal(callError{Code: string(e.Code), Message: e.Message, Field: e.Field})
	if jerr != nil {
		panic(jerr) // three strings always marshal
	}
	return string(b)
}
