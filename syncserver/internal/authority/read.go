package authority

import (
	"context"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/rowsql"
)

// readBytes is about how many bytes of bodies one answer carries.
const readBytes = 2 << 20

// readDefault is how many records one answer has unless told otherwise.
const readDefault = 60

// Read answers records that need not live on the caller's desk, in one snapshot:
// those in a channel the caller subscribes to, and those off the desks whose
// audience the caller is of. CodeInvalid for what is not declared.
func (a *Authority) Read(ctx context.Context, c Caller, r protocol.ReadRequest) (protocol.ReadReply, error) {
	reply := protocol.ReadReply{Rows: []protocol.Row{}, AsOf: office.Millis(a.Now())}
	k := a.Kinds.Get(r.Kind)
	if k == nil {
		return reply, office.Invalid("kind", "unknown kind %q", r.Kind)
	}
	limit := r.Limit
	if limit <= 0 {
		limit = readDefault
	}
	limit = min(limit, protocol.MaxRead)
	q := office.Query{Kind: r.Kind, View: r.View, Where: r.Where, Order: r.Order, Desc: r.Desc, After: r.After, Limit: limit + 1}
	list := func(db store.Q, only rowsql.Only) ([]office.Record, error) {
		return a.Store.Rows.Among(ctx, db, r.Kind, r.IDs, only)
	}
	switch {
	case len(r.IDs) > 0:
	case r.Root != "":
		if k.IsRoot() {
			return reply, office.Invalid("root", "%s has no root", k.Name)
		}
		list = func(db store.Q, only rowsql.Only) ([]office.Record, error) {
			return a.Store.Rows.Below(ctx, db, r.Kind, r.Root, r.After, limit+1, only)
		}
	default:
		checked, err := a.Kinds.Check(q)
		if err != nil {
			return reply, err
		}
		list = func(db store.Q, only rowsql.Only) ([]office.Record, error) {
			return a.Store.Rows.ListOnly(ctx, db, checked, only)
		}
	}
	err := a.Store.Read(ctx, func(db store.Q) error {
		reply.Rows, reply.Next = []protocol.Row{}, ""
		d, err := a.device(ctx, db, c, r.Device, false)
		if err != nil {
			return err
		}
		if d.State != store.DeviceActive {
			return &office.Error{Code: protocol.CodeDevice, Message: protocol.VerdictWiped}
		}
		rs, err := list(db, store.Readable(a.Store.Rows.Table(r.Kind), r.Kind, c.UID))
		if err != nil {
			return err
		}
		size := 0
		for i, x := range rs {
			if len(r.IDs) == 0 && i > 0 && (i == limit || size >= readBytes) {
				last := rs[i-1]
				if r.Root != "" {
					reply.Next = last.ID
					return nil
				}
				reply.Next, err = a.Kinds.KeyOf(q, last)
				return err
			}
			size += len(x.Body)
			row := protocol.Row{Kind: x.Kind, ID: x.ID, Ver: x.Ver, Body: x.Body}
			if x.Root != x.ID {
				row.Root = x.Root
			}
			reply.Rows = append(reply.Rows, row)
		}
		return nil
	})
	return reply, err
}
