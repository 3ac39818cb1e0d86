package proc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/build/trip/script"
	"qianshao/build/trip/story"
)

// The demonstration trip and the trip scenarios (a)–(l) of the design, through
// the real programs.
func TestTrip(t *testing.T) {
	o, err := script.New(programs, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	o.Serve = story.OfflineTerm()
	if _, err := o.Admin(t.Context(), password+"\n", "demo", "--data", o.Data()); err != nil {
		t.Fatal(err)
	}
	if err := o.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name string
		play func(context.Context, story.Stage) error
	}{{"trip", story.Tell}, {"scenes", story.Scenes}} {
		t.Run(x.name, func(t *testing.T) {
			var told bytes.Buffer
			err := x.play(t.Context(), story.Stage{Office: o, Password: password, Out: &told, Papers: *flagPapers})
			t.Log(told.String())
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	if out, err := o.Admin(t.Context(), "", "doctor", "--data", o.Data()); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Invariant 20: of two processes on one profile exactly one syncs; reading goes
// on beside it; a killed one leaves nothing locked.
func TestTwoProcessesOnOneProfile(t *testing.T) {
	o := office(t, "lin")
	p := in(t, o, "lin", "a")
	watch := p.Command(t.Context(), "sync", "--watch")
	out, err := watch.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := watch.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil { // it has said something: it holds the profile
		t.Fatal(err)
	}
	_, err = p.Sync(t.Context())
	ends(t, "a second sync", script.ExitBusy, err)
	_, err = p.Do(t.Context(), "todo.create@1", map[string]string{"title": "x"})
	ends(t, "giving beside it", script.ExitBusy, err)
	_, err = p.List(t.Context(), "dir.person")
	ends(t, "reading beside it", script.ExitDone, err)
	if err := watch.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = watch.Wait() // killed
	_, err = p.Sync(t.Context())
	ends(t, "after the kill", script.ExitDone, err)
}

// Sessions end and begin again; the work that waits outlives them (invariant 16).
func TestSessions(t *testing.T) {
	o := office(t, "lin", "he")
	p := in(t, o, "lin", "a")
	he := in(t, o, "he", "a")
	ends(t, "wrong password", script.ExitRefused, o.As("lin", "b").Login(t.Context(), "not the password"))
	ends(t, "nobody of that name", script.ExitRefused, o.As("nobody", "b").Login(t.Context(), "not the password"))
	stranger := o.As("he", "b")
	stranger.Profile = p.Profile
	ends(t, "another person's profile", script.ExitRefused, stranger.Login(t.Context(), password))

	g := do(t, p, "todo.create@1", map[string]string{"title": "会话结束前写的"})
	if _, err := o.Admin(t.Context(), "", "user", "end-sessions", "lin", "--data", o.Data()); err != nil {
		t.Fatal(err)
	}
	_, err := p.Sync(t.Context())
	ends(t, "an ended session", script.ExitRefused, err)
	token, err := os.ReadFile(filepath.Join(he.Profile, "session.token"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.Profile, "session.token"), token, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = p.Sync(t.Context())
	ends(t, "a stolen token", script.ExitRefused, err)
	if it, err := p.Item(t.Context(), g.Mid); err != nil || !it.Waiting || it.Outcome != "" {
		t.Errorf("what waited: %+v, %v", it, err)
	}
	o.Kill()
	_, err = p.Sync(t.Context())
	ends(t, "no server", script.ExitUnreachable, err)
	ends(t, "no server to sign in at", script.ExitUnreachable, p.Login(t.Context(), password))
	if err := o.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.Login(t.Context(), password); err != nil {
		t.Fatal(err)
	}
	if r := sync(t, p); r.Pushed != 1 || r.Applied != 1 {
		t.Errorf("after signing in again: %+v", r)
	}
}

// What is another person's cannot be changed by naming it: nothing is stored,
// and the refusal says no more than that there is nothing.
func TestForeignRecords(t *testing.T) {
	o := office(t, "lin", "he")
	lin, he := in(t, o, "lin", "a"), in(t, o, "he", "a")
	mine := do(t, lin, "todo.create@1", map[string]string{"title": "林知远的待办"})
	card := do(t, lin, "contact.create@1", map[string]string{"name": "沐言"})
	sync(t, lin)
	edit := func(field, value string) any {
		return map[string]any{"changes": []map[string]string{{"field": field, "new": value}}}
	}
	for _, x := range []struct {
		command, id string
		args        any
	}{
		{"todo.edit@1", mine.ID, edit("title", "改了")},
		{"todo.delete@1", mine.ID, map[string]any{}},
		{"contact.edit@1", card.ID, edit("title", "改了")},
		{"contact.delete@1", card.ID, map[string]any{}},
		{"document.discard@1", "0193aaaa-no-such", map[string]any{}},
		{"conflict.close@1", "0193aaaa-no-such", map[string]any{}},
	} {
		raw, err := json.Marshal(x.args)
		if err != nil {
			t.Fatal(err)
		}
		var args map[string]any
		if err := json.Unmarshal(raw, &args); err != nil {
			t.Fatal(err)
		}
		args["id"] = x.id
		g, err := he.Do(t.Context(), x.command, args)
		var exit *script.Exit
		if errors.As(err, &exit) && exit.Code == script.ExitRefused {
			continue // refused at once is as good
		}
		if err != nil {
			t.Errorf("%s: %v", x.command, err)
			continue
		}
		sync(t, he)
		it, err := he.Item(t.Context(), g.Mid)
		if err != nil || it.Outcome != "rejected" && it.Outcome != "noop" || it.Outcome == "rejected" && it.Code != "not_found" {
			t.Errorf("%s of another's record: %+v, %v", x.command, it, err)
		}
		if strings.Contains(it.Message, "林知远") {
			t.Errorf("%s tells what it must not: %s", x.command, it.Message)
		}
	}
	sync(t, lin)
	if r, err := lin.Show(t.Context(), "todo.item", mine.ID); err != nil || r.Text("title") != "林知远的待办" || r.Ver != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := lin.Show(t.Context(), "contact.card", card.ID); err != nil || r.Ver != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
