package bridge

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/document"
)

// Queues of a document list.
const (
	QueueMine    = "mine"
	QueueRunning = "running"
	QueueDraft   = "draft"
	QueueDone    = "done"
	QueueLate    = "late"
	QueueAll     = "all"
)

const (
	pageSize   = 60
	maxFound   = 200 // papers that one search by text lists
	maxChoices = 200 // values offered by one filter
	maxValues  = 100 // values chosen in one filter
)

// listOrders are the orders of a list and the fields behind them.
var listOrders = map[string]string{
	"": "updated", "updated": "updated", "created": "created", "due": "flow_due", "number": "number", "title": "title",
	"from": "from", "fromNumber": "from_number", "unit": "unit", "urgency": "urgency", "genre": "genre", "step": "flow_step",
	"received": "received", "handling": "handling", "level": "level", "drafter": "reading", "holder": "flow_holder",
}

// listStates are the states of a filter and the values behind them.
var listStates = map[string]string{
	"draft": document.Draft, "running": document.Running, "returned": document.Returned, "done": document.Done,
	"rejected": document.Rejected, "stopped": document.Stopped,
}

// What may be done with a row of a list.
const (
	rowSign      = "sign"
	rowStart     = "start"
	rowCirculate = "circulate"
	rowDrop      = "drop"
)

// check holds a query against the lists of what it may say; the answer is its
// conditions.
func (q ListQuery) check() ([]office.Cond, error) {
	if !slices.Contains([]string{document.Outgoing, document.Incoming, document.Internal}, q.Kind) {
		return nil, office.Invalid("kind", "%q", q.Kind)
	}
	if _, ok := listOrders[q.Order]; !ok {
		return nil, office.Invalid("order", "%q", q.Order)
	}
	if !slices.Contains([]string{"", QueueMine, QueueRunning, QueueDraft, QueueDone, QueueLate, QueueAll}, q.Queue) {
		return nil, office.Invalid("queue", "%q", q.Queue)
	}
	f := q.Filter
	where := []office.Cond{office.Where("direction", q.Kind)}
	in := func(field string, values []string) {
		if len(values) > 0 {
			where = append(where, office.Cond{Field: field, Op: office.In, Value: values})
		}
	}
	for _, l := range [][]string{f.States, f.Steps, f.Units, f.From, f.Urgency, f.Genres, f.Holders, f.Drafters, f.Handling} {
		if len(l) > maxValues {
			return nil, office.Invalid("filter", "at most %d values", maxValues)
		}
	}
	var states []string
	for _, s := range f.States {
		v, ok := listStates[s]
		if !ok {
			return nil, office.Invalid("states", "%q", s)
		}
		states = append(states, v)
	}
	in("flow_stand", states)
	if len(f.Holders) > 0 {
		where = append(where, office.Cond{Field: "flow_holders", Op: office.Has, Value: f.Holders})
	}
	in("drafter", f.Drafters)
	in("flow_step", f.Steps)
	in("unit", f.Units)
	in("from", f.From)
	in("urgency", f.Urgency)
	in("genre", f.Genres)
	in("handling", f.Handling)
	day := "created"
	if q.Kind == document.Incoming {
		day = "received"
	}
	if f.Since != 0 {
		where = append(where, office.Cond{Field: day, Op: office.Ge, Value: f.Since})
	}
	if f.Before != 0 {
		where = append(where, office.Cond{Field: day, Op: office.Lt, Value: f.Before})
	}
	switch q.Queue {
	case QueueRunning:
		in("flow_state", []string{document.Running, document.Returned})
	case QueueDraft:
		where = append(where, office.Where("flow_state", document.Draft))
	case QueueDone:
		where = append(where, office.Where("flow_state", document.Done))
	}
	return where, nil
}

// late are the conditions of what is past its time at now.
func late(now time.Time) []office.Cond {
	return []office.Cond{
		{Field: "flow_state", Op: office.In, Value: []string{document.Running, document.Returned}},
		{Field: "flow_due", Op: office.Gt, Value: 0},
		{Field: "flow_due", Op: office.Lt, Value: office.Millis(now)},
	}
}

