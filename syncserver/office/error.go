package office

import (
	"errors"
	"fmt"
)

// Code names one kind of refusal. Codes cross the wire and the bridge unchanged
// and are frozen once released; the text people read is chosen from the code.
type Code string

// Codes of refusals that any command may give.
const (
	CodeInvalid      Code = "invalid"       // an argument is missing, too long or out of range; Field names it
	CodeNotFound     Code = "not_found"     // the record does not exist, or not for this person
	CodeExists       Code = "exists"        // a record with this id or number exists already
	CodeNotPermitted Code = "not_permitted" // the person may not do this
	CodeState        Code = "wrong_state"   // the record's state does not allow this act; Message names the state found
	CodeClassified   Code = "classified"    // 涉密 content is refused (rule L15, 保密法)
	CodeUnknown      Code = "unknown_command"
	CodeTooOld       Code = "upgrade" // the program is too old for this command or server
	CodeTooLarge     Code = "too_large"
	CodeInternal     Code = "internal"  // not the person's fault; details are in the log only
	CodeElsewhere    Code = "elsewhere" // a desk lacks a record it needs to foresee the outcome; never a refusal
	CodeHeld         Code = "held"      // waits behind a refused command it depends on
	CodeQuarantined  Code = "quarantined"
)

// Codes of refused approval acts (design: approval.md, W1–W46).
const (
	CodeStaleBody       Code = "stale_body"         // the text changed since it was read: ask again
	CodeDoneByOther     Code = "task_done_by_other" // 他人已办
	CodeTaskWithdrawn   Code = "task_withdrawn"     // 已被取回
	CodeTaskTransferred Code = "task_transferred"   // 已转办
	CodeSuspended       Code = "instance_suspended"
	CodeEnded           Code = "instance_ended"
)

// Notes on commands that applied with a remark (see [Tx.Note]).
const (
	NoteConflict Code = "conflict"        // both values were kept; a conflict record says where
	NoteRebased  Code = "applied_rebased" // other fields had changed meanwhile
	NoteMerged   Code = "merged"          // both sides' edits of one text were joined
	NoteNumber   Code = "number_pending"  // 编号待分配: only the server gives numbers
)

// Error is a refusal: a code for programs, a sentence for people, and the
// argument or record field it is about, if any.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message,omitempty"`
	Field   string `json:"field,omitempty"`
}

func (e *Error) Error() string {
	s := string(e.Code)
	if e.Field != "" {
		s += " (" + e.Field + ")"
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	return s
}

// Is makes errors.Is compare codes: errors.Is(err, &Error{Code: c}).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Errorf makes a refusal with a sentence for people.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid refuses one argument.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// CodeOf is the code of err: that of the *Error it wraps, CodeInternal for any
// other error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// AsError is the one conversion from any error to what may leave a room: a
// refusal as it is, anything else as CodeInternal without its text.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: CodeInternal}
}
