package authority

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// house is where a record lives: in the channels of desks, or only on the
// server, with those who may read it there.
type house struct {
	desks []office.Channel
	away  []office.Channel
	until int64 // when it leaves the desks by itself; 0 = it does not
}

// roams reports whether records of a kind may be anywhere but in the channels
// of their audience.
func (t *tx) roams(k *office.Kind) bool {
	return k.Residence != office.ResidentAlways || t.rows.Kinds.Get(k.RootKind()).Residence == office.ResidentWindow
}

// open reports whether a record lives on all its readers' desks, by what has
// left them so far, and until when. What a root of its own time takes along.
func open(ks *office.Kinds, aged int64, r, root office.Record) (is bool, until int64, err error) {
	k := ks.Get(r.Kind)
	within := func(k *office.Kind, r office.Record) (bool, int64, error) {
		until, err := k.Window(r)
		return until <= 0 || until > aged, max(until, 0), err
	}
	switch k.Residence {
	case office.ResidentAlways:
		is = true
	case office.ResidentWindow:
		if is, until, err = within(k, r); err != nil {
			return false, 0, err
		}
	default:
		return false, 0, nil
	}
	if rk := ks.Get(k.RootKind()); is && rk != k && rk.Residence == office.ResidentWindow {
		is, _, err = within(rk, root)
	}
	if !is {
		until = 0
	}
	return is, until, err
}

// home decides where a record lives. It comes after the records are written and
// thereby held: pins and rights that change meanwhile wait for this decision.
func (a *Authority) home(t *tx, r, root office.Record, chans []office.Channel) (house, error) {
	k := t.rows.Kinds.Get(r.Kind)
	if !t.roams(k) {
		return house{desks: chans}, nil
	}
	is, until, err := open(t.rows.Kinds, a.aged.Load(), r, root)
	if err != nil {
		return house{}, err
	}
	if is {
		return house{desks: chans, until: until}, nil
	}
	h := house{away: chans}
	if k.Residence == office.ResidentNever || len(chans) == 0 {
		return h, nil
	}
	h.desks, err = a.pinners(t, root, chans)
	return h, err
}

