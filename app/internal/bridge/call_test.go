package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
)

// brokenHost panics whatever is asked of it.
type brokenHost struct{}

func (brokenHost) Remembered() (string, string)                                { panic("broken") }
func (brokenHost) Desk() (Desk, office.UserID, bool)                           { panic("broken") }
func (brokenHost) SignIn(context.Context, string, string, string) error        { panic("broken") }
func (brokenHost) SignOut(context.Context) error                               { panic("broken") }
func (brokenHost) Preferences() (json.RawMessage, error)                       { panic("broken") }
func (brokenHost) SavePreferences(json.RawMessage) error                       { panic("broken") }
func (brokenHost) Known() Known                                                { panic("broken") }
func (brokenHost) Renew(context.Context, string) error                         { panic("broken") }
func (brokenHost) Password(context.Context, string, string) error              { panic("broken") }
func (brokenHost) Accounts(context.Context) ([]AccountRow, error)              { panic("broken") }
func (brokenHost) Account(context.Context, AccountAct) error                   { panic("broken") }
func (brokenHost) Devices(context.Context, office.UserID) ([]DeviceRow, error) { panic("broken") }
func (brokenHost) Revoke(context.Context, office.UserID, string) error         { panic("broken") }
func (brokenHost) Link() (string, int64)                                       { panic("broken") }
func (brokenHost) Notify(string, string, string)                               { panic("broken") }
func (brokenHost) CanNotify() bool                                             { panic("broken") }
func (brokenHost) ExportLog([]byte) (string, error)                            { panic("broken") }
func (brokenHost) Program() Program                                            { panic("broken") }
func (brokenHost) AskSave(string, ...FileKind) (string, error)                 { panic("broken") }
func (brokenHost) ExportFolder() (string, error)                               { panic("broken") }
func (brokenHost) OpenPath(string) error                                       { panic("broken") }

// calls are all methods that the page may call, with arguments that get past
// the first look.
func calls(r *Rooms) map[string]func() []reflect.Value {
	out := map[string]func() []reflect.Value{}
	for _, room := range r.Bind() {
		v := reflect.ValueOf(room)
		for i := range v.NumMethod() {
			m := v.Method(i)
			args := make([]reflect.Value, m.Type().NumIn())
			for j := range args {
				args[j] = reflect.Zero(m.Type().In(j))
				if c, ok := args[j].Interface().(Credentials); ok {
					c.Server, c.User, c.Password = "https://oa.example", "x", "x"
					args[j] = reflect.ValueOf(c)
				}
				if _, ok := args[j].Interface().(Preferences); ok {
					args[j] = reflect.ValueOf(defaults())
				}
			}
			name := v.Elem().Type().Name() + "." + v.Type().Method(i).Name
			out[name] = func() []reflect.Value { return m.Call(args) }
		}
	}
	return out
}

// local are the methods that need neither host nor desk.
var local = []string{"Documents.Genres"}

func TestNoPanicLeaves(t *testing.T) {
	r := New(context.Background(), Options{
		Host: brokenHost{}, Now: time.Now, Rand: &zeros{}, Log: slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil)),
	})
	n := 0
	for name, call := range calls(r) {
		if slices.Contains(local, name) {
			continue
		}
		n++
		out := call()
		err, _ := out[len(out)-1].Interface().(error)
		if err == nil {
			t.Errorf("%s: no error from a broken host", name)
			continue
		}
		if _, ok := err.(*office.Error); !ok {
			t.Errorf("%s: %T leaves, want *office.Error", name, err)
		}
		if office.CodeOf(err) != office.CodeInternal || strings.Contains(err.Error(), "broken") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n < 40 {
		t.Errorf("only %d methods were tried", n)
	}
}

func TestSignedOut(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	h.desk = nil
	open := append(slices.Clone(local), "Session.State", "Session.SignIn", "Session.SignOut", "Settings.Get", "Settings.Set", "Settings.About", "Shell.Link")
	for name, call := range calls(r) {
		out := call()
		err, _ := out[len(out)-1].Interface().(error)
		switch {
		case slices.Contains(open, name) && name != "Session.SignIn":
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case name == "Session.SignIn":
		default:
			if office.CodeOf(err) != CodeSignedOut {
				t.Errorf("%s while nobody is signed in: %v", name, err)
			}
		}
	}
}

func TestOtherErrorsAreHidden(t *testing.T) {
	r, h, log := newRooms(t, "lin-zhiyuan")
	h.fail = errors.New("disk full of secrets")
	_, err := r.Settings.Set(defaults())
	refused(t, err, office.CodeInternal)
	if strings.Contains(err.Error(), "secrets") {
		t.Errorf("the text of a fault left: %v", err)
	}
	if !strings.Contains(log.String(), "secrets") {
		t.Error("the fault is not in the log")
	}
}

func TestSignaturesArePlain(t *testing.T) {
	r := New(context.Background(), Options{})
	var plain func(reflect.Type) bool
	seen := map[reflect.Type]bool{}
	plain = func(x reflect.Type) bool {
		if seen[x] {
			return true
		}
		seen[x] = true
		switch x.Kind() {
		case reflect.Slice, reflect.Pointer:
			return plain(x.Elem())
		case reflect.Map:
			return x.Key().Kind() == reflect.String && plain(x.Elem())
		case reflect.Struct:
			if x.PkgPath() != reflect.TypeFor[Task]().PkgPath() {
				return false
			}
			for i := range x.NumField() {
				f := x.Field(i)
				if f.IsExported() && (!plain(f.Type) || f.Tag.Get("json") == "") {
					return false
				}
			}
			return true
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
			return x.PkgPath() == ""
		}
		return false
	}
	failure := reflect.TypeFor[error]()
	for _, room := range r.Bind() {
		x := reflect.TypeOf(room)
		for i := range x.NumMethod() {
			m := x.Method(i)
			for j := 1; j < m.Type.NumIn(); j++ {
				if !plain(m.Type.In(j)) {
					t.Errorf("%v.%s: argument %v", x, m.Name, m.Type.In(j))
				}
			}
			n := m.Type.NumOut()
			if n == 0 || m.Type.Out(n-1) != failure {
				t.Errorf("%v.%s has no error", x, m.Name)
				continue
			}
			for j := range n - 1 {
				if !plain(m.Type.Out(j)) {
					t.Errorf("%v.%s: result %v", x, m.Name, m.Type.Out(j))
				}
			}
		}
	}
}

func TestFillLists(t *testing.T) {
	p, err := call(&core{}, "x", func(context.Context) (DocumentPage, error) {
		return DocumentPage{Areas: []Area{{}}, Task: &MyTask{}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "null") {
		t.Errorf("a list is null: %s", raw)
	}
}

// The page's list of events is this one.
func TestEventNames(t *testing.T) {
	src, err := os.ReadFile("../../../frontend/src/bridge/events.ts")
	if err != nil {
		t.Fatal(err)
	}
	var page []string
	for _, m := range regexp.MustCompile(`(?m)^  \w+: '(\w+)',$`).FindAllSubmatch(src, -1) {
		page = append(page, string(m[1]))
	}
	ours := Events()
	slices.Sort(page)
	slices.Sort(ours)
	if !slices.Equal(page, ours) {
		t.Errorf("page %v, Go %v", page, ours)
	}
}
