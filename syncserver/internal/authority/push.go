package authority

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/rowsql"
)

// Push carries a device's commands out in order, each exactly once, on the
// embedded database several in one transaction (see pushSome). raw is the
// request as it came: its digest binds the push ticket, so that the same bytes
// again are a retry and other bytes under the same ticket are a cloned profile
// (VerdictFork).
//
// A refused command is an outcome. An error is a refusal of the whole request
// (*office.Error) or a temporary fault before the first command was handled; a
// fault after that ends the list of results early.
func (a *Authority) Push(ctx context.Context, c Caller, r protocol.PushRequest, raw []byte) (protocol.PushReply, error) {
	if err := checkPush(r); err != nil {
		return protocol.PushReply{}, err
	}
	digest := sha256.Sum256(raw)
	x := pushing{caller: c, request: r, digest: hex.EncodeToString(digest[:16])}
	reply := protocol.PushReply{Verdict: protocol.VerdictOK, Results: []protocol.Result{}}
	if len(r.Cmds) == 0 {
		err := a.transact(ctx, func(q store.Q, _ bool) error {
			dev, err := a.admit(ctx, q, x)
			if err != nil {
				return err
			}
			reply.LastN = dev.LastN
			return store.Advance(ctx, q, dev)
		})
		return a.verdict(ctx, x, reply, err)
	}
	for rest := r.Cmds; len(rest) > 0; {
		res, last, err := a.pushSome(ctx, x, rest)
		if err != nil {
			var v verdict
			var refused *office.Error
			if len(reply.Results) > 0 && !errors.As(err, &v) && !errors.As(err, &refused) {
				a.Log.Error("push stopped early", "dev", r.Device, "n", rest[0].N, "kind", clean(rest[0].Kind, 100), "err", err)
				return reply, nil
			}
			return a.verdict(ctx, x, reply, err)
		}
		reply.Results, rest = append(reply.Results, res...), rest[len(res):]
		reply.LastN = last
	}
	return reply, nil
}

// pushing is one push under way.
type pushing struct {
	caller  Caller
	request protocol.PushRequest
	digest  string
}

// verdict as an error ends a push for the device, not for one command.
type verdict string

func (v verdict) Error() string { return "verdict " + string(v) }

func (a *Authority) verdict(ctx context.Context, x pushing, reply protocol.PushReply, err error) (protocol.PushReply, error) {
	var v verdict
	if !errors.As(err, &v) {
		if err != nil {
			return protocol.PushReply{}, err
		}
		return reply, nil
	}
	reply.Verdict = string(v)
	if reply.Verdict == protocol.VerdictFork {
		a.Log.Warn("push of a copied device", "dev", x.request.Device, "uid", x.caller.UID)
		if reply.NewDevice, err = a.fork(ctx, x.caller, x.request.Device, "", x.request.Ticket, x.request.Next, x.digest); err != nil {
			return protocol.PushReply{}, err
		}
	}
	return reply, nil
}

// checkPush refuses a request whose form no desk would send.
func checkPush(r protocol.PushRequest) error {
	if len(r.Cmds) > protocol.MaxPush {
		return office.Errorf(office.CodeTooLarge, "%d commands, at most %d", len(r.Cmds), protocol.MaxPush)
	}
	if !office.ValidID(r.Device) {
		return office.Invalid("dev", "not an id")
	}
	if r.Ticket != clean(r.Ticket, 200) || r.Next != clean(r.Next, 200) || r.Next == "" || r.Next == r.Ticket {
		return office.Invalid("next_ticket", "a new ticket of at most 200 bytes is needed")
	}
	seen := map[string]bool{}
	for i, c := range r.Cmds {
		switch {
		case c.N < 1 || i > 0 && c.N != r.Cmds[i-1].N+1:
			return office.Invalid("n", "commands are numbered from 1 without gaps")
		case !office.ValidID(c.Mid) || seen[c.Mid]:
			return office.Invalid("mid", "bad or repeated mid")
		case len(c.Deps) > 1000:
			return office.Invalid("deps", "at most 1000")
		}
		for _, d := range c.Deps {
			if !office.ValidID(d) {
				return office.Invalid("deps", "not an id")
			}
		}
		seen[c.Mid] = true
	}
	return nil
}

// admit reads and holds the device, checks that the caller may push for it and
// rotates its ticket. The caller of admit writes the device.
func (a *Authority) admit(ctx context.Context, q store.Q, x pushing) (store.Device, error) {
	d, err := a.device(ctx, q, x.caller, x.request.Device, true)
	if err != nil {
		return d, err
	}
	if d.State != store.DeviceActive {
		return d, verdict(protocol.VerdictWiped)
	}
	retry := d.Ticket == x.request.Next && d.Digest == x.digest
	if !retry && d.Ticket != x.request.Ticket && !a.defences.off(NoTicket) {
		return d, verdict(protocol.VerdictFork)
	}
	d.Ticket, d.Digest = x.request.Next, x.digest
	return d, nil
}

