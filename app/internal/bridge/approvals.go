package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/document"
)

// Approvals are what is asked of the person, and how they act on it.
type Approvals struct{ core *core }

// Limits of the workbench.
const (
	maxReadPile = 60
	maxSigned   = 30
)

// Workbench is the first page: three piles.
func (s *Approvals) Workbench() (Workbench, error) {
	return signedIn(s.core, "Approvals.Workbench", func(ctx context.Context, a *at) (Workbench, error) {
		w := Workbench{Now: office.Millis(a.now)}
		var err error
		if w.ToSign, err = a.tasks(ctx); err != nil {
			return w, err
		}
		today, tomorrow, after := a.days()
		for _, t := range w.ToSign {
			if t.Due > 0 && t.Due < tomorrow {
				w.DueToday++
			}
		}
		if w.Signed, err = a.signed(ctx); err != nil {
			return w, err
		}
		if w.ToRead, err = a.copies(ctx); err != nil {
			return w, err
		}
		w.ReadAll = len(w.ToRead)
		for _, c := range w.ToRead {
			if c.Read == 0 {
				w.Unread++
			}
		}
		if w.Events, err = a.events(ctx, today, tomorrow); err != nil {
			return w, err
		}
		w.Tomorrow, err = a.events(ctx, tomorrow, after)
		return w, err
	})
}

// days are the midnights that begin today, tomorrow and the day after, in the
// office's time zone.
func (a *at) days() (today, tomorrow, after int64) {
	y, m, d := a.now.In(calendar.Zone).Date()
	day := func(n int) int64 { return office.Millis(time.Date(y, m, d+n, 0, 0, 0, 0, calendar.Zone)) }
	return day(0), day(1), day(2)
}

// Tasks are the open tasks: those that need the person first, then by due time.
func (s *Approvals) Tasks() ([]Task, error) {
	return signedIn(s.core, "Approvals.Tasks", func(ctx context.Context, a *at) ([]Task, error) {
		return a.tasks(ctx)
	})
}

// Counts are the numbers of the rail.
func (s *Approvals) Counts() (Counts, error) {
	return signedIn(s.core, "Approvals.Counts", func(ctx context.Context, a *at) (Counts, error) {
		open, err := list(ctx, a, approval.Tasks, a.openTasks())
		if err != nil {
			return Counts{}, err
		}
		need, err := a.given(ctx, engine.Filter{NeedsYou: true})
		if err != nil {
			return Counts{}, err
		}
		st, err := a.status(ctx)
		if err != nil {
			return Counts{}, err
		}
		c := Counts{Tasks: len(open), Need: st.NeedsYou}
		for _, x := range need {
			if !x.Seen {
				c.Fresh++
			}
		}
		if c.Need > len(need) { // open conflicts are always fresh: they wait for a choice
			c.Fresh += c.Need - len(need)
		}
		return c, nil
	})
}

func (a *at) openTasks() office.Query {
	return office.Query{View: "mine", Order: "due_order", Where: []office.Cond{
		office.Where("person", string(a.uid)), office.Where("state", approval.TaskOpen),
	}}
}

