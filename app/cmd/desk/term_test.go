package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/servertest"
)

// Scenario (f): after the offline term every verb that shows or does something
// is refused, those that help still work, and contact opens the profile.
func TestTheOfflineTerm(t *testing.T) {
	b, s, pw := online(t, func(o *servertest.Options) { o.OfflineTerm = 7 * 24 * time.Hour })
	at := func(args ...string) []string { return append([]string{"--profile", b.dir("p"), "--json"}, args...) }
	done := func(got outcome) outcome {
		t.Helper()
		if got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		return got
	}
	signIn := at("login", "--server", s.URL, "--user", "linzhiyuan", "--password-file", pw)
	done(b.run("", signIn...))
	done(b.run("", at("sync")...))
	there := b.network
	b.network = unplugged{}
	done(b.run(`{"title":"路上记的"}`, at("do", "todo.create@1", "-")...))
	var shift time.Duration
	b.now = func() time.Time { return time.Now().Add(shift) }
	shift = 6 * 24 * time.Hour
	if got := done(b.run("", "--profile", b.dir("p"), "status")); !strings.Contains(got.out, "还可离线 0 天 23 小时") {
		t.Errorf("%+v", got)
	}
	done(b.run("", at("list", "todo.item")...))

	shift = 7*24*time.Hour + time.Minute
	locked := func() {
		t.Helper()
		for _, verb := range [][]string{
			{"list", "todo.item"}, {"show", "dir.person", "lin-zhiyuan"}, {"search", "路上"}, {"outbox"}, {"verify"},
			{"do", "todo.create@1", "-"}, {"outbox", "retry", "m"}, {"fetch", "a"}, {"list", "todo.item", "--online"},
		} {
			if got := b.run(`{"title":"x"}`, at(verb...)...); got.code != exitRefused || !strings.Contains(got.err, "offline_term") || strings.Contains(got.out, "路上") {
				t.Errorf("%v: %+v", verb, got)
			}
		}
		var st struct {
			Locked  bool `json:"locked"`
			Waiting int  `json:"waiting"`
		}
		if err := json.Unmarshal([]byte(done(b.run("", at("status")...)).out), &st); err != nil || !st.Locked || st.Waiting != 1 {
			t.Errorf("%+v %v", st, err)
		}
	}
	locked()
	if got := b.run("", at("sync")...); got.code != exitUnreachable {
		t.Errorf("%+v", got)
	}
	shift = -10 * 365 * 24 * time.Hour
	locked()

	b.network = there
	var report struct{ Applied int }
	if err := json.Unmarshal([]byte(done(b.run("", at("sync")...)).out), &report); err != nil || report.Applied != 1 {
		t.Errorf("what waited: %+v %v", report, err)
	}
	done(b.run("", at("list", "todo.item")...))

	// Signing in is contact too, before anything is synced.
	b.network = unplugged{}
	shift += 8 * 24 * time.Hour
	if got := b.run("", at("list", "todo.item")...); got.code != exitRefused {
		t.Errorf("%+v", got)
	}
	b.network = there
	done(b.run("", signIn...))
	b.network = http.RoundTripper(unplugged{})
	if got := done(b.run("", at("list", "todo.item")...)); !strings.Contains(got.out, "路上记的") {
		t.Errorf("%+v", got)
	}
}
