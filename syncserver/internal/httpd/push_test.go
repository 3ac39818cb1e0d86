package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/protocol"
)

func todoCreate(id, title string) office.Command { return &todo.Create{ID: id, Title: title} }

func zstdOf(t *testing.T, b []byte) string {
	t.Helper()
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	return string(e.EncodeAll(b, nil))
}

func titleOf(t *testing.T, page []byte, id string) string {
	t.Helper()
	var r protocol.PullReply
	if err := json.Unmarshal(page, &r); err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		if row.ID == id {
			var x struct {
				Title string `json:"title"`
			}
			if err := json.Unmarshal(row.Body, &x); err != nil {
				t.Fatal(err)
			}
			return x.Title
		}
	}
	return ""
}

// result decodes the only result of a push.
func result(t *testing.T, r *httptest.ResponseRecorder) (protocol.Result, protocol.PushReply) {
	t.Helper()
	var p protocol.PushReply
	if err := json.Unmarshal(r.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Results) != 1 {
		t.Fatalf("%d results: %s", len(p.Results), r.Body)
	}
	return p.Results[0], p
}

func wants(outcome string, code office.Code) func(*testing.T, *httptest.ResponseRecorder) {
	return func(t *testing.T, r *httptest.ResponseRecorder) {
		t.Helper()
		if got, _ := result(t, r); got.Outcome != outcome || got.Code != code {
			t.Errorf("%s %s, want %s %s (%s)", got.Outcome, got.Code, outcome, code, got.Message)
		}
	}
}

// Commands that no room would take are refused each with a code: the refusal
// is recorded, so that the desk's queue goes on, and no record changes.
func TestBadCommandsAreRefusedOneByOne(t *testing.T) {
	w := newWorld(t)
	if err := w.As("xu-nanqiao").Must(todoCreate("of-xu", "他人的待办")); err != nil {
		t.Fatal(err)
	}
	records := func() string {
		var b strings.Builder
		for _, k := range w.Kinds().All() {
			rs, err := w.Records(k.Name)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rs {
				fmt.Fprintln(&b, r.Kind, r.ID, r.Ver, string(r.Body))
			}
		}
		return b.String()
	}
	before := records()
	ticket := ""
	for i, c := range []struct {
		kind, args string
		code       office.Code
	}{
		{"no.such@1", `{}`, office.CodeUnknown},
		{"todo.create@99", `{}`, office.CodeUnknown},
		{"todo.create", `{}`, office.CodeUnknown},
		{"';DROP/**/TABLE/**/mut;--", `{}`, office.CodeUnknown},
		{"<script>", `{}`, office.CodeUnknown},
		{"todo.create@1", `{}`, office.CodeInvalid},
		{"todo.create@1", `null`, office.CodeInvalid},
		{"todo.create@1", `[]`, office.CodeInvalid},
		{"todo.create@1", `"x"`, office.CodeInvalid},
		{"todo.create@1", `{"id":"a","title":5}`, office.CodeInvalid},
		{"todo.create@1", `{"id":["a"],"title":"x"}`, office.CodeInvalid},
		{"todo.create@1", `{"id":"a","title":"x","someday":1}`, office.CodeInvalid},
		{"todo.create@1", `{"id":"../x","title":"x"}`, office.CodeInvalid},
		{"todo.create@1", `{"id":"A B","title":"x"}`, office.CodeInvalid},
		{"todo.create@1", `{"id":"a","title":"\u0000"}`, office.CodeInvalid},
		{"todo.create@1", `{"id":"a","title":"` + strings.Repeat("x", 100_000) + `"}`, office.CodeInvalid},
		{"todo.create@1", `{"id":"of-xu","title":"x"}`, office.CodeExists},
		{"todo.edit@1", `{"id":"of-xu","changes":[{"field":"title","new":"\"mine\""}]}`, ""},
		{"todo.delete@1", `{"id":"of-xu"}`, ""},
		{"todo.edit@1", `{"id":"no-such","changes":[]}`, office.CodeNotFound},
		{"directory.put_person@1", `{"id":"lin-zhiyuan","name":"市长"}`, office.CodeNotPermitted},
		{"directory.assign@1", `{"uid":"lin-zhiyuan","roles":["sysadmin"]}`, office.CodeNotPermitted},
		{"directory.put_role@1", `{"id":"sysadmin","name":"x"}`, office.CodeNotPermitted},
		{"conflict.close@1", `{"id":"no-such"}`, office.CodeNotFound},
	} {
		next := fmt.Sprint("t", i)
		n := int64(1)
		if h, err := w.lin.Hello(t.Context(), protocol.HelloRequest{Device: w.lin.Device, Schema: 1, Version: protocol.Version}); err != nil {
			t.Fatal(err)
		} else {
			n = h.LastN + 1
		}
		body := fmt.Sprintf(`{"dev":%q,"ticket":%q,"next_ticket":%q,"cmds":[{"n":%d,"mid":"bad-%d","command":%q,"args":%s,"claimed_at":1}]}`, w.lin.Device, ticket, next, n, i, c.kind, c.args)
		w.play(t, scenario{name: fmt.Sprintf("%d %s %.40s", i, c.kind, c.args), path: "/sync/push", token: w.lin.Token(), body: body, status: 200, stores: true,
			after: func(t *testing.T, r *httptest.ResponseRecorder) {
				got, _ := result(t, r)
				if got.Outcome != protocol.Rejected || got.Code == "" || got.Code == office.CodeInternal || c.code != "" && got.Code != c.code {
					t.Errorf("%s %s (%s %s), want %s", got.Outcome, got.Code, got.Field, got.Message, c.code)
				}
				if strings.Contains(strings.ToLower(got.Message), "sql") || len(got.Message) > 2000 {
					t.Errorf("message %q", got.Message)
				}
			}})
		ticket = next
		if records() != before {
			t.Fatalf("%s %s changed records", c.kind, c.args)
		}
	}
}

