package bridge

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/todo"
)

// Kinds of notices.
const (
	NoticeTask     = "task"     // a new thing to do
	NoticeCopy     = "copy"     // a paper to read
	NoticeRefused  = "refused"  // something given here did not take effect
	NoticeConflict = "conflict" // both sides changed the same
	NoticeDue      = "due"      // a task is due within a day
	NoticeLate     = "late"     // a task is past its time
	NoticeEnded    = "ended"    // a paper one sent on its way is 办结
	NoticeSentBack = "sentback" // it was 退文: it goes back to where it came from
	NoticeStopped  = "stopped"  // its flow was 终止
	NoticeTodo     = "todo"     // a to-do of one's own is due
	NoticeRing     = "ring"     // a reminder of the calendar rings: no notice of the list, see Reminder.Notice
)

var noticeID = regexp.MustCompile(`^[a-z]{3,10}/[0-9A-Za-z_.~-]{1,100}$`)

const (
	maxNotices = 80
	soon       = 24 * 3600 * 1000 // a task is due soon: Millis before
	soonTodo   = 2 * 3600 * 1000
	endedFor   = 7 * 24 * 3600 * 1000 // how long an end is news
)

// Notices are what the person should know of, the newest first. They follow
// from what is on the desk: a thing done is no notice any more.
func (s *Shell) Notices() ([]Notice, error) {
	return signedIn(s.core, "Shell.Notices", func(ctx context.Context, a *at) ([]Notice, error) {
		return a.notices(ctx)
	})
}

// SeeNotices notes that the person has looked at these.
func (s *Shell) SeeNotices(ids []string) error {
	return do(s.core, "Shell.SeeNotices", func(ctx context.Context, a *at) error {
		now, err := a.notices(ctx)
		if err != nil {
			return err
		}
		// Only of what there is: the list of marks does not grow for ever.
		seen := []string{}
		for _, n := range now {
			if n.Seen || slices.Contains(ids, n.ID) {
				seen = append(seen, n.ID)
			}
		}
		return a.keep(ctx, seenKey, seen)
	})
}

func (a *at) notices(ctx context.Context) ([]Notice, error) {
	names := a.names(ctx)
	now := office.Millis(a.now)
	var out []Notice
	tasks, err := list(ctx, a, approval.Tasks, a.openTasks())
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		v := t.Value
		n := Notice{
			ID: NoticeTask + "/" + t.ID, Kind: NoticeTask, Title: v.Title, Sub: joinDot(names.name(v.Sender), v.StepName),
			At: v.Created, Due: v.Due, Route: "/document/" + v.Subject,
		}
		switch {
		case v.Due > 0 && v.Due < now:
			n.ID, n.Kind, n.At = NoticeLate+"/"+t.ID, NoticeLate, v.Due
		case v.Due > 0 && v.Due-now < soon && v.Due-v.Created > soon:
			n.ID, n.Kind, n.At = NoticeDue+"/"+t.ID, NoticeDue, v.Due-soon
		}
		out = append(out, n)
	}
	copies, err := first(ctx, a, approval.Copies, office.Query{View: "mine", Order: "sent", Desc: true, Limit: maxNotices, Where: []office.Cond{
		office.Where("to", string(a.uid)), office.Where("state", approval.CopyUnread),
	}})
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		out = append(out, Notice{
			ID: NoticeCopy + "/" + c.ID, Kind: NoticeCopy, Title: c.Value.Title, Sub: names.name(c.Value.From),
			At: c.Value.Sent, Route: "/document/" + c.Value.Subject,
		})
	}
	ends, err := a.ends(ctx, now)
	if err != nil {
		return nil, err
	}
	out = append(out, ends...)
	need, err := a.given(ctx, engine.Filter{NeedsYou: true})
	if err != nil {
		return nil, err
	}
	for _, x := range need {
		ab, err := a.about(ctx, names, x)
		if err != nil {
			return nil, err
		}
		out = append(out, Notice{
			ID: NoticeRefused + "/" + x.Mid, Kind: NoticeRefused, Title: ab.title, Code: string(x.Code),
			At: cmp.Or(x.At, x.Claimed), Route: "/reconcile/" + x.Mid,
		})
	}
	clashes, err := list(ctx, a, office.Conflicts, office.Query{View: "mine", Order: "at", Where: []office.Cond{
		office.Where("actor", string(a.uid)), office.Where("state", office.ConflictOpen),
	}})
	if err != nil {
		return nil, err
	}
	for _, c := range clashes {
		out = append(out, Notice{
			ID: NoticeConflict + "/" + c.ID, Kind: NoticeConflict, Title: c.Value.Title, Code: string(office.NoteConflict),
			At: c.Value.At, Route: "/reconcile/conflict-" + c.ID,
		})
	}
	todos, err := list(ctx, a, todo.Items, office.Query{View: "open", Order: "due", Where: []office.Cond{
		office.Where("owner", string(a.uid)), office.Where("done", false),
	}})
	if err != nil {
		return nil, err
	}
	for _, x := range todos {
		if n, ok := todoNotice(x.ID, x.Value, now); ok {
			out = append(out, n)
		}
	}
	var seen []string
	if err := a.kept(ctx, seenKey, &seen); err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Seen = slices.Contains(seen, out[i].ID)
	}
	slices.SortStableFunc(out, func(x, y Notice) int { return cmp.Compare(y.At, x.At) })
	return out[:min(len(out), maxNotices)], nil
}

// ends are how the papers that the person sent on their way have ended lately,
// by others' hands.
func (a *at) ends(ctx context.Context, now int64) ([]Notice, error) {
	list, err := first(ctx, a, approval.Instances, office.Query{View: "mine", Order: "ended", Desc: true, Limit: maxNotices, Where: []office.Cond{
		office.Where("starter", string(a.uid)), office.Where("state", approval.Ended),
	}})
	if err != nil {
		return nil, err
	}
	var out []Notice
	for _, i := range list {
		v := i.Value
		if v.Ended < now-endedFor {
			break
		}
		kind, sub := "", v.FlowName
		switch v.Outcome {
		case approval.OutcomeDone:
			kind = NoticeEnded
			if last := len(v.Path) - 1; last >= 0 && slices.Equal(v.Path[last].By, []office.UserID{a.uid}) {
				continue
			}
		case approval.OutcomeRejected:
			kind, sub = NoticeSentBack, cmp.Or(v.Reason, sub)
		case approval.OutcomeTerminated:
			kind, sub = NoticeStopped, cmp.Or(v.Reason, sub)
		}
		if kind != "" && v.Parent == nil {
			out = append(out, Notice{ID: kind + "/" + i.ID, Kind: kind, Title: v.Title, Sub: sub, At: v.Ended, Route: "/document/" + v.Subject})
		}
	}
	return out, nil
}

// todoNotice is the reminder of a to-do whose time has come: as long before it
// is due as its owner said, or soonTodo. Each occurrence of one that repeats is
// a notice of its own.
func todoNotice(id string, it todo.Item, now int64) (Notice, bool) {
	before := int64(soonTodo)
	if it.Remind != nil {
		before = int64(*it.Remind) * 60_000
	}
	at := it.Due - before
	if it.Due == 0 || at > now {
		return Notice{}, false
	}
	n := Notice{ID: NoticeTodo + "/" + id, Kind: NoticeTodo, Title: it.Title, At: at, Due: it.Due, Route: "/todo?tab=mine&show=" + id}
	if it.Repeat != nil {
		n.ID += "-" + strconv.FormatInt(it.Due, 36)
	}
	return n, true
}
