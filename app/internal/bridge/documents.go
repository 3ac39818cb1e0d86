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

// paperMarks are the marks of papers: of their own commands and of acts on them.
func (a *at) paperMarks(ctx context.Context) (marks, error) {
	m, err := a.marks(ctx, document.Headers.Name)
	if err != nil {
		return m, err
	}
	items, err := a.given(ctx, engine.Filter{})
	if err != nil {
		return m, err
	}
	sent, err := list(ctx, a, approval.Copies, office.Query{View: "sent", Where: []office.Cond{
		office.Where("from", string(a.uid)), office.Where("state", approval.CopyUnread),
	}})
	if err != nil {
		return m, err
	}
	m.needs, m.reading = map[string]bool{}, map[string]int{}
	for _, c := range sent {
		if c.Value.Sort == "" { // neither 知会 nor 撤销通知
			m.reading[c.Value.Subject]++
		}
	}
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
