package authority

import (
	"context"
	"fmt"
	"slices"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Digest answers one question about a channel and lane that differs on a desk
// (sync.md §2), from one snapshot. It shows what a pull of that channel shows:
// CodeNotPermitted for a channel the person does not subscribe to.
func (a *Authority) Digest(ctx context.Context, c Caller, r protocol.DigestRequest) (protocol.DigestReply, error) {
	var reply protocol.DigestReply
	err := a.Store.Read(ctx, func(q store.Q) error {
		reply = protocol.DigestReply{}
		d, err := a.device(ctx, q, c, r.Device, false)
		if err != nil {
			return err
		}
		if d.State != store.DeviceActive {
			return &office.Error{Code: office.CodeNotPermitted, Field: "dev", Message: protocol.VerdictWiped}
		}
		subs, err := store.Subs(ctx, q, c.UID)
		if err != nil {
			return err
		}
		if _, ok := slices.BinarySearch(subs, r.Chan); !ok {
			return &office.Error{Code: office.CodeNotPermitted, Field: "c"}
		}
		heads, err := store.Heads(ctx, q, []office.Channel{r.Chan}, r.Lane)
		if err != nil {
			return err
		}
		head := store.Head{ChanLane: store.ChanLane{Chan: r.Chan, Lane: r.Lane}}
		for _, h := range heads {
			if h.Lane == r.Lane {
				head = h
			}
		}
		reply.Head, reply.Hash, reply.N, reply.Sum = head.Seq, head.Chain, head.Live, hexSum(head.Sum)
		if len(r.Want) > 0 {
			return a.wanted(ctx, q, head.ChanLane, r.Want, &reply)
		}
		return a.buckets(ctx, q, head.ChanLane, r.Buckets, &reply)
	})
	return reply, err
}

func hexSum(s uint64) string { return fmt.Sprintf("%016x", s) }

// buckets adds the rows of a channel up, or lists those of some buckets.
func (a *Authority) buckets(ctx context.Context, q store.Q, c store.ChanLane, only []int, reply *protocol.DigestReply) error {
	var sums [protocol.Buckets]uint64
	err := a.Store.Shares(ctx, q, c, func(kind, id string, sum uint64) {
		b := protocol.Bucket(kind, id)
		if len(only) == 0 {
			sums[b] += sum
		} else if slices.Contains(only, b) {
			reply.Members = append(reply.Members, protocol.RowSum{RowID: protocol.RowID{Kind: kind, ID: id}, Sum: hexSum(sum)})
		}
	})
	if err != nil || len(only) > 0 {
		return err
	}
	for _, s := range sums {
		reply.Buckets = append(reply.Buckets, hexSum(s))
	}
	return nil
}

// wanted reads rows that are in the channel, up to a page's size.
func (a *Authority) wanted(ctx context.Context, q store.Q, c store.ChanLane, want []protocol.RowID, reply *protocol.DigestReply) error {
	ids := map[string][]string{}
	for _, w := range want {
		if k := a.Kinds.Get(w.Kind); k != nil && k.Lane == c.Lane {
			ids[w.Kind] = append(ids[w.Kind], w.ID)
		}
	}
	size := 0
	for kind, list := range ids {
		in, err := store.Members(ctx, q, kind, list)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(id string) bool { return !slices.Contains(in[id], c.Chan) })
		ss, err := a.Store.Rows.LoadMany(ctx, q, kind, list)
		if err != nil {
			return err
		}
		for _, s := range ss {
			if size += rowCost + len(s.Body); size > protocol.PageDefault && len(reply.Rows) > 0 {
				return nil
			}
			row := protocol.Row{Kind: kind, ID: s.ID, Ver: s.Ver, Body: s.Body}
			if s.Root != s.ID {
				row.Root = s.Root
			}
			reply.Rows = append(reply.Rows, row)
		}
	}
	return nil
}
