package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/settings"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
	"qianshao/syncserver/protocol"
)

// outcome is what one run of the desk left.
type outcome struct {
	code     int
	out, err string
}

// bench runs the desk in this process.
type bench struct {
	t       *testing.T
	home    string
	network http.RoundTripper
	now     func() time.Time
}

// unplugged is a network without a cable.
type unplugged struct{}

func (unplugged) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{t: t, home: t.TempDir(), network: unplugged{}, now: time.Now}
}

// dir is a profile's folder of this test.
func (b *bench) dir(name string) string { return filepath.Join(b.home, name) }

func (b *bench) run(stdin string, args ...string) outcome {
	b.t.Helper()
	var out, errs bytes.Buffer
	p := &program{
		in: strings.NewReader(stdin), out: &out, err: &errs, network: b.network,
		system: settings.System{OS: "linux", Home: b.home, Getenv: func(string) string { return "" }},
		now:    b.now, rand: rand.Reader,
	}
	return outcome{p.run(context.Background(), args), out.String(), errs.String()}
}

// signedIn makes a profile as login leaves it, without a server.
func (b *bench) signedIn(name string) string {
	b.t.Helper()
	dir := b.dir(name)
	f, err := settings.At(dir)
	if err != nil {
		b.t.Fatal(err)
	}
	p := settings.Profile{Server: "http://127.0.0.1:1", User: "linzhiyuan", UID: "lin-zhiyuan", Name: "林知远",
		Device: "dev-1", Install: "inst-1"}
	if err := errors.Join(f.Save(p), f.SaveToken("t")); err != nil {
		b.t.Fatal(err)
	}
	c := &call{program: &program{now: time.Now, rand: rand.Reader}, folder: f}
	e, err := c.open(context.Background(), p, nil, false)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		b.t.Fatal(err)
	}
	return dir
}