// pinners are the channels of those who have pinned a root and may read what is
// in chans.
func (a *Authority) pinners(t *tx, root office.Record, chans []office.Channel) ([]office.Channel, error) {
	if t.rows.Kinds.Get(office.Pins.Name) == nil {
		return nil, nil
	}
	pins, err := office.Pins.All(t, office.Query{View: "record", Where: []office.Cond{office.Where("kind", root.Kind), office.Where("id_of", root.ID)}})
	if err != nil {
		return nil, err
	}
	var out []office.Channel
	for _, pin := range pins {
		p := pin.Value
		subs, err := store.Subs(t.ctx, t.q, p.Owner)
		if err != nil {
			return nil, t.fail(err)
		}
		if slices.ContainsFunc(subs, func(c office.Channel) bool { return slices.Contains(chans, c) }) || a.defences.off(NoPinRight) {
			out = append(out, office.To(p.Owner)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// settleHouse writes where a record lives beside the channels, where that may differ.
func (t *tx) settleHouse(k key, h house, clean bool) error {
	if !t.roams(t.rows.Kinds.Get(k.kind)) {
		return nil
	}
	if err := store.SetHouse(t.ctx, t.q, store.House{Kind: k.kind, ID: k.id, Away: h.away, Until: h.until}, clean); err != nil {
		return t.fail(err)
	}
	return nil
}

// rehouse moves a root that was not written, and its children, to where they
// live now: a pin, a right or the time has changed.
func (a *Authority) rehouse(t *tx, m moves, root key) error {
	k := t.rows.Kinds.Get(root.kind)
	if k == nil || !k.IsRoot() || t.moved[root] {
		return nil
	}
	s, ok, err := t.rows.Load(t.ctx, t.q, root.kind, root.id, rowsql.ForUpdate)
	if err != nil {
		return t.fail(err)
	}
	if !ok {
		return nil
	}
	if err := a.moveOne(t, m, k, s, s.Record); err != nil {
		return err
	}
	return a.moveChildren(t, m, k, s.Record)
}

// moveOne moves one record that was not written.
func (a *Authority) moveOne(t *tx, m moves, k *office.Kind, s rowsql.Stored, root office.Record) error {
	x := key{k.Name, s.ID}
	if t.moved[x] {
		return nil
	}
	t.moved[x] = true
	in, err := store.Members(t.ctx, t.q, k.Name, []string{s.ID})
	if err != nil {
		return t.fail(err)
	}
	chans, err := t.rows.Kinds.Channels(s.Record, root)
	if err != nil {
		return fmt.Errorf("audience of %s %s: %w", k.Name, s.ID, err)
	}
	h, err := a.home(t, s.Record, root, chans)
	if err != nil {
		return err
	}
	if err := t.settleHouse(x, h, false); err != nil {
		return err
	}
	m.moveUnwritten(k, s, in[s.ID], h.desks)
	return nil
}

// moveUnwritten enters the channels that a record gains and loses that is as it
// was: those that keep it have nothing new.
func (m moves) moveUnwritten(k *office.Kind, s rowsql.Stored, old, new []office.Channel) {
	gained := slices.DeleteFunc(slices.Clone(new), func(c office.Channel) bool { return slices.Contains(old, c) })
	lost := slices.DeleteFunc(slices.Clone(old), func(c office.Channel) bool { return slices.Contains(new, c) })
	m.move(k, s.ID, lost, s.Sum, gained, s.Sum)
}

// repin moves what the pins among the changed records are about.
func (a *Authority) repin(t *tx, m moves, p plan) error {
	for _, k := range p.changed {
		if k.kind != office.Pins.Name {
			continue
		}
		for _, r := range []office.Record{t.cache[k].base.Record, t.cache[k].now} {
			var pin office.Pin
			if len(r.Body) == 0 {
				continue
			}
			if err := r.Decode(&pin); err != nil {
				return err
			}
			if err := a.rehouse(t, m, key{pin.Kind, pin.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// regrant moves what people have pinned whose subscriptions changed.
func (a *Authority) regrant(t *tx, m moves, people []office.UserID) error {
	if t.rows.Kinds.Get(office.Pins.Name) == nil {
		return nil
	}
	for _, uid := range people {
		rs, err := t.List(office.Query{Kind: office.Pins.Name, View: "mine", Where: []office.Cond{office.Where("owner", string(uid))}})
		if err != nil {
			return err
		}
		for _, r := range rs {
			var pin office.Pin
			if err := r.Decode(&pin); err != nil {
				return err
			}
			if err := a.rehouse(t, m, key{pin.Kind, pin.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// ageStep is how finely time is told where records leave desks.
const ageStep = time.Minute

// ageBatch is how many records leave in one transaction.
const ageBatch = 50

// Age takes the records off the desks whose time there is over, and gives how
// many. It may stop and go on at any moment, and run on several servers at once.
func (a *Authority) Age(ctx context.Context) (int, error) {
	var aged int64
	err := a.Store.Write(ctx, func(q store.Q) (err error) {
		aged, err = store.SetAged(ctx, q, a.Now().Truncate(ageStep))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("take records off the desks: %w", err)
	}
	a.aged.Store(aged)
	for n := 0; ; {
		done := 0
		var chans []office.Channel
		err := a.transact(ctx, func(q store.Q, _ bool) error {
			done, chans = 0, nil
			due, err := store.Due(ctx, q, aged, ageBatch)
			if err != nil || len(due) == 0 {
				return err
			}
			t := a.newTx(ctx, q)
			t.hold = rowsql.ForUpdate
			m := moves{}
			for _, d := range due {
				if err := a.ageOne(t, m, key{d.Kind, d.ID}); err != nil {
					return err
				}
			}
			done = len(due)
			if a.defences.off(NoAge) {
				return nil
			}
			chans, err = t.stamp(m, office.DeriveID("age", due[0].Kind, due[0].ID, fmt.Sprint(aged)), a.Now())
			return err
		})
		if err != nil {
			return n, fmt.Errorf("take records off the desks: %w", err)
		}
		a.tell(chans, nil, 0)
		if n += done; done < ageBatch {
			return n, nil
		}
	}
}

func (a *Authority) ageOne(t *tx, m moves, x key) error {
	k := t.rows.Kinds.Get(x.kind)
	if k == nil { // a kind that is no longer declared
		return nil
	}
	if k.IsRoot() {
		if err := a.rehouse(t, m, x); err != nil {
			return err
		}
	} else if err := a.ageChild(t, m, k, x); err != nil {
		return err
	}
	// A record that is no longer there, or whose time was moved, keeps no due entry.
	if until, ok, err := store.Stays(t.ctx, t.q, x.kind, x.id); err != nil {
		return t.fail(err)
	} else if ok && until <= a.aged.Load() {
		return t.fail2(store.SetHouse(t.ctx, t.q, store.House{Kind: x.kind, ID: x.id}, false))
	}
	return nil
}

func (a *Authority) ageChild(t *tx, m moves, k *office.Kind, x key) error {
	s, ok, err := t.rows.Load(t.ctx, t.q, x.kind, x.id, rowsql.ForUpdate)
	if err != nil || !ok {
		return t.fail2(err)
	}
	root, ok, err := t.rows.Load(t.ctx, t.q, k.Parent, s.Root, rowsql.ForShare)
	if err != nil || !ok {
		return t.fail2(err)
	}
	return a.moveOne(t, m, k, s, root.Record)
}

func (t *tx) fail2(err error) error {
	if err == nil {
		return nil
	}
	return t.fail(err)
}

// newTx is a transaction of the authority's own.
func (a *Authority) newTx(ctx context.Context, q store.Q) *tx {
	return &tx{ctx: ctx, q: q, rows: a.Store.Rows, cache: map[key]*touched{}, moved: map[key]bool{}, loose: a.defences.off(NoVersion)}
}
