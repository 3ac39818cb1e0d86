package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// Outbox is the reconcile desk (对账台): everything waiting, delivered, refused
// or in conflict, and how the person ends it.
type Outbox struct{ core *core }

const maxDone = 60 // 已生效 that are shown

// Marks of cases besides those of rows.
const (
	markDone = "done" // 已生效
	markVoid = "void" // 未生效
)

// Reconcile is the reconcile desk: what needs the person first, the newest
// first in each group.
func (s *Outbox) Reconcile() (Reconcile, error) {
	return signedIn(s.core, "Outbox.Reconcile", func(ctx context.Context, a *at) (Reconcile, error) {
		items, err := a.given(ctx, engine.Filter{})
		if err != nil {
			return Reconcile{}, err
		}
		st := a.desk.Status()
		out := Reconcile{Online: st.Online && !st.Offline}
		today, _, _ := a.days()
		names := a.names(ctx)
		heads := headsOf(items)
		chains := map[string][]ChainLink{}
		clashing, err := a.clashCases(ctx, names)
		if err != nil {
			return out, err
		}
		var need, transit, done []Entry
		for _, x := range items {
			if x.Claimed >= today {
				out.Acted++
			}
			group := groupOf(x)
			if group == "" {
				continue
			}
			c, err := a.caseOf(ctx, names, x, group)
			if err != nil {
				return out, err
			}
			if head, held := heads[x.Mid]; held {
				chains[head] = append(chains[head], ChainLink{Mid: x.Mid, Command: c.Command, Title: c.Title, Words: c.Words, Acted: c.Acted})
				continue // shown with what holds it
			}
			if group == GroupDone && x.Outcome == engine.StateConflict && slices.ContainsFunc(clashing, func(k Entry) bool { return k.Record == c.Record }) {
				continue // shown as the question it left
			}
			switch group {
			case GroupNeed:
				need = append(need, c)
			case GroupTransit:
				transit = append(transit, c)
			default:
				done = append(done, c)
			}
		}
		for i := range need {
			need[i].Chain = chains[need[i].Mid]
		}
		need = append(need, clashing...)
		rank := map[string]int{MarkNeed: 0, markVoid: 1, MarkClash: 2}
		for _, g := range [][]Entry{need, transit, done} {
			slices.SortStableFunc(g, func(x, y Entry) int {
				return cmp.Or(cmp.Compare(rank[x.Mark], rank[y.Mark]), cmp.Compare(max(y.Acted, y.Settled), max(x.Acted, x.Settled)))
			})
		}
		out.Entries = slices.Concat(need, transit, done[:min(len(done), maxDone)])
		return out, nil
	})
}

// headsOf says of each held command behind which refused one it waits in the end,
// if that is still to be settled: a chain is one case.
func headsOf(items []engine.Item) map[string]string {
	need := map[string]engine.Item{}
	for _, x := range items {
		if x.NeedsYou {
			need[x.Mid] = x
		}
	}
	out := map[string]string{}
	for _, x := range items { // in the order given: what holds comes before what is held
		if !x.NeedsYou || x.State != engine.StateHeld {
			continue
		}
		for _, d := range x.Deps {
			if head, held := out[d]; held {
				out[x.Mid] = head
				break
			}
			if _, there := need[d]; there {
				out[x.Mid] = d
				break
			}
		}
	}
	return out
}

// groupOf is the group of an item; "" for one the person has ended.
func groupOf(x engine.Item) string {
	switch {
	case x.NeedsYou:
		return GroupNeed
	case x.State == engine.StateDiscarded, x.State == engine.StateDraft, x.Next != "":
		return ""
	case x.State == engine.StateQueued, x.State == engine.StateSent:
		return GroupTransit
	case x.Outcome == engine.StateApplied, x.Outcome == engine.StateNoop, x.Outcome == engine.StateConflict:
		return GroupDone
	}
	return ""
}

