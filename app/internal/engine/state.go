package engine

import (
	"context"

	"qianshao/app/internal/replica"
	"qianshao/syncserver/office"
)

// SetOffline switches this desk off the network, or back on. A sync under way
// is broken off; nothing is lost by that. Off is not remembered.
func (e *Engine) SetOffline(off bool) {
	if !e.net.set(off) {
		return
	}
	e.hub.status()
	e.Wake()
	e.wakeLane()
}

// Status is what the status line says. A fault of the files shows as LastError
// office.CodeInternal.
func (e *Engine) Status() Status {
	s := Status{UID: e.o.UID}
	e.net.into(&s)
	t := e.lookTerm()
	s.Term, s.Left, s.Locked = t.Term, t.Left(), t.Over()
	if err := e.files(context.Background(), &s); err != nil {
		e.log.Error("status", "err", err)
		s.LastError = office.CodeInternal
	}
	return s
}

func (e *Engine) files(ctx context.Context, s *Status) error {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return err
	}
	m, err := e.rep.Meta(ctx)
	if err != nil {
		return err
	}
	if s.Indexing, err = e.rep.Unindexed(ctx); err != nil {
		return err
	}
	n, err := e.box.Counts(ctx)
	if err != nil {
		return err
	}
	s.UID, s.Device, s.Epoch = d.UID, d.Dev, m.Epoch
	s.Loading, s.Lists = m.Loaded != replica.LoadAll, m.Loaded != replica.LoadNothing
	if s.Loading {
		if s.Staged, err = e.rep.Staged(ctx); err != nil {
			return err
		}
	}
	s.SyncedAt, s.AsOf, s.Repairs = m.SyncedAt, m.AsOf, m.Repairs
	if m.Wrong && s.LastError == "" {
		s.LastError = CodeSums
	}
	s.Waiting, s.NeedsYou = n.Open, n.NeedsYou
	if e.o.Kinds.Get(office.Conflicts.Name) == nil {
		return nil
	}
	open, err := e.rep.Count(ctx, office.Query{
		Kind: office.Conflicts.Name, View: "mine",
		Where: []office.Cond{office.Where("actor", d.UID), office.Where("state", office.ConflictOpen)},
	})
	s.NeedsYou += open
	return err
}