func TestReplays(t *testing.T) {
	w := newWorld(t)
	push := func(ticket, next string, n int, mid, id string) string {
		return fmt.Sprintf(`{"dev":%q,"ticket":%q,"next_ticket":%q,"cmds":[{"n":%d,"mid":%q,"command":"todo.create@1","args":{"id":%q,"title":"一"},"claimed_at":1}]}`,
			w.lin.Device, ticket, next, n, mid, id)
	}
	first := push("", "t1", 1, "m1", "a")
	w.play(t,
		scenario{name: "first", path: "/sync/push", token: w.lin.Token(), body: first, status: 200, stores: true, after: wants(protocol.Applied, "")},
		scenario{name: "the same bytes again", path: "/sync/push", token: w.lin.Token(), body: first, status: 200, after: wants(protocol.Applied, "")},
		scenario{name: "the same bytes, compressed", path: "/sync/push", token: w.lin.Token(), header: map[string]string{"Content-Encoding": "zstd"}, body: zstdOf(t, []byte(first)), status: 200, after: wants(protocol.Applied, "")},
		scenario{name: "the same bytes with another person's session", path: "/sync/push", token: w.xu.Token(), body: first, status: 403, code: office.CodeNotPermitted, field: "dev"},
		scenario{name: "the same mid with other arguments", path: "/sync/push", token: w.lin.Token(), body: push("t1", "t2", 1, "m1", "b"), status: 200, stores: true, after: wants(protocol.Applied, "")},
	)
	if _, ok, err := w.Get("todo.item", "b"); ok || err != nil {
		t.Errorf("a used mid acted again, %v", err)
	}
	if rs, err := w.Records("todo.item"); err != nil || len(rs) != 1 {
		t.Errorf("%d to-dos, %v", len(rs), err)
	}
	w.play(t,
		scenario{name: "an old ticket", path: "/sync/push", token: w.lin.Token(), body: push("", "t9", 2, "m2", "c"), status: 200, stores: true, has: `"verdict":"fork"`},
		scenario{name: "a gap", path: "/sync/push", token: w.lin.Token(), body: push("t2", "t3", 5, "m5", "c"), status: 200, stores: true, has: `"verdict":"fork"`},
	)
	if rs, err := w.Records("todo.item"); err != nil || len(rs) != 1 {
		t.Errorf("%d to-dos, %v", len(rs), err)
	}
}

func TestTooManyAndTooLarge(t *testing.T) {
	w := newWorld(t)
	var cmds []string
	for i := range protocol.MaxPush + 1 {
		cmds = append(cmds, fmt.Sprintf(`{"n":%d,"mid":"m%d","command":"todo.create@1","args":{"id":"x%d","title":"一"}}`, i+1, i+1, i+1))
	}
	push := func(cmds ...string) string {
		return fmt.Sprintf(`{"dev":%q,"ticket":"","next_ticket":"t1","cmds":[%s]}`, w.lin.Device, strings.Join(cmds, ","))
	}
	big := `{"n":1,"mid":"m1","command":"todo.create@1","args":{"id":"x","title":"` + strings.Repeat("x", protocol.MaxCommand) + `"}}`
	w.play(t,
		scenario{name: "one command too many", path: "/sync/push", token: w.lin.Token(), body: push(cmds...), status: 413, code: office.CodeTooLarge, field: "cmds"},
		scenario{name: "one command too large", path: "/sync/push", token: w.lin.Token(), body: push(big), status: 413, code: office.CodeTooLarge, field: "cmds[0].args"},
		scenario{name: "as many as allowed", path: "/sync/push", token: w.lin.Token(), body: push(cmds[:protocol.MaxPush]...), status: 200, stores: true, has: fmt.Sprintf(`"last_n":%d`, protocol.MaxPush)},
	)
}
