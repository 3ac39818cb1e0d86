package bridge

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
)

// core is what every room has.
type core struct {
	ctx   context.Context
	host  Host
	kinds *office.Kinds
	now   func() time.Time
	rand  io.Reader
	log   *slog.Logger
	press Press
	save  func(name string, data []byte) (path string, err error)

	far    sync.Map                 // titles of papers read on line, by id, for their tabs: farTitle
	opened opened                   // texts that were shown since the program began
	left   atomic.Pointer[[]Unsent] // words of a person whose desk was wiped, see Rooms.Farewell
}

// CodeSignedOut refuses a call that needs somebody to be signed in.
const CodeSignedOut office.Code = "signed_out"

// CodeUnread refuses a batch act on a text that was not opened: 签发 and 复核 are
// never given on what was not before one's eyes.
const CodeUnread office.Code = "unread_body"

// CodeNeedsPage refuses a batch act on a task that asks for a choice.
const CodeNeedsPage office.Code = "needs_page"

// at is one call: whose desk, and when.
type at struct {
	*core
	desk Desk
	uid  office.UserID
	now  time.Time
}

// call runs one bound method: a panic never reaches the runtime (it would
// leave the page waiting for ever), every error leaves as an *office.Error and
// every missing list as an empty one.
func call[T any](c *core, name string, f func(ctx context.Context) (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			var zero T
			out = zero
			c.log.Error("call panicked", "call", name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = &office.Error{Code: office.CodeInternal}
		}
		if err != nil {
			e := office.AsError(engine.Known(err))
			if e.Code == office.CodeInternal {
				c.log.Error("call failed", "call", name, "err", err)
			}
			err = e
		}
		fillLists(reflect.ValueOf(&out))
	}()
	return f(c.ctx)
}

// signedIn is call for what needs an open desk.
func signedIn[T any](c *core, name string, f func(ctx context.Context, a *at) (T, error)) (T, error) {
	return call(c, name, func(ctx context.Context) (T, error) {
		desk, uid, ok := c.host.Desk()
		if !ok {
			var zero T
			return zero, &office.Error{Code: CodeSignedOut}
		}
		return f(ctx, &at{core: c, desk: desk, uid: uid, now: c.now()})
	})
}

// do is signedIn for what answers nothing.
func do(c *core, name string, f func(ctx context.Context, a *at) error) error {
	_, err := signedIn(c, name, func(ctx context.Context, a *at) (struct{}, error) {
		return struct{}{}, f(ctx, a)
	})
	return err
}

// newID makes the id of a new record.
func (a *at) newID() (string, error) { return office.NewID(a.now, a.rand) }

// give hands a command to the desk.
func (a *at) give(ctx context.Context, id string, cmd office.Command) (Done, error) {
	mid, err := a.desk.Do(ctx, cmd)
	return Done{Mid: mid, ID: id}, err
}

// fillLists makes every nil slice an empty one: the page's types know no null.
func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillLists(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillLists(v.Index(i))
		}
	}
}