// recorded answers a command that is known already: the result it once got. A
// number that is not the device's next one is a copied device, or a server
// that forgot.
//
// The device's next number is most likely a new command: on PostgreSQL that
// saves a round trip at first. If it is not new, carrying it out ends in a lost
// race or a refusal, and the transaction runs again, looking first.
func (a *Authority) recorded(ctx context.Context, q store.Q, x pushing, cmd protocol.Command, dev *store.Device, again bool) (protocol.Result, bool, error) {
	gap := cmd.N != dev.LastN+1 && !a.defences.off(NoLastCheck)
	if !gap && !again && q.Dialect() == rowsql.Postgres {
		return protocol.Result{}, false, nil
	}
	if a.defences.off(NoMid) {
		if gap {
			return protocol.Result{}, false, verdict(protocol.VerdictFork)
		}
		return protocol.Result{}, false, nil
	}
	m, ok, err := store.FindMut(ctx, q, cmd.Mid)
	if err != nil {
		return protocol.Result{}, false, err
	}
	if gap && (!ok || cmd.N > dev.LastN) {
		return protocol.Result{}, false, verdict(protocol.VerdictFork)
	}
	if !ok {
		return protocol.Result{}, false, nil
	}
	if m.UID != x.caller.UID { // somebody else's mid: say nothing of their command
		m.Result = protocol.Result{Mid: cmd.Mid, Outcome: protocol.Rejected, Code: office.CodeExists, Field: "mid", At: office.Millis(a.Now())}
	}
	if cmd.N > dev.LastN {
		if m.UID == x.caller.UID {
			if err := store.AddSent(ctx, q, dev.Dev, cmd.N, cmd.Mid); err != nil {
				return protocol.Result{}, false, err
			}
		}
		dev.LastN = cmd.N
	}
	m.Result.N = cmd.N
	return m.Result, true, nil
}

// settle records what came of a command, and with a device under which number
// it sent it (not if that is 0); advance also how far the device has come.
func (a *Authority) settle(ctx context.Context, q store.Q, o order, r protocol.Result, n int64, dev *store.Device, advance bool) error {
	m := store.Mut{UID: o.uid, Command: clean(o.kind, 100), Claimed: o.claimed, Result: r}
	if dev != nil {
		m.Dev = dev.Dev
	}
	if a.defences.off(NoMid) {
		if _, ok, err := store.FindMut(ctx, q, o.mid); err != nil {
			return err
		} else if ok {
			m.Mid = office.DeriveID("again", o.mid, o.now.String())
		}
	}
	if !advance {
		dev = nil
	}
	return store.Settle(ctx, q, m, n, dev)
}

func quarantined(o order) protocol.Result {
	return protocol.Result{Mid: o.mid, Outcome: protocol.Quarantined, Code: office.CodeQuarantined, At: office.Millis(o.now)}
}

func (a *Authority) logCrash(c *crash, mid, kind string, tries int) {
	a.Log.Error("command crashed", "mid", mid, "kind", clean(kind, 100), "what", c.what, "try", tries, "stack", string(c.stack))
}

func claim(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// As carries a command out for a person without a device: for the system,
// demonstration data and tests. mid makes it exactly once, as for a desk; at
// is the clock the command sees, and the zero time is now. An error is a
// fault, never a refusal.
func (a *Authority) As(ctx context.Context, uid office.UserID, mid string, at time.Time, cmd office.Command) (protocol.Result, error) {
	if !office.ValidID(mid) {
		return protocol.Result{}, office.Invalid("mid", "not an id")
	}
	var res protocol.Result
	var crashed *crash
	for tries := 0; ; {
		var d deed
		var chans []office.Channel
		err := a.transact(ctx, func(q store.Q, again bool) (err error) {
			d, chans = deed{}, nil
			m, ok, err := store.FindMut(ctx, q, mid)
			if err != nil {
				return err
			}
			if ok && !a.defences.off(NoMid) {
				if m.UID != uid {
					return office.Errorf(office.CodeExists, "mid %s is another person's", mid)
				}
				res = m.Result
				return nil
			}
			o := order{uid: uid, mid: mid, kind: cmd.Kind(), cmd: cmd, claimed: at, now: at}
			if at.IsZero() {
				o.now = a.Now()
				o.claimed = o.now
			}
			if tries >= CrashTries {
				d = deed{tx: &tx{ctx: ctx, q: q}, result: quarantined(o)}
			} else if d, err = a.carry(ctx, q, o, again || tries > 0); err != nil {
				return err
			}
			res = d.result
			if err := a.settle(ctx, q, o, res, 0, nil, false); err != nil {
				return err
			}
			chans, err = d.tx.stamp(d.moves, mid, o.now)
			return err
		})
		if errors.As(err, &crashed) {
			tries++
			a.logCrash(crashed, mid, cmd.Kind(), tries)
			continue
		}
		if err == nil {
			a.tell(chans, d.people, d.jobs)
		}
		return res, err
	}
}
