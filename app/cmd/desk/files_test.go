package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/app/internal/settings"
)

// A file attached on one machine is fetched on another; a revoked machine keeps
// nothing but a note.
func TestFilesAndWipe(t *testing.T) {
	b, s, pw := online(t)
	at := func(profile string, args ...string) []string {
		return append([]string{"--profile", b.dir(profile), "--json"}, args...)
	}
	must := func(got outcome, v any) {
		t.Helper()
		if got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		if err := json.Unmarshal([]byte(got.out), v); err != nil {
			t.Fatalf("%v in %s", err, got.out)
		}
	}
	var dev struct{ Dev string }
	for _, p := range []string{"one", "two"} {
		must(b.run("", at(p, "login", "--server", s.URL, "--user", "linzhiyuan", "--password-file", pw)...), &dev)
		must(b.run("", at(p, "sync")...), &struct{}{})
	}
	var paper, given struct{ ID, Mid string }
	must(b.run(`{"direction":"out","genre":"通知","title":"汛前检查"}`, at("one", "do", "document.draft@1", "-")...), &paper)
	content := strings.Repeat("附件的内容", 1000)
	file := b.file("值班表.txt", content)
	must(b.run("", at("one", "attach", paper.ID, file)...), &given)
	if got := b.run("", at("one", "outbox")...); !strings.Contains(got.out, `"waiting_blob"`) {
		t.Errorf("%s", got.out)
	}
	for want, args := range map[int][]string{
		exitUsage:   {"attach", "../x", file},
		exitRefused: {"attach", paper.ID, file, "--name", "绝密.txt"},
	} {
		if got := b.run("", at("one", args...)...); got.code != want {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if got := b.run("", at("one", "attach", paper.ID, b.dir("nothing"))...); got.code != exitUsage {
		t.Errorf("%+v", got)
	}
	var report struct {
		Applied int
		Files   struct{ Sent, Got int }
	}
	must(b.run("", at("one", "sync")...), &report)
	if report.Applied != 2 || report.Files.Sent != 1 {
		t.Errorf("%+v", report)
	}
	must(b.run("", at("two", "sync")...), &report)
	to := b.dir("out.txt")
	if got := b.run("", at("two", "fetch", given.ID, "--to", to)...); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	if got, err := os.ReadFile(to); err != nil || string(got) != content {
		t.Error(err)
	}
	if got := b.run("", at("two", "fetch", given.ID, "--to", "-")...); got.out != content {
		t.Errorf("%d bytes", len(got.out))
	}
	if got := b.run("", at("two", "fetch", "nothing")...); got.code != exitRefused {
		t.Errorf("%+v", got)
	}
	var list []recordJSON
	must(b.run("", at("two", "list", "doc.header", "--online")...), &list)
	if len(list) != 1 || list[0].ID != paper.ID {
		t.Errorf("%+v", list)
	}
	if err := s.RevokeDevice(dev.Dev); err != nil {
		t.Fatal(err)
	}
	if got := b.run("", at("two", "sync")...); got.code != exitRefused || !strings.Contains(got.err, "wiped") {
		t.Errorf("%+v", got)
	}
	es, err := os.ReadDir(b.dir("two"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		if e.Name() != settings.WipedFile && e.Name() != "profile.lock" {
			t.Errorf("%s is left of a revoked machine", e.Name())
		}
	}
	if raw, err := os.ReadFile(filepath.Join(b.dir("two"), settings.WipedFile)); err != nil || strings.Contains(string(raw), "lin") {
		t.Errorf("the note: %s %v", raw, err)
	}
	if got := b.run("", at("one", "sync")...); got.code != exitDone {
		t.Errorf("the other machine: %+v", got)
	}
}
