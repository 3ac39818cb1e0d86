package bridge

import (
	"context"
	"errors"
	"slices"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// CodeNotHere says that a paper is not on this desk, or not for this person, and
// that the server, which would know, cannot be asked now.
const CodeNotHere office.Code = "not_here"

// away is a desk for one paper that does not live here: what belongs to the
// paper is read on line, as the person may see it there now, all else is what
// the desk has. Nothing that is read stays.
type away struct {
	Desk
	paper office.Record
	flow  string // its instance
}

// ofPapers are the kinds that are read on line for a paper.
var ofPapers = []string{
	document.Headers.Name, document.Bodies.Name, document.Attachments.Name, document.Versions.Name,
	approval.Instances.Name, approval.Definitions.Name, approval.Tasks.Name, approval.Opinions.Name, approval.Events.Name, approval.Copies.Name,
}

// reach answers a desk on which a paper can be read: this one, or, if the paper
// does not live here and the server answers, one that reads it on line; online
// tells which. CodeNotHere if the server cannot be asked, CodeNotFound if it does
// not know the paper or not for this person.
func (a *at) reach(ctx context.Context, id string) (on *at, online bool, err error) {
	if _, ok, err := a.desk.Get(ctx, document.Headers.Name, id); err != nil || ok {
		return a, false, err
	}
	if office.CheckID("id", id) != nil {
		return a, false, &office.Error{Code: office.CodeNotFound, Field: document.Headers.Name, Message: id}
	}
	if st := a.desk.Status(); !st.Online {
		return a, false, &office.Error{Code: CodeNotHere, Field: document.Headers.Name, Message: id}
	}
	rs, err := a.desk.GetOnline(ctx, document.Headers.Name, id)
	var known *office.Error
	switch {
	case errors.As(err, &known) && known.Code == engine.CodeTerm:
		return a, false, err
	case err != nil:
		a.log.Debug("a paper is not here", "paper", id, "code", office.CodeOf(err))
		return a, false, &office.Error{Code: CodeNotHere, Field: document.Headers.Name, Message: id}
	case len(rs) == 0:
		return a, false, &office.Error{Code: office.CodeNotFound, Field: document.Headers.Name, Message: id}
	}
	var h document.Header
	if err := rs[0].Decode(&h); err != nil {
		return a, false, err
	}
	a.core.far.Store(farKey{a.uid, id}, farTitle{h.Title, h.Direction})
	far := *a
	far.desk = &away{Desk: a.desk, paper: rs[0], flow: h.Flow}
	return &far, true, nil
}

// farKey and farTitle are how a tab shows a paper that was read on line, for as
// long as the program runs.
type (
	farKey struct {
		uid office.UserID
		id  string
	}
	farTitle struct{ title, kind string }
)

// farTitle is the title of a paper that is not here, if it was read on line or can
// be now; a paper that the server does not give is asked for once.
func (a *at) farTitle(ctx context.Context, id string) farTitle {
	key := farKey{a.uid, id}
	if x, ok := a.core.far.Load(key); ok {
		return x.(farTitle)
	}
	_, _, err := a.reach(ctx, id)
	if errors.Is(err, &office.Error{Code: office.CodeNotFound}) {
		a.core.far.Store(key, farTitle{})
	}
	x, _ := a.core.far.Load(key)
	t, _ := x.(farTitle)
	return t
}

// Get reads a record of the desk, or of the paper from the server.
func (d *away) Get(ctx context.Context, kind, id string) (office.Record, bool, error) {
	if kind == d.paper.Kind && id == d.paper.ID {
		return d.paper, true, nil
	}
	r, ok, err := d.Desk.Get(ctx, kind, id)
	if err != nil || ok || !slices.Contains(ofPapers, kind) {
		return r, ok, err
	}
	rs, err := d.Desk.GetOnline(ctx, kind, id)
	if err != nil || len(rs) == 0 {
		return r, false, err
	}
	return rs[0], true, nil
}

// Children reads those of the paper and its flow from the server.
func (d *away) Children(ctx context.Context, kind, root string) ([]office.Record, error) {
	if root == d.paper.ID || root == d.flow && root != "" {
		return d.Desk.ChildrenOnline(ctx, kind, root)
	}
	return d.Desk.Children(ctx, kind, root)
}

// awayPage is how many records one reading asks for.
const awayPage = 200

// List reads lists of the paper from the server, to the query's limit.
func (d *away) List(ctx context.Context, q office.Query) ([]office.Record, error) {
	about := slices.ContainsFunc(q.Where, func(w office.Cond) bool {
		return (w.Field == "root" || w.Field == "subject") && (w.Value == d.paper.ID || w.Value == d.flow)
	})
	if !about || !slices.Contains(ofPapers, q.Kind) {
		return d.Desk.List(ctx, q)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = office.MaxLimit
	}
	q.Limit = min(limit, awayPage)
	var out []office.Record
	for {
		rs, next, err := d.Desk.ReadOnline(ctx, q)
		if err != nil {
			return nil, err
		}
		if out = append(out, rs...); next == "" || len(out) >= limit {
			return out[:min(len(out), limit)], nil
		}
		q.After = next
	}
}