func (b *bench) file(name, content string) string {
	b.t.Helper()
	path := filepath.Join(b.home, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// Exit codes of command lines that are wrong before any profile is touched.
func TestUsage(t *testing.T) {
	b := newBench(t)
	file := b.file("a-file", "x")
	empty := b.file("empty", "\n")
	dir := b.dir("p")
	for _, x := range []struct {
		name string
		args []string
		in   string
		say  string // part of the message
	}{
		{"nothing", nil, "", "动词"},
		{"unknown verb", []string{"fly"}, "", "fly"},
		{"half a verb", []string{"outbox", "explode", "m"}, "", "用法"},
		{"unknown option", []string{"status", "--shiny"}, "", "shiny"},
		{"an option of another verb", []string{"status", "--watch"}, "", "watch"},
		{"option without value", []string{"list", "todo.item", "--limit"}, "", "limit"},
		{"limit is no number", []string{"list", "todo.item", "--limit", "x"}, "", "limit"},
		{"limit is negative", []string{"list", "todo.item", "--limit", "-1"}, "", "limit"},
		{"too many words", []string{"status", "now"}, "", "用法"},
		{"list what", []string{"list"}, "", "用法"},
		{"unknown kind", []string{"list", "todo.items"}, "", "todo.items"},
		{"kind that would be SQL", []string{"list", "todo.item; DROP TABLE r_todo_item"}, "", "没有"},
		{"undeclared field", []string{"list", "todo.item", "--where", "note=x"}, "", "note"},
		{"field that would be SQL", []string{"list", "todo.item", "--where", "1=1 OR owner=x"}, "", "没有声明"},
		{"where without =", []string{"list", "todo.item", "--where", "done"}, "", "字段=值"},
		{"where of another type", []string{"list", "todo.item", "--where", "done=maybe"}, "", "done"},
		{"unknown view", []string{"list", "todo.item", "--view", "x"}, "", "view"},
		{"undeclared order", []string{"list", "todo.item", "--order", "note"}, "", "视图"},
		{"order not in the view", []string{"list", "todo.item", "--view", "all", "--order", "title"}, "", "order"},
		{"show without id", []string{"show", "todo.item"}, "", "用法"},
		{"show a path", []string{"--profile", dir, "show", "todo.item", "../../etc/passwd"}, "", "id"},
		{"show of an unknown kind", []string{"--profile", dir, "show", "../x", "a"}, "", "没有"},
		{"do without arguments", []string{"do", "todo.create@1"}, "", "用法"},
		{"do with arguments on the line", []string{"do", "todo.create@1", `{"title":"x"}`}, "", "标准输入"},
		{"do nothing", []string{"do", "todo.create@1", "-"}, "", "JSON"},
		{"do malformed", []string{"do", "todo.create@1", "-"}, `{"title":`, "JSON"},
		{"do two objects", []string{"do", "todo.create@1", "-"}, `{"title":"x"} {"title":"y"}`, "JSON"},
		{"do a list", []string{"do", "todo.create@1", "-"}, `[1]`, "JSON"},
		{"do an unknown command", []string{"do", "todo.explode@1", "-"}, `{}`, "unknown_command"},
		{"do without version", []string{"do", "todo.create", "-"}, `{}`, "unknown_command"},
		{"do with an unknown argument", []string{"do", "todo.create@1", "-"}, `{"title":"x","colour":"red"}`, "colour"},
		{"do with a wrong type", []string{"do", "todo.create@1", "-"}, `{"title":7}`, "title"},
		{"do too much", []string{"do", "todo.create@1", "-"}, `{"note":"` + strings.Repeat("x", protocol.MaxCommand) + `"}`, "字节"},
		{"search for nothing", []string{"search", " "}, "", "找"},
		{"search without limit", []string{"search", "--limit", "0", "x"}, "", "limit"},
		{"profile is a file", []string{"--profile", file, "status"}, "", "folder"},
		{"profile under a file", []string{"--profile", filepath.Join(file, "x"), "status"}, "", "profile"},
		{"profile is the root", []string{"--profile", "/", "status"}, "", "root"},
		{"profile is blank", []string{"--profile", " ", "status"}, "", "folder"},
		{"profile with a zero byte", []string{"--profile", "a\x00b", "status"}, "", "zero"},
		{"nobody signed in", []string{"--profile", b.dir("none"), "status"}, "", "signed in"},
		{"nobody signed in, to write", []string{"--profile", b.dir("none"), "sync"}, "", "signed in"},
		{"login without anything", []string{"login"}, "", "用法"},
		{"login without a password file", []string{"login", "--server", "http://127.0.0.1:1", "--user", "x", "--password-file", b.dir("no")}, "", "密码"},
		{"login with an empty password", []string{"login", "--server", "http://127.0.0.1:1", "--user", "x", "--password-file", empty}, "", "密码"},
		{"login over plain http", []string{"login", "--server", "http://oa.example", "--user", "x", "--password-file", file}, "", "https"},
		{"login to a file", []string{"login", "--server", "file:///etc/passwd", "--user", "x", "--password-file", file}, "", "server"},
		{"login with a name in the address", []string{"login", "--server", "https://u:p@oa.example", "--user", "x", "--password-file", file}, "", "server"},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := b.run(x.in, x.args...)
			if got.code != exitUsage || !strings.Contains(got.err, x.say) {
				t.Errorf("exit %d, %q; want %d, …%s…", got.code, got.err, exitUsage, x.say)
			}
			if got.out != "" {
				t.Errorf("standard output: %q", got.out)
			}
		})
	}
	for _, d := range []string{"p", "none"} {
		if _, err := os.Stat(b.dir(d)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a wrong command line made the folder %s", d)
		}
	}
}

// What needs no profile works without one.
func TestCatalogOnPaper(t *testing.T) {
	b := newBench(t)
	got := b.run("", "kinds", "--json")
	var ks []kindJSON
	if err := json.Unmarshal([]byte(got.out), &ks); got.code != exitDone || err != nil || len(ks) < 10 {
		t.Fatalf("exit %d, %v, %d kinds", got.code, err, len(ks))
	}
	got = b.run("", "--json", "commands")
	var cs []commandJSON
	if err := json.Unmarshal([]byte(got.out), &cs); got.code != exitDone || err != nil {
		t.Fatalf("exit %d, %v", got.code, err)
	}
	found := false
	for _, c := range cs {
		if c.Class == "" || !json.Valid(c.Args) {
			t.Errorf("%+v", c)
		}
		if c.Command == "todo.create@1" {
			found = c.Creates && strings.Contains(string(c.Args), `"title"`)
		}
	}
	if !found {
		t.Error("todo.create@1 is not described")
	}
	for _, verb := range []string{"kinds", "commands", "version", "help"} {
		if got := b.run("", verb); got.code != exitDone || got.out == "" || got.err != "" {
			t.Errorf("%s: %+v", verb, got)
		}
	}
}

