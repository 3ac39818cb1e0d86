package servertest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

var lin = servertest.User{UID: "lin-zhiyuan", Name: "林知远", Unit: "leaders", Posts: []string{"deputy1"}, Roles: []string{"drafter"}}

func start(t *testing.T, users ...servertest.User) *servertest.Server {
	t.Helper()
	s := servertest.New(t)
	for _, u := range users {
		if err := s.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func signIn(t *testing.T, s *servertest.Server, u servertest.User) *servertest.Desk {
	t.Helper()
	d, err := s.SignIn(u, "", "install-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func push(t *testing.T, d *servertest.Desk, n int64, ticket, next string, cmd office.Command) protocol.PushReply {
	t.Helper()
	args, err := json.Marshal(cmd)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(protocol.PushRequest{Device: d.Device, Ticket: ticket, Next: next, Cmds: []protocol.Command{
		{N: n, Mid: fmt.Sprintf("m%d", n), Kind: cmd.Kind(), Args: args, Claimed: 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Push(t.Context(), body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pull reads everything and gives the rows by kind and id.
func pull(t *testing.T, d *servertest.Desk) map[string]string {
	t.Helper()
	rows := map[string]string{}
	cursors := map[string]protocol.Cursor{}
	for {
		r, err := d.Pull(t.Context(), protocol.PullRequest{Device: d.Device, Cursors: slices.Collect(maps.Values(cursors))})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range r.Rows {
			rows[row.Kind+" "+row.ID] = string(row.Body)
		}
		for _, c := range r.Cursors {
			cursors[fmt.Sprint(c.Chan, " ", c.Lane)] = c
		}
		if !r.More {
			return rows
		}
	}
}

func TestWholeWay(t *testing.T) {
	s := start(t, lin, servertest.User{UID: "xu-nanqiao"})
	d := signIn(t, s, lin)
	if d.UID != "lin-zhiyuan" || d.Device == "" {
		t.Fatalf("desk %+v", d)
	}
	h, err := d.Hello(t.Context(), protocol.HelloRequest{Device: d.Device, Install: d.Install, Schema: 1, Version: protocol.Version})
	if err != nil || h.Verdict != protocol.VerdictOK || h.ServerTime != s.Clock.Now().UnixMilli() {
		t.Fatalf("hello %+v, %v", h, err)
	}
	r := push(t, d, 1, "", "t1", &todo.Create{ID: "todo-1", Title: "审阅汛前物资储备请示"})
	if r.Verdict != protocol.VerdictOK || r.LastN != 1 || len(r.Results) != 1 || r.Results[0].Outcome != protocol.Applied {
		t.Fatalf("push %+v", r)
	}
	got := pull(t, d)
	if _, ok := got["todo.item todo-1"]; !ok {
		t.Errorf("pulled %v", slices.Sorted(maps.Keys(got)))
	}
	truth, err := s.Truth("lin-zhiyuan")
	if err != nil {
		t.Fatal(err)
	}
	if len(truth) != len(got) || len(got) < 6 {
		t.Errorf("%d rows pulled, %d in truth", len(got), len(truth))
	}
	for _, x := range truth {
		if got[x.Kind+" "+x.ID] != string(x.Body) {
			t.Errorf("%s %s: pulled %q, truth %s", x.Kind, x.ID, got[x.Kind+" "+x.ID], x.Body)
		}
	}
	others, err := s.Truth("xu-nanqiao")
	if err != nil || len(others) != len(truth)-1 {
		t.Errorf("another person's truth has %d of %d rows, %v", len(others), len(truth), err)
	}
	if none, err := s.Truth("nobody"); err != nil || len(none) != 0 {
		t.Errorf("nobody's truth has %d rows, %v", len(none), err)
	}
	if faults, err := s.Check(); err != nil || len(faults) > 0 {
		t.Errorf("doctor: %v, %v", faults, err)
	}
	if r, uid, ok, err := s.Outcome("m1"); err != nil || !ok || uid != "lin-zhiyuan" || r.Outcome != protocol.Applied {
		t.Errorf("outcome %+v of %s, %t, %v", r, uid, ok, err)
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	s := start(t, lin)
	d := signIn(t, s, lin)
	push(t, d, 1, "", "t1", &todo.Create{ID: "todo-1", Title: "一"})
	before := pull(t, d)
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	if after := pull(t, d); !maps.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
	if r := push(t, d, 2, "t1", "t2", &todo.Create{ID: "todo-2", Title: "二"}); r.LastN != 2 {
		t.Errorf("%+v", r)
	}
}

func TestStreamsWithAndWithoutSockets(t *testing.T) {
	for _, sockets := range []bool{false, true} {
		t.Run(fmt.Sprintf("sockets=%t", sockets), func(t *testing.T) {
			s := start(t, lin, servertest.User{UID: "xu-nanqiao"})
			if sockets {
				if _, err := s.Listen(); err != nil {
					t.Fatal(err)
				}
			}
			d := signIn(t, s, lin)
			ctx, cancel := context.WithCancel(t.Context())
			poked := make(chan []office.Channel)
			done := make(chan error, 1)
			go func() { done <- d.Poke(ctx, func(c []office.Channel) { poked <- c }) }()
			if got := <-poked; got != nil {
				t.Errorf("the first poke names %v", got)
			}
			for _, uid := range []office.UserID{"xu-nanqiao", "lin-zhiyuan"} {
				if err := s.As(uid).Must(&todo.Create{ID: "of-" + string(uid), Title: "一"}); err != nil {
					t.Fatal(err)
				}
			}
			if got := <-poked; !slices.Equal(got, []office.Channel{"u:lin-zhiyuan"}) {
				t.Errorf("poked for %v", got)
			}
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("the stream ended with %v", err)
			}
		})
	}
}

func TestClockAndAt(t *testing.T) {
	s := start(t, lin)
	s.Clock.Add(90 * time.Minute)
	r, err := s.As("lin-zhiyuan").Do(&todo.Create{ID: "a", Title: "一"})
	if err != nil || r.At != servertest.Epoch().Add(90*time.Minute).UnixMilli() {
		t.Errorf("%+v, %v", r, err)
	}
	day := time.Date(2026, 10, 9, 9, 0, 0, 0, time.UTC)
	r, err = s.As("lin-zhiyuan").At(day).Do(&todo.Create{ID: "b", Title: "二"})
	if err != nil || r.At != day.UnixMilli() {
		t.Errorf("%+v, %v", r, err)
	}
	again, err := s.As("lin-zhiyuan").DoAs(r.Mid, &todo.Create{ID: "c", Title: "三"})
	if err != nil || again.At != r.At {
		t.Errorf("%+v, %v", again, err)
	}
	if _, ok, err := s.Get("todo.item", "c"); ok || err != nil {
		t.Errorf("a repeated mid acted again, %v", err)
	}
	if err := s.As("lin-zhiyuan").Must(&todo.Create{ID: "a", Title: "四"}); office.CodeOf(err) != office.CodeExists {
		t.Errorf("%v", err)
	}
}

func TestAddUserRefuses(t *testing.T) {
	s := start(t, lin)
	if err := s.AddUser(lin); office.CodeOf(err) != office.CodeExists {
		t.Errorf("twice: %v", err)
	}
	if err := s.AddUser(servertest.User{UID: "Bad UID"}); office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("bad uid: %v", err)
	}
	if err := s.AddAccount("ghost", "ghost", servertest.Password); office.CodeOf(err) != office.CodeNotFound {
		t.Errorf("nobody: %v", err)
	}
}

// Who leaves the office is out at once, on the desk that is signed in and at the door.
func TestDisabledPersonIsOut(t *testing.T) {
	s := start(t, lin)
	d := signIn(t, s, lin)
	if err := s.As(office.System).Must(&directory.PutPerson{ID: "lin-zhiyuan", Name: "林知远", State: directory.Disabled}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Pull(t.Context(), protocol.PullRequest{Device: d.Device}); office.CodeOf(err) != protocol.CodeSession {
		t.Errorf("pull: %v", err)
	}
	if _, err := s.SignIn(lin, "", "i", nil); office.CodeOf(err) != protocol.CodeCredentials {
		t.Errorf("sign in: %v", err)
	}
}

// Start without a test cleans up after itself.
func TestStart(t *testing.T) {
	s, err := servertest.Start(servertest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddUser(lin); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