func (a *at) caseOf(ctx context.Context, names *book, x engine.Item, group string) (Entry, error) {
	ab, err := a.about(ctx, names, x)
	if err != nil {
		return Entry{}, err
	}
	name, _, _ := strings.Cut(x.Command, "@")
	args := parseArgs(x.Args)
	c := Entry{
		Mid: x.Mid, Group: group, State: x.State, Command: name, Title: ab.title, Document: ab.document,
		Record: ab.record, Step: ab.step, Code: string(x.Code), Message: x.Message, Field: x.Field,
		Acted: x.Claimed, Settled: x.At, Words: args.Words, Seen: x.Seen,
	}
	if c.Words == "" {
		c.Wrote = wrote(a.kinds, names, ab.kind, x.Args)
	}
	switch group {
	case GroupTransit:
		c.Mark = markOf(x)
		if x.Expect != nil {
			c.Code = string(x.Expect.Code)
		}
		return c, nil
	case GroupDone:
		c.Mark = markDone
		return c, nil
	}
	c.Mark = markVoid
	mine := ab.taskHere && ab.taskNow.State == approval.TaskOpen && ab.taskNow.Person == a.uid
	if mine {
		c.TaskRev = ab.taskNow.Rev
	}
	switch x.Code {
	case office.CodeStaleBody:
		c.Mark = MarkNeed
		if err := a.staleCase(ctx, names, &c, args, mine); err != nil {
			return c, err
		}
	case office.CodeDoneByOther, office.CodeTaskWithdrawn, office.CodeTaskTransferred, office.CodeEnded:
		if err := a.whoElse(ctx, names, &c, ab); err != nil {
			return c, err
		}
	}
	c.Choices = choices(x, c, mine)
	if c.Words != "" && strings.HasPrefix(x.Command, "approval.") && !strings.HasPrefix(x.Command, "approval.read@") {
		id, err := a.copyOf(ctx, c.Document)
		if err != nil {
			return c, err
		}
		if id != "" {
			c.Choices = slices.Insert(c.Choices, len(c.Choices)-1, ChoiceReading)
		}
	}
	return c, nil
}

// choices are what the person can do with a refused command.
func choices(x engine.Item, c Entry, mine bool) []string {
	var out []string
	switch {
	case x.Code == office.CodeStaleBody && mine:
		out = append(out, ChoiceSignNew, ChoiceEdit)
	case x.State == engine.StateHeld, x.State == engine.StateQuarantined,
		x.Code == office.CodeSuspended, !strings.HasPrefix(x.Command, "approval."):
		out = append(out, ChoiceResend)
	}
	if c.Words != "" {
		out = append(out, ChoiceCopy)
	}
	if c.Document != "" {
		out = append(out, ChoiceOpen)
	}
	if c.Words != "" || len(c.Wrote) > 0 {
		out = append(out, ChoiceTodo)
	}
	return append(out, ChoiceDiscard)
}

// staleCase fills in what changed since the person saw the text, and who
// changed it.
func (a *at) staleCase(ctx context.Context, names *book, c *Entry, args argsOf, mine bool) error {
	h, ok, err := get(ctx, a, document.Headers, c.Document)
	if err != nil || !ok {
		return err
	}
	c.RevNow = h.Value.Rev
	versions, err := list(ctx, a, document.Versions, office.Query{
		View: "document", Order: "rev", Where: []office.Cond{office.Where("root", c.Document)},
	})
	if err != nil {
		return err
	}
	var seen, now *document.Version
	for i := range versions {
		v := &versions[i].Value
		if v.Hash == args.Seen {
			seen = v
		}
		if now == nil || v.Rev >= now.Rev {
			now = v
		}
	}
	if now != nil {
		c.By, c.ByAt = names.name(now.Author), now.At
	}
	body, hasBody, err := get(ctx, a, document.Bodies, c.Document)
	if err != nil {
		return err
	}
	if seen == nil || !hasBody {
		return nil
	}
	c.RevSeen = seen.Rev
	files, err := a.filesOf(ctx, c.Document)
	if err != nil {
		return err
	}
	c.Diff = append(elementDiff(seen.Header, h.Value.Elements()), differences(seen.Blocks, body.Value.Blocks)...)
	c.Diff = append(c.Diff, fileDiff(seen.Files, files)...)
	if mine {
		c.SeenNow = document.ContentHash(h.Value.Elements(), body.Value.Blocks, files...)
	}
	return nil
}

// whoElse finds who acted before the person did, or took the paper away.
func (a *at) whoElse(ctx context.Context, names *book, c *Entry, ab about) error {
	if ab.instance == "" {
		return nil
	}
	events, err := children(ctx, a, approval.Events, ab.instance)
	if err != nil {
		return err
	}
	slices.SortFunc(events, func(x, y item[approval.Event]) int { return cmp.Compare(y.Value.N, x.Value.N) })
	for _, e := range events {
		v := e.Value
		if v.Who == a.uid || v.Who == office.System || v.Step != ab.taskNow.Step || v.Round != ab.taskNow.Round {
			continue
		}
		switch v.What {
		case approval.EventApprove, approval.EventReturn, approval.EventTakeBack, approval.EventTransfer:
		default:
			continue
		}
		c.By, c.ByAt = names.name(v.Who), v.Effective
		if v.Opinion != "" {
			o, ok, err := get(ctx, a, approval.Opinions, v.Opinion)
			if err != nil {
				return err
			}
			if ok {
				c.ByWords = o.Value.Words
			}
		}
		return nil
	}
	return nil
}

