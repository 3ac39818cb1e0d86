package authority

import (
	"context"
	"errors"
	"slices"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/rowsql"
)

// The bounds of one group: other desks wait for its end.
const (
	groupMax  = 64                    // commands
	groupTime = 25 * time.Millisecond // after so long no further command is begun
)

// group is how many commands of one push share a transaction, and thereby one
// wait for the disk. Only the embedded database gains: its writer is alone, so
// that nothing is held against anybody. On PostgreSQL a group would keep the
// locks and the channel counters of its first commands while its last ones run:
// two pushes that meet the same channels in another order would deadlock, and a
// busy channel would wait for the whole group. There concurrent commits share
// the wait by themselves.
func (a *Authority) group() int {
	if a.Store.Dialect() == rowsql.Postgres {
		return 1
	}
	return groupMax
}

// done is what a group has come to, to be told after its commit.
type done struct {
	results []protocol.Result
	last    int64
	chans   []office.Channel
	people  []office.UserID
	jobs    int
}

// pushSome handles the first commands of a list, as many as make a group, in
// one transaction, and gives their results and the device's last n. Each
// command stands for itself: a refused one takes back its own writes alone and
// its refusal is recorded. A command that crashes, or ends the push, ends the
// group before it; as the first one of the next group it is judged alone.
func (a *Authority) pushSome(ctx context.Context, x pushing, cmds []protocol.Command) ([]protocol.Result, int64, error) {
	most := min(a.group(), len(cmds))
	var crashed *crash
	for tries := 0; ; {
		var d done
		err := a.transact(ctx, func(q store.Q, again bool) (err error) {
			d, err = a.pushGroup(ctx, q, x, cmds[:most], again || tries > 0, tries >= CrashTries)
			return err
		})
		switch well := len(d.results); {
		case err == nil:
			a.tell(d.chans, d.people, d.jobs)
			return d.results, d.last, nil
		case ctx.Err() == nil && well > 0 && well < most:
			most = well
		case well == 0 && errors.As(err, &crashed):
			most = 1
			tries++
			a.logCrash(crashed, cmds[0].Mid, cmds[0].Kind, tries)
		default:
			return nil, 0, err
		}
	}
}

// pushGroup is pushSome inside its transaction. With an error the results tell
// how many commands went well before it.
func (a *Authority) pushGroup(ctx context.Context, q store.Q, x pushing, cmds []protocol.Command, again, give bool) (d done, err error) {
	dev, err := a.admit(ctx, q, x)
	if err != nil {
		return d, err
	}
	alone := len(cmds) == 1
	begun, advanced := a.Now(), false
	for i, cmd := range cmds {
		if i > 0 && a.Now().Sub(begun) >= groupTime {
			break
		}
		res, ok, err := a.recorded(ctx, q, x, cmd, &dev, again)
		if err != nil {
			return d, err
		}
		if !ok {
			if res, err = a.pushOne(ctx, q, x, cmd, &dev, again, give, alone, &d); err != nil {
				return d, err
			}
			advanced = alone
		}
		d.results, d.last = append(d.results, res), dev.LastN
	}
	slices.Sort(d.chans)
	d.chans = slices.Compact(d.chans)
	if advanced {
		return d, nil
	}
	return d, store.Advance(ctx, q, dev)
}

// pushOne carries out one command that is new. give puts it into quarantine
// instead; advance writes the device along.
func (a *Authority) pushOne(ctx context.Context, q store.Q, x pushing, cmd protocol.Command, dev *store.Device, again, give, advance bool, to *done) (protocol.Result, error) {
	o := order{uid: x.caller.UID, dev: dev.Dev, mid: cmd.Mid, kind: cmd.Kind, args: cmd.Args, deps: cmd.Deps, claimed: claim(cmd.Claimed), now: a.Now(), former: cmd.Former}
	if a.defences.off(NoClock) {
		o.now = o.claimed
	}
	var d deed
	switch {
	case give:
		d = deed{tx: &tx{ctx: ctx, q: q}, result: quarantined(o)}
	case len(cmd.Args) > protocol.MaxCommand:
		d = deed{tx: &tx{ctx: ctx, q: q}, result: protocol.Result{Mid: o.mid, Outcome: protocol.Rejected, Code: office.CodeTooLarge, At: office.Millis(o.now)}}
	default:
		var err error
		if d, err = a.carry(ctx, q, o, again); err != nil {
			return d.result, err
		}
	}
	d.result.N = cmd.N
	n := int64(0)
	if cmd.N > dev.LastN { // always, unless the number is unchecked by ablation
		n, dev.LastN = cmd.N, cmd.N
	}
	if err := a.settle(ctx, q, o, d.result, n, dev, advance); err != nil {
		return d.result, err
	}
	chans, err := d.tx.stamp(d.moves, cmd.Mid, o.now)
	if err != nil {
		return d.result, err
	}
	if !advance {
		if err := d.tx.release(); err != nil {
			return d.result, err
		}
	}
	to.chans = append(to.chans, chans...)
	to.people = append(to.people, d.people...)
	to.jobs += d.jobs
	return d.result, nil
}
