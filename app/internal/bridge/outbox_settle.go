package bridge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/todo"
)

// maxSettle bounds one call.
const maxSettle = 200

// Settle ends several refused commands alike, in the order given: a chain from
// its head on, or what the person has ticked. It gives how many it ended; the
// first that cannot be ended stops it.
func (s *Outbox) Settle(mids []string, act string) (int, error) {
	return signedIn(s.core, "Outbox.Settle", func(ctx context.Context, a *at) (int, error) {
		if len(mids) == 0 || len(mids) > maxSettle {
			return 0, office.Invalid("mids", "1 to %d", maxSettle)
		}
		for i, mid := range mids {
			var err error
			switch act {
			case ChoiceResend:
				_, err = a.desk.Retry(ctx, mid)
			case ChoiceDiscard:
				err = a.desk.Discard(ctx, mid)
			default:
				err = office.Invalid("act", "%.20q", act)
			}
			if err != nil {
				return i, err
			}
		}
		return len(mids), nil
	})
}

// ToTodo makes a personal to-do of what a refused command was to do, with the
// person's words as its note, and gives the command up.
func (s *Outbox) ToTodo(mid, title, note string) (Done, error) {
	return signedIn(s.core, "Outbox.ToTodo", func(ctx context.Context, a *at) (Done, error) {
		if err := a.refusedHere(ctx, mid); err != nil {
			return Done{}, err
		}
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		done, err := a.give(ctx, id, &todo.Create{ID: id, Title: title, Note: note})
		if err != nil {
			return done, err
		}
		return done, a.desk.Discard(ctx, mid)
	})
}

// ToReading writes the person's words as 阅示意见 on the circulation copy they have
// of the paper, and gives the refused command up.
func (s *Outbox) ToReading(mid, words string) (Done, error) {
	return signedIn(s.core, "Outbox.ToReading", func(ctx context.Context, a *at) (Done, error) {
		x, ok, err := a.desk.Item(ctx, mid)
		if err != nil {
			return Done{}, err
		}
		if !ok || !x.NeedsYou {
			return Done{}, &office.Error{Code: office.CodeNotFound, Message: mid}
		}
		id, err := a.copyOf(ctx, parseArgs(x.Args).Subject)
		if err != nil {
			return Done{}, err
		}
		if id == "" {
			return Done{}, office.Errorf(office.CodeState, "no circulation copy")
		}
		done, err := a.give(ctx, id, &approval.Read{ID: id, Words: words})
		if err != nil {
			return done, err
		}
		return done, a.desk.Discard(ctx, mid)
	})
}

func (a *at) refusedHere(ctx context.Context, mid string) error {
	x, ok, err := a.desk.Item(ctx, mid)
	if err == nil && (!ok || !x.NeedsYou) {
		err = &office.Error{Code: office.CodeNotFound, Message: mid}
	}
	return err
}

// copyOf is the person's circulation copy of a paper, an unread one before
// others; "" for none.
func (a *at) copyOf(ctx context.Context, subject string) (string, error) {
	if subject == "" {
		return "", nil
	}
	rows, err := list(ctx, a, approval.Copies, office.Query{
		View: "mine", Order: "sent", Where: []office.Cond{office.Where("to", string(a.uid)), office.Where("subject", subject)},
	})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	for _, r := range rows {
		if r.Value.State == approval.CopyUnread {
			return r.ID, nil
		}
	}
	return rows[len(rows)-1].ID, nil
}

// Groups of the history, beside GroupDone.
const (
	pastVoid = "void" // given up after a refusal
	pastAll  = "all"
)

// History is the cases that have ended, the newest first: what took effect, and
// what was refused and given up or given again.
func (s *Outbox) History(q HistoryQuery) (HistoryPage, error) {
	return signedIn(s.core, "Outbox.History", func(ctx context.Context, a *at) (HistoryPage, error) {
		if q.Limit < 1 || q.Limit > 200 || q.Skip < 0 {
			return HistoryPage{}, office.Invalid("limit", "1 to 200")
		}
		if !slices.Contains([]string{pastAll, GroupDone, pastVoid}, q.Group) {
			return HistoryPage{}, office.Invalid("group", "%.20q", q.Group)
		}
		items, err := a.desk.Outbox(ctx, engine.Filter{Archived: true})
		if err != nil {
			return HistoryPage{}, err
		}
		names := a.names(ctx)
		text := strings.ToLower(strings.TrimSpace(q.Text))
		var out HistoryPage
		slices.SortStableFunc(items, func(x, y engine.Item) int { return cmp.Compare(y.Claimed, x.Claimed) })
		for _, x := range items {
			mark := pastMark(x)
			if mark == "" || q.Group == GroupDone && mark != markDone || q.Group == pastVoid && mark != markVoid {
				continue
			}
			if q.From != 0 && x.Claimed < q.From || q.To != 0 && x.Claimed >= q.To {
				continue
			}
			e, err := a.past(ctx, names, x, mark)
			if err != nil {
				return out, err
			}
			if text != "" && !strings.Contains(strings.ToLower(e.Title+"\n"+e.Words+wroteText(e.Wrote)), text) {
				continue
			}
			out.Total++
			if out.Total > q.Skip && len(out.Entries) < q.Limit {
				out.Entries = append(out.Entries, e)
			}
		}
		return out, nil
	})
}

func wroteText(l []Wrote) string {
	var s string
	for _, w := range l {
		s += "\n" + w.Text
	}
	return s
}

// pastMark is the mark of a command that has ended; "" for one that has not.
func pastMark(x engine.Item) string {
	switch {
	case x.NeedsYou, x.State == engine.StateDraft:
		return ""
	case x.Outcome == engine.StateRejected, x.Outcome == engine.StateHeld, x.Outcome == engine.StateQuarantined, x.State == engine.StateDiscarded:
		return markVoid
	case x.Outcome == engine.StateApplied, x.Outcome == engine.StateNoop, x.Outcome == engine.StateConflict:
		return markDone
	}
	return ""
}

func (a *at) past(ctx context.Context, names *book, x engine.Item, mark string) (Entry, error) {
	e, err := a.caseOf(ctx, names, x, GroupDone)
	e.Mark = mark
	e.Again = x.Next != ""
	return e, err
}