func (a *at) tasks(ctx context.Context) ([]Task, error) {
	rows, err := list(ctx, a, approval.Tasks, a.openTasks())
	if err != nil {
		return nil, err
	}
	need, err := a.needed(ctx)
	if err != nil {
		return nil, err
	}
	names := a.names(ctx)
	out := make([]Task, 0, len(rows))
	for _, r := range rows {
		v := r.Value
		t := Task{
			ID: r.ID, Document: v.Subject, Title: v.Title, Step: v.StepName, Urgency: v.Urgency,
			Due: v.Due, Arrived: v.Created, Source: names.name(v.Sender), For: names.name(v.For), Why: v.Kind,
			Escalated: names.list(v.Escalated),
		}
		if y, m, d := a.now.In(calendar.Zone).Date(); v.UrgedAt >= office.Millis(time.Date(y, m, d, 0, 0, 0, 0, calendar.Zone)) {
			t.Urged, t.UrgedBy, t.UrgeSaid = v.Urged, names.name(v.UrgedBy), v.UrgeSaid
		}
		h, ok, err := get(ctx, a, document.Headers, v.Subject)
		if err != nil {
			return nil, err
		}
		if ok {
			t.Title, t.Kind, t.Number, t.Urgency = h.Value.Title, h.Value.Direction, h.Value.Number, h.Value.Urgency
			t.Source, t.Handling = source(names, h.Value), h.Value.Handling
		} else {
			t.Mark = MarkAway
		}
		if t.SayBy, t.Say, err = a.lastWords(ctx, names, r.Root); err != nil {
			return nil, err
		}
		if x, ok := need[r.ID]; ok {
			t.Mark, t.NeedMid, t.NeedCode = MarkNeed, x.Mid, string(x.Code)
			t.MyWords, t.MyWordsAt = wordsOf(x.Args), x.Claimed
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(x, y Task) int {
		return cmp.Compare(boolInt(y.Mark == MarkNeed), boolInt(x.Mark == MarkNeed))
	})
	return out, nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// needed are the refused acts the person has to end, by task.
func (a *at) needed(ctx context.Context) (map[string]engine.Item, error) {
	items, err := a.given(ctx, engine.Filter{NeedsYou: true})
	if err != nil {
		return nil, err
	}
	out := map[string]engine.Item{}
	for _, x := range items {
		var args struct {
			Task string `json:"task"`
		}
		if json.Unmarshal(x.Args, &args) == nil && args.Task != "" {
			out[args.Task] = x
		}
	}
	return out, nil
}

// lastWords is the newest opinion of an instance.
func (a *at) lastWords(ctx context.Context, names *book, instance string) (by, words string, err error) {
	last, err := first(ctx, a, approval.Opinions, office.Query{
		View: "instance", Order: "effective", Desc: true, Limit: 5,
		Where: []office.Cond{office.Where("root", instance)},
	})
	if err != nil {
		return "", "", err
	}
	for _, o := range last {
		if o.Value.Words != "" {
			return names.name(o.Value.Actor), o.Value.Words, nil
		}
	}
	return "", "", nil
}

// acts are the commands that sign something.
var acts = []string{"approval.approve@1", "approval.return@1", "approval.transfer@1", "approval.reject@1"}

// signed are the acts given here that have not taken effect.
func (a *at) signed(ctx context.Context) ([]Signed, error) {
	items, err := a.given(ctx, engine.Filter{})
	if err != nil {
		return nil, err
	}
	names := a.names(ctx)
	var out []Signed
	for _, x := range items {
		if !x.Waiting || !slices.Contains(acts, x.Command) {
			continue
		}
		about, err := a.about(ctx, names, x)
		if err != nil {
			return nil, err
		}
		out = append(out, Signed{Mid: x.Mid, Document: about.document, Title: about.title, At: x.Claimed, Mark: markOf(x)})
	}
	slices.SortStableFunc(out, func(x, y Signed) int { return cmp.Compare(y.At, x.At) })
	return out[:min(len(out), maxSigned)], nil
}

// markOf is the mark of a command that waits.
func markOf(x engine.Item) string {
	if x.State == engine.StateQueued {
		return MarkWait
	}
	return MarkSent
}

func (a *at) copies(ctx context.Context) ([]Copy, error) {
	names := a.names(ctx)
	pending, err := a.desk.PendingOf(ctx, approval.Copies.Name)
	if err != nil {
		return nil, err
	}
	var out []Copy
	for _, state := range []string{approval.CopyUnread, approval.CopyRead} {
		rows, err := first(ctx, a, approval.Copies, office.Query{
			View: "mine", Order: "sent", Desc: true, Limit: maxReadPile,
			Where: []office.Cond{office.Where("to", string(a.uid)), office.Where("state", state)},
		})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			v := r.Value
			c := Copy{
				ID: r.ID, Document: v.Subject, Title: v.Title, Urgency: v.Urgency, Sent: v.Sent, Read: v.Read,
				Source: names.name(v.From), Sort: v.Sort,
			}
			h, ok, err := get(ctx, a, document.Headers, v.Subject)
			if err != nil {
				return nil, err
			}
			switch {
			case !ok:
				c.Mark = MarkAway
			default:
				c.Title, c.Number, c.Source = h.Value.Title, h.Value.Number, source(names, h.Value)
			}
			if len(pending[r.ID]) > 0 {
				c.Mark = MarkWait
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// source is where a paper comes from: the sender outside, or the unit.
func source(names *book, h document.Header) string {
	if h.From != "" {
		return h.From
	}
	return names.unit(h.Unit)
}

// Approve is 同意 or 提交意见.
func (s *Approvals) Approve(in ActInput) (Done, error) {
	return signedIn(s.core, "Approvals.Approve", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &approval.Approve{
			Task: in.Task, Subject: in.Document, TaskRev: in.Rev, Step: in.Step, SeenHash: in.Seen,
			Words: in.Words, Choose: users(in.To),
		})
	})
}

// Return is 退回 to in.Target, a passed step, or to whoever sent it.
func (s *Approvals) Return(in ActInput) (Done, error) {
	return signedIn(s.core, "Approvals.Return", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &approval.Return{
			Task: in.Task, Subject: in.Document, TaskRev: in.Rev, Step: in.Step, SeenHash: in.Seen,
			Words: in.Words, To: in.Target,
		})
	})
}

// Reject is 退文: an incoming paper goes back to where it came from, for one of
// the reasons that the step lists. Its entry in the register stays.
func (s *Approvals) Reject(in ActInput, reason string) (Done, error) {
	return signedIn(s.core, "Approvals.Reject", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &approval.Reject{
			Task: in.Task, Subject: in.Document, TaskRev: in.Rev, Step: in.Step, SeenHash: in.Seen, Reason: reason, Words: in.Words,
		})
	})
}

