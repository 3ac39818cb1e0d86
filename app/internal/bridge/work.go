package bridge

import (
	"cmp"
	"context"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Limits of what a workbench lists; the rest is one click away.
const (
	maxUnitRows = 60
	maxMyDrafts = 20
)

// Work is what heads of units and clerks see besides the piles.
func (s *Approvals) Work() (Work, error) {
	return signedIn(s.core, "Approvals.Work", func(ctx context.Context, a *at) (Work, error) {
		var w Work
		names := a.names(ctx)
		m, err := a.paperMarks(ctx)
		if err != nil {
			return w, err
		}
		me, _, err := names.official(a.uid)
		if err != nil {
			return w, err
		}
		heads, err := names.headed(a.uid, me)
		if err != nil {
			return w, err
		}
		if len(heads) > 0 {
			if err := a.unitWork(ctx, names, m, heads, &w); err != nil {
				return w, err
			}
		}
		if w.Queues, err = a.queues(ctx); err != nil {
			return w, err
		}
		mine, err := first(ctx, a, document.Headers, office.Query{View: "mine", Order: "updated", Desc: true, Limit: maxMyDrafts, Where: []office.Cond{
			office.Where("drafter", string(a.uid)),
			{Field: "flow_state", Op: office.In, Value: []string{document.Draft, document.Returned}},
		}})
		if err != nil {
			return w, err
		}
		for _, h := range mine {
			w.Drafts = append(w.Drafts, a.documentRow(names, h, m))
		}
		return w, nil
	})
}

// unitWork are the papers under way of the units a person answers for.
func (a *at) unitWork(ctx context.Context, names *book, m marks, heads []string, w *Work) error {
	now := office.Millis(a.now)
	held := map[office.UserID]*HolderCount{}
	var rows []item[document.Header]
	for i, unit := range heads {
		if i > 0 {
			w.Unit += "、"
		}
		w.Unit += names.unit(unit)
		hs, err := list(ctx, a, document.Headers, office.Query{View: "all", Order: "updated", Desc: true, Where: []office.Cond{
			office.Where("unit", unit),
			{Field: "flow_state", Op: office.In, Value: []string{document.Running, document.Returned}},
		}})
		if err != nil {
			return err
		}
		rows = append(rows, hs...)
	}
	slices.SortStableFunc(rows, func(x, y item[document.Header]) int {
		return cmp.Compare(dueOrder(x.Value.FlowDue), dueOrder(y.Value.FlowDue))
	})
	w.Total = len(rows)
	for _, h := range rows {
		late := h.Value.FlowDue > 0 && h.Value.FlowDue < now
		row := a.documentRow(names, h, m)
		row.Updated = h.Value.Updated
		if late && len(w.Late) < maxUnitRows {
			w.Late = append(w.Late, row)
		}
		if len(w.Running) < maxUnitRows {
			w.Running = append(w.Running, row)
		}
		for _, u := range h.Value.FlowHolders {
			c := held[u]
			if c == nil {
				c = &HolderCount{Name: names.name(u), Unit: names.unitOf(u)}
				held[u] = c
			}
			c.N++
			c.Late += boolInt(late)
		}
	}
	for _, c := range held {
		w.Holders = append(w.Holders, *c)
	}
	slices.SortFunc(w.Holders, func(x, y HolderCount) int {
		return cmp.Or(cmp.Compare(y.Late, x.Late), cmp.Compare(y.N, x.N), cmp.Compare(x.Name, y.Name))
	})
	return nil
}

// dueOrder puts what has no limit last.
func dueOrder(due int64) int64 {
	if due == 0 {
		return 1 << 62
	}
	return due
}

// queues are the person's open tasks by kind of paper and step, in the order of
// the kinds, the fullest step first.
func (a *at) queues(ctx context.Context) ([]Queue, error) {
	tasks, err := list(ctx, a, approval.Tasks, a.openTasks())
	if err != nil {
		return nil, err
	}
	now := office.Millis(a.now)
	_, tomorrow, _ := a.days()
	by := map[[2]string]*Queue{}
	for _, t := range tasks {
		v := t.Value
		h, ok, err := get(ctx, a, document.Headers, v.Subject)
		if err != nil {
			return nil, err
		}
		kind := ""
		if ok {
			kind = h.Value.Direction
		}
		q := by[[2]string{kind, v.StepName}]
		if q == nil {
			q = &Queue{Kind: kind, Step: v.StepName}
			by[[2]string{kind, v.StepName}] = q
		}
		q.N++
		switch {
		case v.Due > 0 && v.Due < now:
			q.Late++
		case v.Due > 0 && v.Due < tomorrow:
			q.Today++
		}
	}
	kinds := []string{document.Incoming, document.Outgoing, document.Internal, ""}
	var out []Queue
	for _, q := range by {
		out = append(out, *q)
	}
	slices.SortFunc(out, func(x, y Queue) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, x.Kind), slices.Index(kinds, y.Kind)), cmp.Compare(y.N, x.N), cmp.Compare(x.Step, y.Step))
	})
	return out, nil
}
