package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/servertest"
)

// Off line, with nothing but what is on this desk: the trace of a flow holds, an
// act that waits is not counted, and a changed word or event is named.
func TestVerify(t *testing.T) {
	b, s, pw := online(t)
	if err := s.AddUser(servertest.User{UID: "xu", Name: "许南乔", Unit: "leaders"}); err != nil {
		t.Fatal(err)
	}
	must := func(who office.UserID, cmd office.Command) {
		t.Helper()
		if err := s.As(who).Must(cmd); err != nil {
			t.Fatal(err)
		}
	}
	must(office.System, &approval.Publish{Definition: approval.Definition{
		Key: "t", Name: "测试", Subjects: []string{document.Headers.Name}, First: "a", Steps: []approval.Step{
			{ID: "a", Name: "拟稿", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Lines: []approval.Line{{To: "b"}}},
			{ID: "b", Name: "批示", Handlers: []approval.Handler{{By: approval.ByPerson, ID: "lin-zhiyuan"}}, Area: "x", AreaName: "批示", Lines: []approval.Line{{To: "z"}}},
			{ID: "z", Name: "办结", Type: approval.StepEnd},
		},
	}})
	must("xu", &document.DraftPaper{ID: "d", Direction: document.Internal, Genre: "签报", Title: "关于供热的签报"})
	must("xu", &approval.Start{ID: "i", Flow: "t", SubjectKind: document.Headers.Name, Subject: "d", Words: "请批示"})
	at := func(args ...string) outcome {
		return b.run("", append([]string{"--profile", b.dir("p"), "--json"}, args...)...)
	}
	if got := at("login", "--server", s.URL, "--user", "linzhiyuan", "--password-file", pw); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	if got := at("sync"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	check := func() (verifyJSON, outcome) {
		t.Helper()
		got := at("verify")
		var v verifyJSON
		if err := json.Unmarshal([]byte(got.out), &v); err != nil {
			t.Fatalf("%+v %v", got, err)
		}
		return v, got
	}
	v, got := check()
	if got.code != exitDone || v.Instances != 1 || v.Events != 2 || v.Keys != 1 || len(v.Broken) != 0 {
		t.Fatalf("%+v %+v", v, got)
	}
	// An act that waits shows on the desk and proves nothing.
	var tasks []struct {
		ID   string
		Body approval.Task
	}
	if err := json.Unmarshal([]byte(at("list", "approval.task", "--view", "mine", "--where", "person=lin-zhiyuan").out), &tasks); err != nil || len(tasks) != 1 {
		t.Fatalf("%+v %v", tasks, err)
	}
	var paper struct{ Body document.Header }
	if err := json.Unmarshal([]byte(at("show", "doc.header", "d").out), &paper); err != nil {
		t.Fatal(err)
	}
	args, err := json.Marshal(approval.Approve{Task: tasks[0].ID, Subject: "d", TaskRev: tasks[0].Body.Rev, Step: "b", SeenHash: paper.Body.ContentHash, Words: "同意"})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.run(string(args), "--profile", b.dir("p"), "do", "approval.approve@1", "-"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	if v, got := check(); got.code != exitDone || v.Events != 2 {
		t.Errorf("%+v %+v", v, got)
	}
	if got := at("sync"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	if v, got := check(); got.code != exitDone || v.Events != 4 {
		t.Errorf("%+v %+v", v, got)
	}
	db, err := (vault.Profile{Dir: b.dir("p"), Now: time.Now}).Write(t.Context(), vault.Replica)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE r_approval_opinion SET body = replace(body, '请批示', '已批示')`); err != nil {
		t.Fatal(err)
	}
	v, got = check()
	if got.code != exitFault || len(v.Broken) != 1 || v.Broken[0] != "instance i, event 1: words" || strings.Contains(got.err, "批示") {
		t.Errorf("%+v %+v", v, got)
	}
}