// A flow is checked where it is drawn: what is wrong is named.
func TestFlowCheck(t *testing.T) {
	b := newBench(t)
	good := bpmn.Encode(approval.Fawen())
	if got := b.run(good, "flow", "check", "-"); got.code != exitDone || !strings.Contains(got.out, "qianfa") {
		t.Errorf("%+v", got)
	}
	bad := strings.Replace(good, "</bpmn:process>", `<bpmn:scriptTask id="x"/></bpmn:process>`, 1)
	if got := b.run(bad, "flow", "check", "-"); got.code == exitDone || !strings.Contains(got.err, "scriptTask") {
		t.Errorf("%+v", got)
	}
	if got := b.run("", "--json", "commands"); !strings.Contains(got.out, `"W7"`) {
		t.Error("commands do not say what they stand for in approval")
	}
}

// With --json a message is JSON too.
func TestMessagesAsJSON(t *testing.T) {
	b := newBench(t)
	var m struct {
		Exit    int
		Code    string
		Message string
		Field   string
	}
	got := b.run(`{"title":7}`, "do", "todo.create@1", "-", "--json")
	if err := json.Unmarshal([]byte(got.err), &m); err != nil || m.Exit != exitUsage || m.Code != "invalid" || m.Field != "title" {
		t.Errorf("%q: %+v, %v", got.err, m, err)
	}
}

