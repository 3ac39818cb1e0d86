package protocol_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	. "qianshao/syncserver/protocol"
)

func decoders() map[string]func([]byte) error {
	return map[string]func([]byte) error{
		"login":    func(b []byte) error { _, err := DecodeLogin(b); return err },
		"password": func(b []byte) error { _, err := DecodePassword(b); return err },
		"hello":    func(b []byte) error { _, err := DecodeHello(b); return err },
		"push":     func(b []byte) error { _, err := DecodePush(b); return err },
		"pull":     func(b []byte) error { _, err := DecodePull(b); return err },
	}
}

// What no endpoint takes.
func TestDecodeRefusesBadForm(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)
	for name, dec := range decoders() {
		for _, body := range []string{
			"", " ", "null", "[]", `"text"`, "1", "{", `{"dev":`, "{}{}", `{} x`, "{\"dev\":\"\xff\"}", deep, "<html>", "\x28\xb5\x2f\xfd",
		} {
			if got := office.CodeOf(dec([]byte(body))); got != CodeBadRequest {
				t.Errorf("%s took %.20q: %q", name, body, got)
			}
		}
		if err := dec([]byte("{}")); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%s took an empty object: %v", name, err)
		}
	}
}

const (
	goodLogin = `{"user":"lin","password":"p","install":"i"}`
	goodHello = `{"dev":"d","install":"i","schema":1,"version":"2026-11-23","last_n":0}`
	goodPush  = `{"dev":"d","ticket":"","next_ticket":"t","cmds":[{"n":1,"mid":"m1","command":"todo.create@1","args":{},"claimed_at":1}]}`
	goodPull  = `{"dev":"d","last_n":0,"cursors":[{"c":"org","l":0,"p":1,"h":2,"g":0}]}`
)

