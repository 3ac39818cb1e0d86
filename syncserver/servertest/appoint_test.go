package servertest_test

import (
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

// The administrator's desk appoints; the desk of whoever is appointed sees the
// post's old papers with its next pull, and no longer after the dismissal. A term
// to come begins by the server's clock.
func TestAppointedSeesOldPapers(t *testing.T) {
	chen := servertest.User{UID: "chen-wangshu", Unit: "leaders", Roles: []string{"principal"}}
	shao := servertest.User{UID: "shao-wenyuan", Unit: "mishu1", Roles: []string{"drafter"}}
	ding := servertest.User{UID: "ding-xiaohe", Unit: "zonghe"}
	sys := servertest.User{UID: "sys01", Roles: []string{directory.RoleSysAdmin}}
	s := start(t, chen, shao, ding, sys)
	for _, cmd := range []office.Command{
		&directory.PutPost{ID: "wenshu", Name: "文书", Unit: "mishu1"},
		&approval.Publish{Definition: approval.Qianbao()},
	} {
		if err := s.As(office.System).Must(cmd); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range []office.Command{
		&document.DraftPaper{ID: "paper", Direction: document.Internal, Genre: "签报", Title: "关于调整值守力量的签报", Publicity: "依申请公开", Leaders: []office.UserID{"chen-wangshu"},
			Blocks: []document.Block{{ID: "a", Type: document.BlockText, Text: "一、基本情况"}}},
		&approval.Start{ID: "inst", Flow: approval.Qianbao().Key, SubjectKind: document.Headers.Name, Subject: "paper"},
	} {
		if err := s.As("shao-wenyuan").Must(cmd); err != nil {
			t.Fatal(err)
		}
	}
	admin, desk := signIn(t, s, sys), signIn(t, s, ding)
	sees := func(want bool, when string) {
		t.Helper()
		got := pull(t, desk)
		_, header := got["doc.header paper"]
		_, body := got["doc.body paper"]
		if header != want || body != want {
			t.Errorf("%s: header %v, body %v", when, header, body)
		}
		if faults, err := s.Check(); err != nil || len(faults) > 0 {
			t.Errorf("%s: %v %v", when, faults, err)
		}
	}
	n, ticket := int64(0), ""
	give := func(cmd office.Command, want string) {
		t.Helper()
		n++
		next := ticket + "+"
		r := push(t, admin, n, ticket, next, cmd)
		if ticket = next; len(r.Results) != 1 || r.Results[0].Outcome != want {
			t.Fatalf("%s: %+v", cmd.Kind(), r.Results)
		}
	}
	sees(false, "before")
	give(&directory.Appoint{UID: "ding-xiaohe", Post: "wenshu"}, protocol.Applied)
	sees(true, "appointed")
	give(&directory.Dismiss{UID: "ding-xiaohe", Post: "wenshu"}, protocol.Applied)
	sees(false, "dismissed")

	from := s.Clock.Now().Add(time.Hour)
	give(&directory.Appoint{UID: "ding-xiaohe", Post: "wenshu", From: from.UnixMilli(), Until: from.Add(time.Hour).UnixMilli()}, protocol.Applied)
	sees(false, "an hour before")
	s.Clock.Add(time.Hour)
	jobs(t, s, 1)
	sees(true, "the hour has come")
	s.Clock.Add(time.Hour)
	jobs(t, s, 1)
	sees(false, "and gone")

	// The one who keeps the directory grants nothing.
	give(&directory.Grant{UID: "ding-xiaohe", Add: []string{"drafter"}}, protocol.Rejected)
}

func jobs(t *testing.T, s *servertest.Server, want int) {
	t.Helper()
	if n, err := s.RunJobs(); err != nil || n < want {
		t.Fatalf("%d jobs, %v", n, err)
	}
}