// A profile in use: reading works, changing exits 5.
func TestBusyProfile(t *testing.T) {
	b := newBench(t)
	dir := b.signedIn("p")
	l, err := vault.Profile{Dir: dir, Now: time.Now}.Lock()
	if err != nil {
		t.Fatal(err)
	}
	password := b.file("pw", "secret")
	for _, x := range []struct {
		want int
		in   string
		args []string
	}{
		{exitDone, "", []string{"status"}},
		{exitDone, "", []string{"list", "todo.item"}},
		{exitDone, "", []string{"outbox"}},
		{exitDone, "", []string{"search", "词"}},
		{exitDone, "", []string{"doctor"}},
		{exitDone, "", []string{"history"}},
		{exitDone, "", []string{"export-log", "-"}},
		{exitRefused, "", []string{"show", "todo.item", "a"}},
		{exitBusy, "", []string{"sync"}},
		{exitBusy, "", []string{"logout"}},
		{exitBusy, "", []string{"outbox", "retry", "m"}},
		{exitBusy, "", []string{"outbox", "discard", "m"}},
		{exitBusy, `{"title":"x"}`, []string{"do", "todo.create@1", "-"}},
		{exitBusy, "", []string{"login", "--server", "http://127.0.0.1:1", "--user", "x", "--password-file", password}},
	} {
		if got := b.run(x.in, append([]string{"--profile", dir}, x.args...)...); got.code != x.want {
			t.Errorf("%v: exit %d, want %d: %s", x.args, got.code, x.want, got.err)
		}
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if got := b.run(`{"title":"x"}`, "--profile", dir, "do", "todo.create@1", "-"); got.code != exitDone {
		t.Errorf("after the release: %+v", got)
	}
}

// Off line: acts are queued, shown at once, and survive.
func TestOffline(t *testing.T) {
	b := newBench(t)
	dir := b.signedIn("新 目录?mode=memory&x=#%41")
	at := func(args ...string) []string { return append([]string{"--profile", dir, "--json"}, args...) }
	got := b.run(`{"title":"审阅汛前物资储备请示","note":"<script>alert(1)</script>'; DROP TABLE outbox; --"}`, at("do", "todo.create@1", "-")...)
	var given struct{ Mid, ID string }
	if err := json.Unmarshal([]byte(got.out), &given); got.code != exitDone || err != nil || given.Mid == "" || given.ID == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	var list []recordJSON
	got = b.run("", at("list", "todo.item", "--where", "done=false", "--where", "owner=lin-zhiyuan")...)
	if err := json.Unmarshal([]byte(got.out), &list); err != nil || len(list) != 1 || list[0].ID != given.ID || len(list[0].Waiting) != 1 || list[0].Waiting[0] != given.Mid {
		t.Fatalf("%s %v", got.out, err)
	}
	var one recordJSON
	got = b.run("", at("show", "todo.item", given.ID)...)
	if err := json.Unmarshal([]byte(got.out), &one); err != nil || !strings.Contains(string(one.Body), "<script>alert(1)</script>'; DROP TABLE outbox; --") {
		t.Fatalf("%s %v", got.out, err)
	}
	var items []map[string]any
	got = b.run("", at("outbox")...)
	if err := json.Unmarshal([]byte(got.out), &items); err != nil || len(items) != 1 || items[0]["mid"] != given.Mid || items[0]["state"] != "queued" || items[0]["command"] != "todo.create@1" {
		t.Fatalf("%s %v", got.out, err)
	}
	var hits []map[string]any
	got = b.run("", at("search", "汛前", "物资")...)
	if err := json.Unmarshal([]byte(got.out), &hits); err != nil || len(hits) != 1 || hits[0]["id"] != given.ID {
		t.Fatalf("%s %v", got.out, err)
	}
	var st map[string]any
	got = b.run("", at("status")...)
	if err := json.Unmarshal([]byte(got.out), &st); err != nil || st["waiting"] != 1.0 || st["signed_in"] != true || st["user"] != "linzhiyuan" {
		t.Fatalf("%s %v", got.out, err)
	}
	if got = b.run("", at("sync")...); got.code != exitUnreachable {
		t.Errorf("sync without a network: %+v", got)
	}
	// The same again under the same id is refused at once, and so is editing
	// what is not there: nothing is queued.
	for _, x := range []struct{ command, args, code string }{
		{"todo.create@1", fmt.Sprintf(`{"id":%q,"title":"x"}`, given.ID), "exists"},
		{"todo.create@1", `{"title":""}`, "invalid"},
		{"todo.create@1", `{"id":"../../x","title":"x"}`, "invalid"},
	} {
		got := b.run(x.args, at("do", x.command, "-")...)
		if got.code != exitRefused || !strings.Contains(got.err, x.code) || got.out != "" {
			t.Errorf("%s %s: %+v", x.command, x.args, got)
		}
	}
	if got := b.run(`{"id":"boss","name":"x"}`, at("do", "directory.put_role@1", "-")...); got.code != exitUnreachable || got.out != "" {
		t.Errorf("what needs the server was given without it: %+v", got)
	}
	if got = b.run("", at("outbox")...); strings.Count(got.out, `"mid"`) != 1 {
		t.Errorf("a refusal was queued: %s", got.out)
	}
	for _, x := range []struct {
		want int
		mid  string
	}{{exitUsage, "../x"}, {exitRefused, "0193-none"}, {exitDone, given.Mid}} {
		if got := b.run("", at("outbox", "discard", x.mid)...); got.code != x.want {
			t.Errorf("discard %s: %+v", x.mid, got)
		}
	}
	got = b.run("", at("list", "todo.item")...)
	if strings.TrimSpace(got.out) != "[]" {
		t.Errorf("after discarding: %s", got.out)
	}
	if got = b.run("", at("logout")...); got.code != exitDone {
		t.Errorf("logout without a network: %+v", got)
	}
	if got = b.run("", at("status")...); !strings.Contains(got.out, `"signed_in": false`) {
		t.Errorf("%s", got.out)
	}
}

// Texts of others cannot play with the terminal.
func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[31mb":     "a [31mb",
		"一\n二\t三":        "一 二 三",
		"abc\u202egpj":   "abc gpj",
		"\u2028x\u0085":  "x",
		"正常，文字":          "正常，文字",
		"\x9b31mcolour":  "\ufffd31mcolour",
		" \u200e edge  ": "edge",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Many at once: each line is one; what is wrong in any of them is told before
// the first is taken.
func TestDoMany(t *testing.T) {
	b := newBench(t)
	dir := b.signedIn("p")
	give := func(lines string) outcome {
		return b.run(lines, "--profile", dir, "--json", "do", "todo.create@1", "-", "--many")
	}
	for _, lines := range []string{"", "\n\n", `{"title":"一"}` + "\n[1]", `{"title":"一"}` + "\n" + `{"colour":"red"}`} {
		if got := give(lines); got.code != exitUsage || got.out != "" {
			t.Errorf("%q: %+v", lines, got)
		}
	}
	got := give(`{"title":"一"}` + "\n\n" + `{"title":"二"}` + "\n")
	if got.code != exitDone || strings.Count(got.out, `"mid"`) != 2 {
		t.Fatalf("%+v", got)
	}
	if got := b.run("", "--profile", dir, "--json", "outbox"); strings.Count(got.out, `"todo.create@1"`) != 2 {
		t.Errorf("%+v", got)
	}
}