func TestDecodeTakesGoodOnes(t *testing.T) {
	for name, body := range map[string]string{
		"login": goodLogin, "password": `{"old":"a","new":"b"}`, "hello": goodHello, "push": goodPush, "pull": goodPull,
	} {
		if err := decoders()[name]([]byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := decoders()[name]([]byte(strings.Replace(body, "{", `{"someday":[1],`, 1))); err != nil {
			t.Errorf("%s with an unknown field: %v", name, err)
		}
	}
}

func TestDecodeChecksValues(t *testing.T) {
	cmds := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,{"n":%d,"mid":"m%d","command":"c@1","args":{}}`, i+1, i)
		}
		return b.String()[1:]
	}
	push := func(cmds string) string { return `{"dev":"d","next_ticket":"t","cmds":[` + cmds + `]}` }
	for _, c := range []struct {
		dec, body string
		code      office.Code
		field     string
	}{
		{"login", `{"user":5,"password":"p","install":"i"}`, CodeBadRequest, "user"},
		{"login", `{"user":"","password":"p","install":"i"}`, office.CodeInvalid, "user"},
		{"login", `{"user":"` + strings.Repeat("字", 101) + `","password":"p","install":"i"}`, office.CodeInvalid, "user"},
		{"login", `{"user":"a\nb","password":"p","install":"i"}`, office.CodeInvalid, "user"},
		{"login", `{"user":"a","password":"","install":"i"}`, office.CodeInvalid, "password"},
		{"login", `{"user":"a","password":"` + strings.Repeat("x", 1025) + `","install":"i"}`, office.CodeInvalid, "password"},
		{"login", `{"user":"a","password":"p"}`, office.CodeInvalid, "install"},
		{"login", `{"user":"a","password":"p","install":"i","dev":"../x"}`, office.CodeInvalid, "dev"},
		{"login", `{"user":"a","password":"p","install":"i","name":"\u0000"}`, office.CodeInvalid, "name"},
		{"password", `{"old":"a"}`, office.CodeInvalid, "new"},
		{"hello", `{"dev":"D"}`, office.CodeInvalid, "dev"},
		{"hello", `{"dev":"d","last_n":-1}`, office.CodeInvalid, "last_n"},
		{"hello", `{"dev":"d","ticket":"a b"}`, office.CodeInvalid, "ticket"},
		{"push", `{"dev":"","next_ticket":"t"}`, office.CodeInvalid, "dev"},
		{"push", `{"dev":"d","next_ticket":""}`, office.CodeInvalid, "next_ticket"},
		{"push", push(`{"n":0,"mid":"m","command":"c@1"}`), office.CodeInvalid, "cmds[0].n"},
		{"push", push(`{"n":1,"mid":"M","command":"c@1"}`), office.CodeInvalid, "cmds[0].mid"},
		{"push", push(`{"n":1,"mid":"m","command":""}`), office.CodeInvalid, "cmds[0].command"},
		{"push", push(`{"n":1,"mid":"m","command":"c@1","deps":["'; --"]}`), office.CodeInvalid, "cmds[0].deps[0]"},
		{"push", push(`{"n":1,"mid":"m","command":"c@1"},{"n":3,"mid":"m2","command":"c@1"}`), office.CodeInvalid, "cmds[1].n"},
		{"push", push(`{"n":1.5,"mid":"m","command":"c@1"}`), CodeBadRequest, "cmds.n"},
		{"push", push(`{"n":1,"mid":["m"],"command":"c@1"}`), CodeBadRequest, "cmds.mid"},
		{"push", push(cmds(MaxPush)), "", ""},
		{"push", push(cmds(MaxPush + 1)), office.CodeTooLarge, "cmds"},
		{"push", push(`{"n":1,"mid":"m","command":"c@1","args":"` + strings.Repeat("x", MaxCommand) + `"}`), office.CodeTooLarge, "cmds[0].args"},
		{"pull", `{"dev":"d","limit_bytes":-1}`, office.CodeInvalid, "limit_bytes"},
		{"pull", `{"dev":"d","max_lane":4}`, office.CodeInvalid, "max_lane"},
		{"pull", `{"dev":"d","cursors":[{"c":"","l":0}]}`, office.CodeInvalid, "cursors[0].c"},
		{"pull", `{"dev":"d","cursors":[{"c":"org","l":-1}]}`, office.CodeInvalid, "cursors[0].l"},
		{"pull", `{"dev":"d","cursors":[{"c":"org","l":0,"p":-1}]}`, office.CodeInvalid, "cursors[0].p"},
		{"pull", `{"dev":"d","cursors":[{"c":"org","l":0},{"c":"org","l":0}]}`, office.CodeInvalid, "cursors[1].c"},
		{"pull", `{"dev":"d","cursors":[` + strings.Repeat(`{"c":"org","l":0},`, MaxCursors) + `{"c":"org","l":0}]}`, office.CodeTooLarge, "cursors"},
	} {
		err := decoders()[c.dec]([]byte(c.body))
		if got := office.CodeOf(err); got != c.code {
			t.Errorf("%s %.60s: code %q, want %q (%v)", c.dec, c.body, got, c.code, err)
			continue
		}
		if e := office.AsError(err); e != nil && e.Field != c.field {
			t.Errorf("%s %.60s: field %q, want %q", c.dec, c.body, e.Field, c.field)
		}
	}
}

// fuzz runs one decoder: it never panics, and what it takes can be sent on and
// is taken again.
func fuzz[T any](f *testing.F, dec func([]byte) (T, error), golden string, seeds ...string) {
	b, err := os.ReadFile("testdata/" + golden + ".json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	for _, s := range append(seeds, "", "null", "{}", `{"dev":1}`, "{\"dev\":\"\xff\"}", `{"dev":"\ud800"}`) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := dec(body)
		if err != nil {
			if office.CodeOf(err) == office.CodeInternal {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		again, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("taken but not encodable: %v", err)
		}
		if _, err := dec(again); err != nil {
			t.Fatalf("taken once, refused again: %v\n%s", err, again)
		}
	})
}

func FuzzDecodeLogin(f *testing.F)    { fuzz(f, DecodeLogin, "LoginRequest", goodLogin) }
func FuzzDecodePassword(f *testing.F) { fuzz(f, DecodePassword, "PasswordRequest") }
func FuzzDecodeHello(f *testing.F)    { fuzz(f, DecodeHello, "HelloRequest", goodHello) }
func FuzzDecodePush(f *testing.F) {
	fuzz(f, DecodePush, "PushRequest", goodPush, `{"dev":"d","next_ticket":"t","cmds":[{"n":9007199254740993,"mid":"m","command":"x","args":"<script>"}]}`)
}
func FuzzDecodePull(f *testing.F) { fuzz(f, DecodePull, "PullRequest", goodPull) }