// clashCases are the open conflicts of this person, one case per record.
func (a *at) clashCases(ctx context.Context, names *book) ([]Entry, error) {
	open, err := list(ctx, a, office.Conflicts, office.Query{
		View: "mine", Order: "at",
		Where: []office.Cond{office.Where("actor", string(a.uid)), office.Where("state", office.ConflictOpen)},
	})
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var out []Entry
	for _, cf := range open {
		v := cf.Value
		key := v.Kind + "\x00" + v.ID
		i, ok := at[key]
		if !ok {
			c := Entry{
				Mid: "conflict-" + cf.ID, Group: GroupNeed, Mark: MarkClash, State: engine.StateConflict,
				Command: v.Kind, Title: v.Title, Record: v.ID, Code: string(office.NoteConflict), Acted: v.At,
				Choices: []string{ChoicePick},
			}
			if v.Kind == calendar.Events.Name {
				c.Choices = append(c.Choices, ChoiceBoth)
			}
			if v.Kind == document.Headers.Name || v.Kind == document.Bodies.Name {
				c.Document = v.ID
				c.Choices = append(c.Choices, ChoiceOpen)
			}
			if r, ok, err := a.desk.Get(ctx, v.Kind, v.ID); err != nil {
				return nil, err
			} else if ok && a.titleOf(r) != "" {
				c.Title = a.titleOf(r)
			}
			i = len(out)
			at[key] = i
			out = append(out, c)
		}
		out[i].Acted = max(out[i].Acted, v.At)
		mine, typ := shown(a.kinds, v.Kind, v.Field, v.Mine)
		theirs, other := shown(a.kinds, v.Kind, v.Field, v.Theirs)
		c := Clash{Conflict: cf.ID, Field: v.Field, Mine: mine, Theirs: theirs, Type: cmp.Or(typ, other, "text")}
		if c.Type == "text" || c.Type == "list" {
			c.MinePieces, c.TheirsPieces = pieces(mine, theirs)
		}
		out[i].Clashes = append(out[i].Clashes, c)
	}
	return out, nil
}

