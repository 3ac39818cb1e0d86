package engine

import (
	"context"
	"fmt"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// ReadTransport asks for records that need not live on this desk; a Transport
// may be one too.
type ReadTransport interface {
	Read(ctx context.Context, r protocol.ReadRequest) (protocol.ReadReply, error)
}

// ReadOnline reads one page of a view from the server, as the person may see it
// there now; next continues it, "" is the end. What waits on this desk does not
// show. CodeOffline while the server cannot be asked.
func (e *Engine) ReadOnline(ctx context.Context, q office.Query) (rs []office.Record, next string, err error) {
	return e.readOnline(ctx, protocol.ReadRequest{Kind: q.Kind, View: q.View, Where: q.Where, Order: q.Order, Desc: q.Desc, After: q.After, Limit: q.Limit})
}

// GetOnline reads records by their ids from the server; those the person may not
// see are left out.
func (e *Engine) GetOnline(ctx context.Context, kind string, ids ...string) ([]office.Record, error) {
	rs, _, err := e.readOnline(ctx, protocol.ReadRequest{Kind: kind, IDs: ids})
	return rs, err
}

// ChildrenOnline reads all records of a child kind under one root from the
// server, ordered by id.
func (e *Engine) ChildrenOnline(ctx context.Context, kind, root string) ([]office.Record, error) {
	var out []office.Record
	for after := ""; ; {
		rs, next, err := e.readOnline(ctx, protocol.ReadRequest{Kind: kind, Root: root, After: after, Limit: protocol.MaxRead})
		out = append(out, rs...)
		if err != nil || next == "" {
			return out, err
		}
		after = next
	}
}

func (e *Engine) readOnline(ctx context.Context, r protocol.ReadRequest) ([]office.Record, string, error) {
	if err := e.barred(); err != nil {
		return nil, "", err
	}
	t, ok := e.o.Transport.(ReadTransport)
	if !ok || e.net.isOffline() {
		return nil, "", &office.Error{Code: CodeOffline}
	}
	d, err := e.box.Desk(ctx)
	if err != nil {
		return nil, "", err
	}
	r.Device = d.Dev
	ctx, end := e.net.while(ctx)
	defer end()
	reply, err := t.Read(ctx, r)
	if err != nil {
		return nil, "", fmt.Errorf("read on line: %w", err)
	}
	out := make([]office.Record, len(reply.Rows))
	for i, w := range reply.Rows {
		body, err := office.Canonical(w.Body)
		if err != nil {
			return nil, "", fmt.Errorf("%s %s: %w", w.Kind, w.ID, err)
		}
		out[i] = office.Record{Kind: w.Kind, ID: w.ID, Root: w.Root, Ver: w.Ver, Body: body}
		if w.Root == "" {
			out[i].Root = w.ID
		}
	}
	return out, reply.Next, nil
}