// Transfer is 转办 to in.To, one person.
func (s *Approvals) Transfer(in ActInput) (Done, error) {
	return signedIn(s.core, "Approvals.Transfer", func(ctx context.Context, a *at) (Done, error) {
		if len(in.To) != 1 {
			return Done{}, office.Invalid("to", "one person")
		}
		return a.give(ctx, in.Document, &approval.Transfer{
			Task: in.Task, Subject: in.Document, TaskRev: in.Rev, Step: in.Step,
			To: office.UserID(in.To[0]), Words: in.Words,
		})
	})
}

// Claim is 认领 of a task of a pool; Release gives it back.
func (s *Approvals) Claim(in ActInput) (Done, error) {
	return signedIn(s.core, "Approvals.Claim", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &approval.Claim{Task: in.Task, Subject: in.Document, TaskRev: in.Rev, Step: in.Step})
	})
}

// Release is 释放 of a claimed task.
func (s *Approvals) Release(in ActInput) (Done, error) {
	return signedIn(s.core, "Approvals.Release", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &approval.Release{Task: in.Task, Subject: in.Document, TaskRev: in.Rev, Step: in.Step, Words: in.Words})
	})
}

// TakeBack is 取回 of what the person sent on and nobody has acted on; with rest,
// from those who have not acted.
func (s *Approvals) TakeBack(document, instance, words string, rest bool) (Done, error) {
	return signedIn(s.core, "Approvals.TakeBack", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, document, &approval.TakeBack{Instance: instance, Subject: document, Words: words, Rest: rest})
	})
}

// Opened tells, once, that the person has what a task asks before their eyes: from
// then on its sender knows (W38), what was written before stays as it is (W46),
// and a flow may say that it is no longer taken back (W20).
func (s *Approvals) Opened(document, task string) error {
	_, err := signedIn(s.core, "Approvals.Opened", func(ctx context.Context, a *at) (Done, error) {
		t, ok, err := get(ctx, a, approval.Tasks, task)
		if err != nil || !ok || t.Value.Opened != 0 || t.Value.State != approval.TaskOpen {
			return Done{}, err
		}
		return a.give(ctx, document, &approval.Opened{Task: task, Subject: document})
	})
	return err
}

// Circulate is 传阅 to in.To.
func (s *Approvals) Circulate(in ActInput) (Done, error) {
	return signedIn(s.core, "Approvals.Circulate", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, in.Document, &approval.Circulate{
			ID: id, SubjectKind: document.Headers.Name, Subject: in.Document, To: users(in.To), Words: in.Words,
		})
	})
}

// Read marks a circulation copy as read, with words or without.
func (s *Approvals) Read(copyID, words string) (Done, error) {
	return signedIn(s.core, "Approvals.Read", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, copyID, &approval.Read{ID: copyID, Words: words})
	})
}

// Start begins a flow with a paper of the person's own.
func (s *Approvals) Start(in ActInput, flow string) (Done, error) {
	return signedIn(s.core, "Approvals.Start", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, in.Document, &approval.Start{
			ID: id, Flow: flow, SubjectKind: document.Headers.Name, Subject: in.Document,
			SeenHash: in.Seen, Words: in.Words, Choose: users(in.To),
		})
	})
}

func users(ids []string) []office.UserID {
	if len(ids) == 0 {
		return nil
	}
	out := make([]office.UserID, len(ids))
	for i, id := range ids {
		out[i] = office.UserID(id)
	}
	return out
}