// shown is a kept value as text, and how to show it.
func shown(kinds *office.Kinds, kind, field string, raw json.RawMessage) (text, typ string) {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil || v == nil {
		return "", ""
	}
	switch x := v.(type) {
	case string:
		return x, "text"
	case bool:
		if x {
			return "1", "flag"
		}
		return "0", "flag"
	case []any:
		var parts []string
		for _, p := range x {
			s, ok := p.(string)
			if !ok {
				return string(raw), "json"
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, "、"), "list"
	case float64:
		if k := kinds.Get(kind); k != nil {
			if f, ok := k.Field(field); ok && f.Type == office.Time {
				return string(raw), "time"
			}
		}
		return string(raw), "text"
	}
	return string(raw), "json"
}

// Pick ends conflicts: mine is set once more, knowing theirs; theirs stays.
func (s *Outbox) Pick(picks []Pick) (Done, error) {
	return signedIn(s.core, "Outbox.Pick", func(ctx context.Context, a *at) (Done, error) {
		var last Done
		edits := map[string][]office.Change{}
		var order []string
		var kinds []string
		for _, p := range picks {
			cf, ok, err := get(ctx, a, office.Conflicts, p.Conflict)
			if err != nil {
				return last, err
			}
			if !ok {
				return last, &office.Error{Code: office.CodeNotFound, Field: office.Conflicts.Name, Message: p.Conflict}
			}
			if !p.Mine {
				if last, err = a.give(ctx, cf.Value.ID, &office.CloseConflict{ID: p.Conflict}); err != nil {
					return last, err
				}
				continue
			}
			if !slices.Contains(order, cf.Value.ID) {
				order, kinds = append(order, cf.Value.ID), append(kinds, cf.Value.Kind)
			}
			edits[cf.Value.ID] = append(edits[cf.Value.ID], office.Change{Field: cf.Value.Field, Old: cf.Value.Theirs, New: cf.Value.Mine})
		}
		for i, id := range order {
			cmd, err := a.editOf(ctx, kinds[i], id, edits[id])
			if err != nil {
				return last, err
			}
			if last, err = a.give(ctx, id, cmd); err != nil {
				return last, err
			}
		}
		return last, nil
	})
}

// KeepBoth ends conflicts about events by a second event with the person's side of
// them, one for each event; it gives how many it made. The first that cannot be
// made stops it.
func (s *Outbox) KeepBoth(conflicts []string) (int, error) {
	return signedIn(s.core, "Outbox.KeepBoth", func(ctx context.Context, a *at) (int, error) {
		if len(conflicts) == 0 || len(conflicts) > maxSettle {
			return 0, office.Invalid("conflicts", "1 to %d", maxSettle)
		}
		of := map[string][]string{}
		var order []string
		for _, id := range conflicts {
			cf, ok, err := get(ctx, a, office.Conflicts, id)
			if err != nil {
				return 0, err
			}
			if !ok {
				return 0, &office.Error{Code: office.CodeNotFound, Field: office.Conflicts.Name, Message: id}
			}
			if cf.Value.Kind != calendar.Events.Name {
				return 0, office.Invalid("conflicts", "%q are not kept twice", cf.Value.Kind)
			}
			if of[cf.Value.ID] == nil {
				order = append(order, cf.Value.ID)
			}
			of[cf.Value.ID] = append(of[cf.Value.ID], id)
		}
		for i, event := range order {
			id, err := a.newID()
			if err != nil {
				return i, err
			}
			if _, err := a.give(ctx, id, &calendar.KeepBoth{ID: id, Of: event, Conflicts: of[event]}); err != nil {
				return i, err
			}
		}
		return len(order), nil
	})
}

// editOf is the command that edits a record of a kind, with what it holds now as
// what was seen: the person has just looked at both values.
func (a *at) editOf(ctx context.Context, kind, id string, changes []office.Change) (office.Command, error) {
	r, ok, err := a.desk.Get(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &office.Error{Code: office.CodeNotFound, Field: kind, Message: id}
	}
	now, err := r.Fields()
	if err != nil {
		return nil, err
	}
	for i := range changes {
		changes[i].Old = now[changes[i].Field]
	}
	switch kind {
	case todo.Items.Name:
		return &todo.Edit{ID: id, Changes: changes}, nil
	case calendar.Events.Name:
		return &calendar.Edit{ID: id, Changes: bothEnds(changes, now)}, nil
	case contact.Cards.Name:
		return &contact.Edit{ID: id, Changes: changes}, nil
	case document.Headers.Name:
		return &document.Edit{ID: id, Changes: changes}, nil
	}
	return nil, office.Invalid("kind", "%q has no command that edits it", kind)
}

// bothEnds adds the end of a move that is not chosen, as it is.
func bothEnds(changes []office.Change, now map[string]json.RawMessage) []office.Change {
	has := func(f string) bool {
		return slices.ContainsFunc(changes, func(c office.Change) bool { return c.Field == f })
	}
	if has("start") && !has("end") {
		changes = append(changes, office.Change{Field: "end", Old: now["end"], New: now["end"]})
	} else if has("end") && !has("start") {
		changes = append(changes, office.Change{Field: "start", Old: now["start"], New: now["start"]})
	}
	return changes
}

// Resend gives a refused command again as it was.
func (s *Outbox) Resend(mid string) (Done, error) {
	return signedIn(s.core, "Outbox.Resend", func(ctx context.Context, a *at) (Done, error) {
		next, err := a.desk.Retry(ctx, mid)
		return Done{Mid: next}, err
	})
}

// SignNew gives a refused act again on the present text: seen is the hash of
// what the person has now looked at, rev their task's.
func (s *Outbox) SignNew(mid, seen string, rev int64, words string) (Done, error) {
	return signedIn(s.core, "Outbox.SignNew", func(ctx context.Context, a *at) (Done, error) {
		return a.again(ctx, mid, map[string]any{"seen_hash": seen, "task_rev": rev, "words": words})
	})
}

// again gives a refused command once more with some arguments changed.
func (a *at) again(ctx context.Context, mid string, set map[string]any) (Done, error) {
	x, ok, err := a.desk.Item(ctx, mid)
	if err != nil {
		return Done{}, err
	}
	if !ok {
		return Done{}, &office.Error{Code: office.CodeNotFound, Message: mid}
	}
	args := map[string]json.RawMessage{}
	if err := json.Unmarshal(x.Args, &args); err != nil {
		return Done{}, err
	}
	for k, v := range set {
		if args[k], err = json.Marshal(v); err != nil {
			return Done{}, err
		}
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return Done{}, err
	}
	next, err := a.desk.RetryWith(ctx, mid, raw)
	return Done{Mid: next}, err
}

// Discard gives a refused command up.
func (s *Outbox) Discard(mid string) error {
	return do(s.core, "Outbox.Discard", func(ctx context.Context, a *at) error {
		return a.desk.Discard(ctx, mid)
	})
}

// MarkSeen notes that the person has looked at items: the badge goes.
func (s *Outbox) MarkSeen(mids []string) error {
	return do(s.core, "Outbox.MarkSeen", func(ctx context.Context, a *at) error {
		mids = slices.DeleteFunc(slices.Clone(mids), func(m string) bool { return strings.HasPrefix(m, "conflict-") })
		if len(mids) == 0 {
			return nil
		}
		return a.desk.MarkSeen(ctx, mids...)
	})
}
