package engine

import (
	"context"

	"qianshao/syncserver/office"
)

// Get reads one record as this desk shows it: the server's word with the
// effects of waiting commands on top.
func (e *Engine) Get(ctx context.Context, kind, id string) (office.Record, bool, error) {
	if err := e.barred(); err != nil {
		return office.Record{}, false, err
	}
	return e.rep.Get(ctx, kind, id)
}

// List reads one page of a declared view. What the view does not declare is
// CodeInvalid.
func (e *Engine) List(ctx context.Context, q office.Query) ([]office.Record, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	return e.rep.List(ctx, q)
}

// Count counts the records of a declared view that meet the query's conditions.
func (e *Engine) Count(ctx context.Context, q office.Query) (int, error) {
	if err := e.barred(); err != nil {
		return 0, err
	}
	return e.rep.Count(ctx, q)
}

// Children reads the records of a child kind under one root, ordered by id.
func (e *Engine) Children(ctx context.Context, kind, root string) ([]office.Record, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	return e.rep.Children(ctx, kind, root)
}

// Search finds the records in whose text all the words occur, the latest
// changed first; at most limit, and never more than 200.
func (e *Engine) Search(ctx context.Context, text string, limit int) ([]Hit, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	hs, err := e.rep.Search(ctx, text, limit)
	out := make([]Hit, len(hs))
	for i, h := range hs {
		out[i] = Hit{Kind: h.Kind, ID: h.ID, Root: h.Root, Title: h.Title}
	}
	return out, err
}

// Base are all records of these kinds as the server last said, ordered by kind
// and id; without a kind those of all kinds. For diagnosis and tests.
func (e *Engine) Base(ctx context.Context, kinds ...string) ([]office.Record, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	return e.rep.Base(ctx, kinds...)
}

// Visible are all records of these kinds as this desk shows them, ordered by kind
// and id; without a kind those of all kinds. For diagnosis and tests.
func (e *Engine) Visible(ctx context.Context, kinds ...string) ([]office.Record, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	return e.rep.Visible(ctx, kinds...)
}

// History are the newest lines of the replication history, newest first.
func (e *Engine) History(ctx context.Context, limit int) ([]Sync, error) {
	ss, err := e.box.History(ctx, limit)
	out := make([]Sync, len(ss))
	for i, s := range ss {
		out[i] = Sync(s)
	}
	return out, err
}

// open is this desk for those parts of the engine that decide about it.
func (e *Engine) open() Reader { return e.rep }

// Events are the newest of what was out of the ordinary, newest first.
func (e *Engine) Events(ctx context.Context, limit int) ([]Event, error) {
	es, err := e.box.Events(ctx, limit)
	out := make([]Event, len(es))
	for i, x := range es {
		out[i] = Event{At: x.At, What: x.What, Why: x.Why, Chan: x.Chan, Lane: x.Lane, Rows: x.Rows, Detail: x.Detail}
	}
	return out, err
}
