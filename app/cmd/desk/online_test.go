package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"qianshao/syncserver/servertest"
)

// online is a bench with a server and somebody who may sign in.
func online(t *testing.T, change ...func(*servertest.Options)) (*bench, *servertest.Server, string) {
	t.Helper()
	s := servertest.New(t, change...)
	for _, u := range []servertest.User{
		{UID: "lin-zhiyuan", Name: "林知远", Unit: "leaders"},
		{UID: "sys01", Name: "管理员", Roles: []string{"sysadmin"}},
	} {
		if err := s.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	b := newBench(t)
	b.network = s.RoundTripper()
	return b, s, b.file("pw", servertest.Password+"\nsecond line\n")
}

func TestLogin(t *testing.T) {
	b, s, pw := online(t)
	wrong := b.file("wrong", "not the password\n")
	in := func(profile, user, file string) outcome {
		return b.run("", "--profile", b.dir(profile), "--json", "login", "--server", s.URL+"/", "--user", user, "--password-file", file)
	}
	if got := in("p", "linzhiyuan", wrong); got.code != exitRefused || !strings.Contains(got.err, "bad_credentials") {
		t.Errorf("wrong password: %+v", got)
	}
	if got := b.run("", "--profile", b.dir("p"), "status"); got.code != exitUsage {
		t.Errorf("a refused log-in left a profile: %+v", got)
	}
	got := in("p", "linzhiyuan", pw)
	var who struct{ UID, Name, Dev string }
	if err := json.Unmarshal([]byte(got.out), &who); got.code != exitDone || err != nil || who.UID != "lin-zhiyuan" || who.Name != "林知远" || who.Dev == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	if strings.Contains(got.out+got.err, servertest.Password) {
		t.Error("the password is shown")
	}
	device := who.Dev
	if got := b.run(servertest.Password+"\n", "--profile", b.dir("p"), "--json", "login", "--server", s.URL, "--user", "linzhiyuan", "--password-file", "-"); got.code != exitDone || !strings.Contains(got.out, device) {
		t.Errorf("signing in again is another device: %+v", got)
	}
	if got := in("p", "sys01", pw); got.code != exitRefused || !strings.Contains(got.err, "林知远") {
		t.Errorf("another person's profile was taken: %+v", got)
	}
	if got := b.run("", "--profile", b.dir("p"), "login", "--server", "https://elsewhere.example", "--user", "linzhiyuan", "--password-file", pw); got.code != exitRefused {
		t.Errorf("another server's profile was taken: %+v", got)
	}
	if got := b.run("", "--profile", b.dir("p"), "sync"); got.code != exitDone {
		t.Errorf("after refused log-ins the session is gone: %+v", got)
	}
	if got := b.run("", "--profile", b.dir("p"), "logout"); got.code != exitDone || got.err != "" {
		t.Errorf("logout: %+v", got)
	}
	if got := b.run("", "--profile", b.dir("p"), "sync"); got.code != exitRefused || !strings.Contains(got.err, "session_expired") {
		t.Errorf("sync after logout: %+v", got)
	}
	if got := b.run("", "--profile", b.dir("p"), "list", "dir.person"); got.code != exitDone {
		t.Errorf("what is here can still be read: %+v", got)
	}
}

func TestSyncAndOutbox(t *testing.T) {
	b, s, pw := online(t)
	at := func(profile string, args ...string) []string {
		return append([]string{"--profile", b.dir(profile), "--json"}, args...)
	}
	for _, p := range []string{"one", "two"} {
		if got := b.run("", at(p, "login", "--server", s.URL, "--user", "linzhiyuan", "--password-file", pw)...); got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		if got := b.run("", at(p, "sync")...); got.code != exitDone {
			t.Fatalf("%+v", got)
		}
	}
	var given struct{ Mid, ID string }
	must := func(got outcome, v any) {
		t.Helper()
		if got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		if err := json.Unmarshal([]byte(got.out), v); err != nil {
			t.Fatalf("%v in %s", err, got.out)
		}
	}
	must(b.run(`{"title":"一"}`, at("one", "do", "todo.create@1", "-")...), &given)
	var report map[string]any
	must(b.run("", at("one", "sync")...), &report)
	if report["pushed"] != 1.0 || report["applied"] != 1.0 || report["waiting"] != 0.0 {
		t.Errorf("%v", report)
	}
	must(b.run("", at("two", "sync")...), &report)

	// Both machines delete it and one edits it afterwards, not knowing.
	must(b.run(`{"id":"`+given.ID+`"}`, at("one", "do", "todo.delete@1", "-")...), &struct{}{})
	must(b.run("", at("one", "sync")...), &report)
	var edit struct{ Mid string }
	must(b.run(`{"id":"`+given.ID+`","changes":[{"field":"title","old":"一","new":"二"}]}`, at("two", "do", "todo.edit@1", "-")...), &edit)
	must(b.run("", at("two", "sync")...), &report) // exit 0 despite the refusal
	if report["refused"] != 1.0 || report["needs_you"] != 1.0 {
		t.Errorf("%v", report)
	}
	var items []struct{ Mid, State, Code string }
	must(b.run("", at("two", "outbox")...), &items)
	if len(items) != 1 || items[0].Mid != edit.Mid || items[0].State != "rejected" || items[0].Code != "not_found" {
		t.Errorf("%+v", items)
	}
	// Sending it again needs the record, which is gone: the desk queues it
	// without foresight or refuses, and the server's word is the same.
	var again struct{ Mid string }
	if got := b.run("", at("two", "outbox", "retry", edit.Mid)...); got.code == exitDone {
		must(got, &again)
		must(b.run("", at("two", "sync")...), &report)
		if report["refused"] != 1.0 || again.Mid == edit.Mid {
			t.Errorf("%v %+v", report, again)
		}
		edit = again
	} else if got.code != exitRefused {
		t.Errorf("%+v", got)
	}
	if got := b.run("", at("two", "outbox", "discard", edit.Mid)...); got.code != exitDone {
		t.Errorf("%+v", got)
	}
	var st map[string]any
	must(b.run("", at("two", "status")...), &st)
	if st["needs_you"] != 0.0 || st["waiting"] != 0.0 {
		t.Errorf("%v", st)
	}
	if got := b.run("", at("two", "doctor")...); got.code != exitDone || !strings.Contains(got.out, `"ok": true`) {
		t.Errorf("%+v", got)
	}
}

// What needs the server now is sent at once, by whoever may.
func TestOnlineCommands(t *testing.T) {
	b, s, pw := online(t)
	for user, want := range map[string]string{"linzhiyuan": "rejected", "sys01": "settled"} {
		dir := b.dir(user)
		if got := b.run("", "--profile", dir, "login", "--server", s.URL, "--user", user, "--password-file", pw); got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		got := b.run(`{"id":"newpost-`+user+`","name":"新岗位"}`, "--profile", dir, "do", "directory.put_post@1", "-")
		if got.code == exitRefused && want == "rejected" {
			continue // the desk knew at once
		}
		if got.code != exitDone {
			t.Fatalf("%s: %+v", user, got)
		}
		var items []struct{ State string }
		if err := json.Unmarshal([]byte(b.run("", "--profile", dir, "--json", "outbox").out), &items); err != nil || len(items) != 1 || items[0].State != want {
			t.Errorf("%s: %+v, %v", user, items, err)
		}
	}
	if _, ok, err := s.Get("dir.post", "newpost-sys01"); !ok || err != nil {
		t.Errorf("the administrator's post is not there: %v", err)
	}
	if _, ok, _ := s.Get("dir.post", "newpost-linzhiyuan"); ok {
		t.Error("somebody who may not has made a post")
	}
}

// The log for those who help tells what was done and nothing of what was said.
func TestExportedLogHasNoContents(t *testing.T) {
	b := newBench(t)
	dir := b.signedIn("p")
	at := func(args ...string) []string { return append([]string{"--profile", dir}, args...) }
	if got := b.run(`{"title":"绝不外传的一句话"}`, at("do", "todo.create@1", "-")...); got.code != exitDone {
		t.Fatal(got.err)
	}
	got := b.run("", at("export-log")...)
	if got.code != exitDone {
		t.Fatal(got.err)
	}
	raw, err := os.ReadFile(strings.TrimSpace(got.out))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(raw); strings.Contains(text, "绝不外传") || !strings.Contains(text, `"command":"todo.create@1","state":"queued"`) || !strings.Contains(text, `"protocol":`) {
		t.Error(text)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	if got := b.run("", at("history", "--json")...); got.code != exitDone || !json.Valid([]byte(got.out)) {
		t.Errorf("%d %s %s", got.code, got.out, got.err)
	}
}