// segment is a part of a list with an order of its own.
type segment struct {
	group string // of due times, "" for the only one
	query office.Query
	n     int
}

// List is one part of a list. A list is cut by declared fields and sorted by
// the database; only what the person has in hand, or what a text finds, is
// first gathered and then sorted here: both are short.
func (s *Documents) List(q ListQuery) (DocumentList, error) {
	return signedIn(s.core, "Documents.List", func(ctx context.Context, a *at) (DocumentList, error) { return a.list(ctx, q) })
}

func (a *at) list(ctx context.Context, q ListQuery) (DocumentList, error) {
	var out DocumentList
	where, err := q.check()
	if err != nil {
		return out, err
	}
	if q.Queue == QueueLate || q.Filter.Late {
		where = append(where, late(a.now)...)
	}
	if q.Limit <= 0 || q.Limit > office.MaxLimit {
		q.Limit = pageSize
	}
	q.Skip = max(q.Skip, 0)
	tasks, err := a.taskOf(ctx)
	if err != nil {
		return out, err
	}
	if q.Count {
		if err := a.countTabs(ctx, q.Kind, tasks, &out); err != nil {
			return out, err
		}
	}
	var rows []item[document.Header]
	if text := strings.TrimSpace(q.Filter.Text); text != "" || q.Queue == QueueMine || q.Filter.Mine {
		rows, err = a.gathered(ctx, q, where, tasks, text, &out)
	} else {
		rows, err = a.listed(ctx, q, where, &out)
	}
	if err != nil {
		return out, err
	}
	names := a.names(ctx)
	m, err := a.paperMarks(ctx)
	if err != nil {
		return out, err
	}
	for _, h := range rows {
		out.Rows = append(out.Rows, a.listRow(names, h, m, tasks))
	}
	return out, nil
}

// countTabs fills the numbers beside the queues.
func (a *at) countTabs(ctx context.Context, kind string, tasks map[string]item[approval.Task], out *DocumentList) error {
	for id := range tasks {
		h, ok, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return err
		}
		if ok && h.Value.Direction == kind {
			out.Mine++
		}
	}
	var err error
	out.Late, err = a.desk.Count(ctx, office.Query{
		Kind: document.Headers.Name, View: "direction", Where: append(late(a.now), office.Where("direction", kind)),
	})
	return err
}

// taskOf are the person's open tasks by the paper they are about, the most
// pressing one of each.
func (a *at) taskOf(ctx context.Context) (map[string]item[approval.Task], error) {
	tasks, err := list(ctx, a, approval.Tasks, a.openTasks())
	if err != nil {
		return nil, err
	}
	out := map[string]item[approval.Task]{}
	for _, t := range tasks {
		if _, had := out[t.Value.Subject]; !had && t.Value.SubjectKind == document.Headers.Name {
			out[t.Value.Subject] = t
		}
	}
	return out, nil
}

// segments are the parts of a list: by due time what is late, due today, this
// week and later, with what has no time always last; otherwise one.
func (a *at) segments(q ListQuery, where []office.Cond) []segment {
	order := listOrders[q.Order]
	base := office.Query{Kind: document.Headers.Name, View: "direction", Where: where, Order: order, Desc: q.Desc}
	if order == "updated" && q.Kind == document.Incoming {
		base.Order = "received" // what the column shows
	}
	if order != "flow_due" {
		return []segment{{query: base}}
	}
	_, tomorrow, _ := a.days()
	now, monday := office.Millis(a.now), max(a.nextMonday(), tomorrow)
	part := func(group string, from, to int64) segment {
		s := segment{group: group, query: base}
		s.query.Where = append(slices.Clone(where), office.Cond{Field: "flow_due", Op: office.Ge, Value: from}, office.Cond{Field: "flow_due", Op: office.Lt, Value: to})
		return s
	}
	out := []segment{part("late", 1, now), part("today", now, tomorrow), part("week", tomorrow, monday), part("later", monday, office.MaxTime)}
	if q.Desc {
		slices.Reverse(out)
	}
	return append(out, part("none", 0, 1))
}

