package bridge

import (
	"cmp"
	"context"
	"slices"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Documents are the papers: lists, the page, drafts.
type Documents struct{ core *core }

// Queues of a document list.
const (
	QueueMine    = "mine"
	QueueRunning = "running"
	QueueDraft   = "draft"
	QueueDone    = "done"
	QueueLate    = "late"
	QueueAll     = "all"
)

const pageSize = 60

// List is one page of a list.
func (s *Documents) List(q ListQuery) (DocumentList, error) {
	return signedIn(s.core, "Documents.List", func(ctx context.Context, a *at) (DocumentList, error) {
		if !slices.Contains([]string{document.Outgoing, document.Incoming, document.Internal}, q.Kind) {
			return DocumentList{}, office.Invalid("kind", "%q", q.Kind)
		}
		names := a.names(ctx)
		m, err := a.paperMarks(ctx)
		if err != nil {
			return DocumentList{}, err
		}
		var out DocumentList
		mine, err := a.papersInHand(ctx, q.Kind)
		if err != nil {
			return out, err
		}
		late, err := list(ctx, a, document.Headers, a.lateQuery(q.Kind))
		if err != nil {
			return out, err
		}
		out.Mine, out.Late = len(mine), len(late)
		rows := mine
		if q.Queue != QueueMine {
			query, err := a.listQuery(q)
			if err != nil {
				return out, err
			}
			if rows, err = first(ctx, a, document.Headers, query); err != nil {
				return out, err
			}
			if len(rows) == query.Limit {
				query.Kind = document.Headers.Name
				if out.Next, err = a.kinds.KeyOf(query, rows[len(rows)-1].Record); err != nil {
					return out, err
				}
			}
		}
		inHand := map[string]bool{}
		for _, h := range mine {
			inHand[h.ID] = true
		}
		for _, h := range rows {
			r := a.documentRow(names, h, m)
			r.Mine = inHand[h.ID]
			out.Rows = append(out.Rows, r)
		}
		return out, nil
	})
}

func (a *at) lateQuery(kind string) office.Query {
	return office.Query{View: "direction", Order: "flow_due", Where: []office.Cond{
		office.Where("direction", kind),
		{Field: "flow_state", Op: office.In, Value: []string{document.Running, document.Returned}},
		{Field: "flow_due", Op: office.Gt, Value: 0},
		{Field: "flow_due", Op: office.Lt, Value: office.Millis(a.now)},
	}}
}

func (a *at) listQuery(q ListQuery) (office.Query, error) {
	orders := map[string]string{"": "updated", "updated": "updated", "title": "title", "number": "number", "received": "received"}
	order, ok := orders[q.Order]
	if !ok {
		return office.Query{}, office.Invalid("order", "%q", q.Order)
	}
	if q.Limit <= 0 || q.Limit > office.MaxLimit {
		q.Limit = pageSize
	}
	out := office.Query{View: "direction", Order: order, Desc: q.Desc || q.Order == "", After: q.After, Limit: q.Limit}
	out.Where = []office.Cond{office.Where("direction", q.Kind)}
	switch q.Queue {
	case QueueRunning:
		out.Where = append(out.Where, office.Cond{Field: "flow_state", Op: office.In, Value: []string{document.Running, document.Returned}})
	case QueueDraft:
		out.Where = append(out.Where, office.Where("flow_state", document.Draft))
	case QueueDone:
		out.Where = append(out.Where, office.Where("flow_state", document.Done))
	case QueueLate:
		late := a.lateQuery(q.Kind)
		late.Limit, late.After = q.Limit, q.After
		return late, nil
	case QueueAll:
	default:
		return office.Query{}, office.Invalid("queue", "%q", q.Queue)
	}
	return out, nil
}

// papersInHand are the papers of a kind with an open task of this person, by
// due time.
func (a *at) papersInHand(ctx context.Context, kind string) ([]item[document.Header], error) {
	tasks, err := list(ctx, a, approval.Tasks, a.openTasks())
	if err != nil {
		return nil, err
	}
	var out []item[document.Header]
	seen := map[string]bool{}
	for _, t := range tasks {
		if seen[t.Value.Subject] || t.Value.SubjectKind != document.Headers.Name {
			continue
		}
		seen[t.Value.Subject] = true
		h, ok, err := get(ctx, a, document.Headers, t.Value.Subject)
		if err != nil {
			return nil, err
		}
		if ok && h.Value.Direction == kind {
			out = append(out, h)
		}
	}
	return out, nil
}

// paperMarks are the marks of papers: of their own commands and of acts on them.
func (a *at) paperMarks(ctx context.Context) (marks, error) {
	m, err := a.marks(ctx, document.Headers.Name)
	if err != nil {
		return m, err
	}
	items, err := a.desk.Outbox(ctx, engine.Filter{})
	if err != nil {
		return m, err
	}
	m.needs = map[string]bool{}
	for _, x := range items {
		args := parseArgs(x.Args)
		id := cmp.Or(args.Subject, args.ID)
		if x.NeedsYou {
			m.needs[id] = true
		}
		if x.Waiting && !slices.Contains(m.waiting[id], x.Mid) {
			m.waiting[id] = append(m.waiting[id], x.Mid)
		}
	}
	return m, nil
}

func (a *at) documentRow(names *book, h item[document.Header], m marks) DocumentRow {
	v := h.Value
	r := DocumentRow{
		ID: h.ID, Kind: v.Direction, Title: v.Title, Number: v.Number, Unit: source(names, v),
		Urgency: v.Urgency, Handling: v.Handling, State: v.FlowState, Step: v.FlowStep,
		Holders: names.list(v.FlowHolders), Due: v.FlowDue, Updated: v.Updated, Mark: m.of(h.ID),
		Mine: slices.Contains(v.FlowHolders, a.uid),
	}
	if v.Direction == document.Incoming {
		r.Number, r.Register = v.FromNumber, v.Number
		r.Updated = cmp.Or(v.Received, v.Updated)
	}
	return r
}

// Series are the number series of a kind of paper, for a choice.
func (s *Documents) Series(kind string) ([]FlowChoice, error) {
	return signedIn(s.core, "Documents.Series", func(ctx context.Context, a *at) ([]FlowChoice, error) {
		rows, err := list(ctx, a, document.AllSeries, office.Query{
			View: "all", Order: "order", Where: []office.Cond{office.Where("direction", kind)},
		})
		if err != nil {
			return nil, err
		}
		var out []FlowChoice
		for _, r := range rows {
			out = append(out, FlowChoice{ID: r.ID, Name: r.Value.Code})
		}
		return out, nil
	})
}

// Genres are the 文种, or with internal the kinds of internal paper.
func (s *Documents) Genres(internal bool) ([]string, error) {
	return call(s.core, "Documents.Genres", func(context.Context) ([]string, error) {
		if internal {
			return slices.Clone(document.InternalGenres), nil
		}
		return slices.Clone(document.Genres), nil
	})
}
