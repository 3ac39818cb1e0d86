package bridge

import (
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Who sent a paper on its way is told how it ended, for a week; not of what they
// ended themselves, of the parts of other flows, or of other people's papers.
func TestNoticesOfEnds(t *testing.T) {
	r, h := desk1(t)
	day := hour(24) - hour(0)
	put := func(id string, change func(*approval.Instance)) {
		i := approval.Instance{
			Flow: "shouwen", FlowName: "收文办理", SubjectKind: document.Headers.Name, Subject: paper1, Title: id, Starter: "shao", State: approval.Ended, Ended: hour(8),
			Path: []approval.Visit{{Step: "niban", By: []office.UserID{"ding"}}},
		}
		change(&i)
		h.desk.put(approval.Instances.Name, id, "", i)
	}
	put("done", func(*approval.Instance) {})
	put("sent-back", func(i *approval.Instance) {
		i.Outcome, i.Reason, i.Ended = approval.OutcomeRejected, approval.Reasons[0], hour(7)
	})
	put("stopped", func(i *approval.Instance) { i.Outcome, i.Ended = approval.OutcomeTerminated, hour(6) })
	put("by-me", func(i *approval.Instance) { i.Path[0].By = []office.UserID{"shao"} })
	put("cancelled", func(i *approval.Instance) { i.Outcome = approval.OutcomeCancelled })
	put("switched", func(i *approval.Instance) { i.Outcome = approval.OutcomeSwitched })
	put("part", func(i *approval.Instance) { i.Parent = &approval.ParentOf{Instance: "done"} })
	put("running", func(i *approval.Instance) { i.State, i.Ended = approval.Running, 0 })
	put("another", func(i *approval.Instance) { i.Starter = "ding" })
	put("last-week", func(i *approval.Instance) { i.Ended = hour(9) - 7*day - 1 })
	ns, err := r.Shell.Notices()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range ns {
		if n.Kind == NoticeEnded || n.Kind == NoticeSentBack || n.Kind == NoticeStopped {
			got = append(got, n.Kind+" "+n.Title+" "+n.Sub)
		}
		if !noticeID.MatchString(n.ID) {
			t.Errorf("id %q", n.ID)
		}
	}
	want := []string{"ended done 收文办理", "sentback sent-back " + approval.Reasons[0], "stopped stopped 收文办理"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