// nextMonday is the midnight that ends this week.
func (a *at) nextMonday() int64 {
	t := a.now.In(calendar.Zone)
	ahead := (int(time.Monday)-int(t.Weekday())+6)%7 + 1
	y, m, d := t.Date()
	return office.Millis(time.Date(y, m, d+ahead, 0, 0, 0, 0, calendar.Zone))
}

// listed is a part of a list that the database cuts and sorts.
func (a *at) listed(ctx context.Context, q ListQuery, where []office.Cond, out *DocumentList) ([]item[document.Header], error) {
	parts := a.segments(q, where)
	if len(parts) == 1 {
		p := parts[0].query
		if q.Count {
			var err error
			if out.Total, err = a.desk.Count(ctx, p); err != nil {
				return nil, err
			}
		}
		p.After, p.Skip, p.Limit = q.After, q.Skip, q.Limit
		rows, err := first(ctx, a, document.Headers, p)
		if err != nil || len(rows) < p.Limit {
			return rows, err
		}
		out.Next, err = a.kinds.KeyOf(p, rows[len(rows)-1].Record)
		return rows, err
	}
	var rows []item[document.Header]
	skip := q.Skip
	for _, p := range parts {
		n, err := a.desk.Count(ctx, p.query)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out.Total += n
			out.Groups = append(out.Groups, DueCount{Group: p.group, N: n})
		}
		if skip >= n || len(rows) >= q.Limit {
			skip = max(0, skip-n)
			continue
		}
		p.query.Skip, p.query.Limit = skip, q.Limit-len(rows)
		skip = 0
		more, err := first(ctx, a, document.Headers, p.query)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// gathered is a part of a list that is first collected: the papers in hand, or
// those that a text finds, as far as the conditions hold.
func (a *at) gathered(ctx context.Context, q ListQuery, where []office.Cond, tasks map[string]item[approval.Task], text string, out *DocumentList) ([]item[document.Header], error) {
	ids, err := a.gather(ctx, q, tasks, text, out)
	if err != nil {
		return nil, err
	}
	var rows []item[document.Header]
	parts := a.segments(q, where)
	for _, p := range parts {
		c, err := a.kinds.Check(p.query)
		if err != nil {
			return nil, err
		}
		var some []sortable
		for _, id := range ids {
			h, ok, err := get(ctx, a, document.Headers, id)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			x, ok, err := c2row(c, h)
			if err != nil {
				return nil, err
			}
			if ok {
				some = append(some, x)
			}
		}
		slices.SortFunc(some, func(x, y sortable) int {
			n := cmp.Or(office.CompareColumns(x.by, y.by), strings.Compare(x.row.ID, y.row.ID))
			if q.Desc {
				return -n
			}
			return n
		})
		if p.group != "" && len(some) > 0 {
			out.Groups = append(out.Groups, DueCount{Group: p.group, N: len(some)})
		}
		for _, x := range some {
			rows = append(rows, x.row)
		}
	}
	out.Total = len(rows)
	rows = rows[min(q.Skip, len(rows)):]
	return rows[:min(q.Limit, len(rows))], nil
}

// gather are the ids of the papers meant, each once.
func (a *at) gather(ctx context.Context, q ListQuery, tasks map[string]item[approval.Task], text string, out *DocumentList) ([]string, error) {
	var ids []string
	if text == "" {
		for id := range tasks {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		return ids, nil
	}
	hits, err := a.desk.Search(ctx, text, maxFound)
	if err != nil {
		return nil, err
	}
	out.Cut = len(hits) == maxFound
	seen := map[string]bool{}
	for _, h := range hits {
		id := h.ID
		switch h.Kind {
		case document.Headers.Name:
		case document.Bodies.Name:
			id = h.Root
		default:
			continue
		}
		_, mine := tasks[id]
		if seen[id] || !mine && (q.Queue == QueueMine || q.Filter.Mine) {
			continue
		}
		seen[id] = true
		ids = append(ids, id)
	}
	return ids, nil
}

// sortable is a row with the value it is sorted by.
type sortable struct {
	row item[document.Header]
	by  any
}

// c2row holds a paper against the conditions of a checked query.
func c2row(c office.Checked, h item[document.Header]) (sortable, bool, error) {
	vals, err := office.Columns(c.Kind, h.Record)
	if err != nil {
		return sortable{}, false, err
	}
	if !office.Meets(c.Kind, h.Root, vals, c.Where) {
		return sortable{}, false, nil
	}
	return sortable{row: h, by: office.Value(c.Kind, h.Root, vals, c.Order)}, true, nil
}

func (a *at) documentRow(names *book, h item[document.Header], m marks) DocumentRow {
	v := h.Value
	r := DocumentRow{
		ID: h.ID, Kind: v.Direction, Title: v.Title, Number: v.Number, Unit: source(names, v), Genre: v.Genre, Level: v.Level,
		Urgency: v.Urgency, Handling: v.Handling, State: v.FlowState, Step: v.FlowStep, Drafter: names.name(v.Drafter),
		Holders: names.list(v.FlowHolders), Due: v.FlowDue, Created: v.Created, Updated: v.Updated, Mark: m.of(h.ID),
		Mine: slices.Contains(v.FlowHolders, a.uid), Reading: m.reading[h.ID], Ending: ending(v),
	}
	if v.Direction == document.Incoming {
		r.Number, r.Register = v.FromNumber, v.Number
		r.Updated = cmp.Or(v.Received, v.Updated)
	}
	return r
}

// ending is how the flow of a paper ended, "" for any other end than 办结.
func ending(h document.Header) string {
	if h.FlowStand == document.Rejected || h.FlowStand == document.Stopped {
		return h.FlowStand
	}
	return ""
}

// listRow is a row with what this person may do with it from the list.
func (a *at) listRow(names *book, h item[document.Header], m marks, tasks map[string]item[approval.Task]) DocumentRow {
	r := a.documentRow(names, h, m)
	t, mine := tasks[h.ID]
	if r.Mine = mine; mine {
		r.Task = t.ID
		if slices.Contains(t.Value.Acts, approval.ActApprove) {
			r.Acts = append(r.Acts, rowSign)
		}
	}
	v := h.Value
	if v.Drafter == a.uid && v.FlowState == document.Draft && v.Flow == "" {
		r.Acts = append(r.Acts, rowStart)
		if v.NumberState == document.NumberNone {
			r.Acts = append(r.Acts, rowDrop)
		}
	}
	if v.Flow != "" || v.Drafter == a.uid {
		r.Acts = append(r.Acts, rowCirculate)
	}
	return r
}

// Choices are the values that occur in a list, for its filters.
func (s *Documents) Choices(kind string) (ListChoices, error) {
	return signedIn(s.core, "Documents.Choices", func(ctx context.Context, a *at) (ListChoices, error) {
		var out ListChoices
		if _, err := (ListQuery{Kind: kind}).check(); err != nil {
			return out, err
		}
		var units []string
		for _, x := range []struct {
			field string
			into  *[]string
		}{{"from", &out.From}, {"unit", &units}, {"flow_step", &out.Steps}, {"genre", &out.Genres}} {
			var err error
			if *x.into, err = a.distinct(ctx, kind, x.field); err != nil {
				return out, err
			}
		}
		names := a.names(ctx)
		for _, id := range units {
			out.Units = append(out.Units, FlowChoice{ID: id, Name: names.unit(id)})
		}
		return out, nil
	})
}

// distinct hops along an index from value to value: as many steps as there are
// values, however many papers there are.
func (a *at) distinct(ctx context.Context, kind, field string) ([]string, error) {
	var out []string
	for last := ""; len(out) < maxChoices; last = out[len(out)-1] {
		rows, err := a.desk.List(ctx, office.Query{
			Kind: document.Headers.Name, View: "direction", Order: field, Limit: 1,
			Where: []office.Cond{office.Where("direction", kind), {Field: field, Op: office.Gt, Value: last}},
		})
		if err != nil || len(rows) == 0 {
			return out, err
		}
		var h map[string]any
		if err := rows[0].Decode(&h); err != nil {
			return out, err
		}
		v, _ := h[field].(string)
		if v == "" || v == last {
			return out, nil
		}
		out = append(out, v)
	}
	return out, nil
}
