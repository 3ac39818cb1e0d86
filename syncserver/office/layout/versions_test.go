package layout_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/office/officetest"
)

type house struct {
	t   *testing.T
	mem *officetest.Mem
	n   int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	ks, err := office.NewKinds(slices.Concat(directory.Kinds(), layout.Kinds())...)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, mem: officetest.NewMem(ks)}
	h.tx(func(tx office.Tx) {
		for id, roles := range map[string][]string{"sys": {directory.RoleSysAdmin}, "sec": {directory.RoleSecAdmin}, "aud": {directory.RoleAuditor}, "li": nil} {
			if err := directory.People.Insert(tx, id, directory.Official{Name: id, State: directory.Active, Roles: roles}); err != nil {
				t.Fatal(err)
			}
		}
	})
	return h
}

func (h *house) tx(f func(office.Tx)) {
	h.t.Helper()
	if _, err := h.mem.Update(func(tx office.Tx) error { f(tx); return nil }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) do(who office.UserID, x *layout.PutTemplate) office.Code {
	h.n++
	at := time.Date(2026, 11, 23, 1, h.n, 0, 0, time.UTC)
	_, err := h.mem.Do(x, office.Context{Actor: who, Now: at, Claimed: at, Mid: office.DeriveID("layout", fmt.Sprint(h.n))})
	return office.CodeOf(err)
}

func (h *house) current(f layout.Format, issuer string) (t layout.Template) {
	h.t.Helper()
	h.tx(func(tx office.Tx) {
		var err error
		if t, err = layout.Current(tx, f, issuer); err != nil {
			h.t.Fatal(err)
		}
	})
	return t
}

func put(base int, change func(x *layout.PutTemplate)) *layout.PutTemplate {
	x := &layout.PutTemplate{Base: base, Template: layout.Preset(layout.FormatFile), Words: "标志上移"}
	x.Template.ID, x.Template.Name = "shifu", "市政府文件"
	if change != nil {
		change(x)
	}
	return x
}

// Only the system administrator, only within the limits, and never over what
// somebody made meanwhile.
func TestPutTemplate(t *testing.T) {
	h := newHouse(t)
	for _, who := range []office.UserID{"li", "sec", "aud", "nobody", ""} {
		if code := h.do(who, put(0, nil)); code != office.CodeNotPermitted {
			t.Errorf("%q: %q", who, code)
		}
	}
	for name, x := range map[string]*layout.PutTemplate{
		"a number beyond its limit": put(0, func(x *layout.PutTemplate) { x.Template.Top = 20 }),
		"a preset":                  put(0, func(x *layout.PutTemplate) { x.Template.ID = "gb-file" }),
		"no reason":                 put(0, func(x *layout.PutTemplate) { x.Words = "" }),
		"no name":                   put(0, func(x *layout.PutTemplate) { x.Template.Name = "" }),
		"an issuer twice":           put(0, func(x *layout.PutTemplate) { x.Issuers = []string{"甲", "甲"} }),
		"another format's":          put(0, func(x *layout.PutTemplate) { x.Template.Format = "poster" }),
	} {
		if code := h.do("sys", x); code != office.CodeInvalid {
			t.Errorf("%s: %q", name, code)
		}
	}
	if code := h.do("sys", put(1, nil)); code != office.CodeState {
		t.Errorf("after a version that is not there: %q", code)
	}
	if code := h.do("sys", put(0, func(x *layout.PutTemplate) { x.Template.Version = 77 })); code != "" {
		t.Fatalf("%q", code)
	}
	if code := h.do("sys", put(0, nil)); code != office.CodeState {
		t.Errorf("over another's version: %q", code)
	}
	if code := h.do("sys", put(1, func(x *layout.PutTemplate) { x.Template.Format = layout.FormatLetter })); code != office.CodeState {
		t.Errorf("another format: %q", code)
	}
	if code := h.do(office.System, put(1, func(x *layout.PutTemplate) { x.Template.MarkTop = 60 })); code != "" {
		t.Fatalf("%q", code)
	}
	h.tx(func(tx office.Tx) {
		one, ok, err := layout.ByKey(tx, "shifu@1")
		if err != nil || !ok || one.Version != 1 || one.MarkTop != 72 {
			t.Errorf("the first version: %+v %v %v", one, ok, err)
		}
		for _, key := range []string{"shifu@3", "shifu", "shifu@x", "../x@1", "@", "gb-file@2"} {
			if _, ok, err := layout.ByKey(tx, key); ok || err != nil {
				t.Errorf("%s: %v %v", key, ok, err)
			}
		}
		if p, ok, _ := layout.ByKey(tx, "gb-letter@1"); !ok || p.Format != layout.FormatLetter {
			t.Error("the presets have their keys too")
		}
	})
}

// Which template counts: one for the office before one for everybody, the newer
// before the older, none that was put off.
func TestCurrent(t *testing.T) {
	h := newHouse(t)
	want := func(what, issuer, key string) {
		t.Helper()
		if got := h.current(layout.FormatFile, issuer); got.Key() != key {
			t.Errorf("%s: %s, want %s", what, got.Key(), key)
		}
	}
	want("none", "市政府", "gb-file@1")
	h.do("sys", put(0, nil))
	want("for everybody", "市政府", "shifu@1")
	h.do("sys", put(0, func(x *layout.PutTemplate) { x.Template.ID, x.Issuers = "shuiwu", []string{"市水务局"} }))
	want("its own", "市水务局", "shuiwu@1")
	want("another's", "市政府", "shifu@1")
	h.do("sys", put(1, nil))
	want("the newer version", "市政府", "shifu@2")
	want("its own, though older", "市水务局", "shuiwu@1")
	h.do("sys", put(1, func(x *layout.PutTemplate) { x.Template.ID, x.Off = "shuiwu", true }))
	want("put off", "市水务局", "shifu@2")
	h.do("sys", put(2, func(x *layout.PutTemplate) { x.Off = true }))
	want("all put off", "市水务局", "gb-file@1")
	if got := h.current(layout.FormatLetter, "市水务局"); got.Key() != "gb-letter@1" {
		t.Errorf("another format: %s", got.Key())
	}
	h.tx(func(tx office.Tx) { // limits of another program
		bad := layout.Preset(layout.FormatLetter)
		bad.ID, bad.Top = "wide", 5
		if err := layout.Versions.Insert(tx, "wide.1", layout.Version{Key: "wide", Version: 1, Format: bad.Format, Template: bad}); err != nil {
			t.Fatal(err)
		}
	})
	if got := h.current(layout.FormatLetter, "市水务局"); got.Key() != "gb-letter@1" {
		t.Errorf("beyond the limits: %s", got.Key())
	}
}

func TestFormatFor(t *testing.T) {
	for _, x := range []struct {
		direction, genre string
		want             layout.Format
	}{{"in", "函", layout.FormatPlain}, {"sign", "签报", layout.FormatFile}, {"out", "通知", layout.FormatFile}, {"out", "函", layout.FormatLetter}, {"out", "命令", layout.FormatOrder}, {"out", "纪要", layout.FormatMinutes}} {
		if got := layout.FormatFor(x.direction, x.genre); got != x.want {
			t.Errorf("%s %s: %s", x.direction, x.genre, got)
		}
	}
}
