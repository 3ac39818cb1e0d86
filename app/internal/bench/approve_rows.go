package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

const (
	approvers     = 50
	approvalsEach = 20
)

// approvePart measures approvals that many desks push at one time beside raw
// transactions that write the same rows, on both databases.
func (b *bench) approvePart() {
	b.approvals("SQLite", func() string { return "" })
	b.approvals("PostgreSQL", func() string { return got(b.postgres()) })
}

func (b *bench) approvals(name string, url func() string) {
	s := newStage(b.ctx, b.at("approve-"+name), url())
	defer s.close()
	var desks [approvers]*servertest.Desk
	var pushes [approvers][]byte
	for i := range approvers {
		u := servertest.User{UID: office.UserID(fmt.Sprintf("approver%d", i)), Unit: "x"}
		must(s.srv.AddUser(u))
		desks[i] = got(s.srv.SignIn(u, "", office.DeriveID("install", fmt.Sprint(i)), nil))
		// What the engine of a desk that comes back on line sends.
		push := protocol.PushRequest{Device: desks[i].Device, Next: "next"}
		for j := range approvalsEach {
			id := taskID(i, j)
			must(s.srv.As(office.System).Must(&send{ID: id, T: task{Owner: u.UID, By: "lin", State: "open", Title: s.texts.text(20)}}))
			next := office.UserID(fmt.Sprintf("approver%d", (i+1)%approvers))
			x := &approve{ID: id, Opinion: office.DeriveID("opinion", id), Words: "同意。" + s.texts.text(20), Next: office.DeriveID("next", id), To: next}
			push.Cmds = append(push.Cmds, protocol.Command{N: int64(j + 1), Mid: office.DeriveID("mid", id), Kind: x.Kind(), Args: encode(x), Claimed: office.Millis(time.Now())})
		}
		pushes[i] = encode(push)
	}
	tables := []string{"mut", "sent", "device", "chan_head", "chan_hist", "chan_row", s.srv.TableOf(tasks.Name), s.srv.TableOf(opinions.Name)}
	before := rowsByKey(got(s.srv.Dump(tables...)))
	took := since(func() {
		together(approvers, func(i int) {
			r := got(desks[i].Client.Push(b.ctx, pushes[i]))
			for _, x := range r.Results {
				if x.Outcome != protocol.Applied {
					panic(fmt.Sprintf("an approval is %s %s", x.Outcome, x.Code))
				}
			}
			if len(r.Results) != approvalsEach {
				panic("some approvals got no answer")
			}
		})
	})
	after := rowsByKey(got(s.srv.Dump(tables...)))
	const n = approvers * approvalsEach
	raw, rows := b.rawApprovals(name, url(), n, before, after)
	share := raw.Seconds() / took.Seconds()
	b.add(row{
		what: fmt.Sprintf("%d approvals pushed by %d desks, %s", n, approvers, name), ours: fmt.Sprintf("%.2f s, %s", took.Seconds(), perSecond(n, took)),
		beside: fmt.Sprintf("%d raw transactions of %.1f rows: %.2f s, %s", n, float64(rows)/n, raw.Seconds(), perSecond(n, raw)),
		ratio:  fmt.Sprintf("%.0f %% of raw", 100*share), goal: "≥ 40 % of raw", met: yes(share >= 0.4),
	})
}

func taskID(i, j int) string { return office.DeriveID("task", fmt.Sprint(i), fmt.Sprint(j)) }

func rowsByKey(rs []servertest.Row) map[string]servertest.Row {
	out := map[string]servertest.Row{}
	for _, r := range rs {
		out[r.Table+" "+r.Key()] = r
	}
	return out
}

// together runs f(0) to f(n-1) at one time.
func together(n int, f func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { f(i) })
	}
	group.Wait()
}

// rawApprovals writes into another database, n transactions of 50 writers, what
// the approvals have written: each transaction its part of the new rows, one of
// the changed records, and the counter of each channel it enters.
func (b *bench) rawApprovals(name, url string, n int, before, after map[string]servertest.Row) (took time.Duration, rows int) {
	s := newStage(b.ctx, b.at("raw-approve-"+name), url)
	defer s.close()
	var old []servertest.Row
	for _, k := range slices.Sorted(maps.Keys(before)) {
		if r := before[k]; r.Table != "chan_head" && r.Table != "chan_hist" && r.Table != "chan_row" {
			old = append(old, r)
		}
	}
	must(s.srv.Raw(old))
	parts := make([][]servertest.Row, n)
	heads := map[string]servertest.Row{}
	count := map[string]int{}
	for _, k := range slices.Sorted(maps.Keys(after)) {
		r := after[k]
		if r.Table == "chan_head" {
			heads[fmt.Sprint(r.Values[slices.Index(r.Cols, "chan")], r.Values[slices.Index(r.Cols, "lane")])] = r
		}
		if was, ok := before[k]; ok && fmt.Sprint(was.Values) == fmt.Sprint(r.Values) || r.Table == "chan_head" || r.Table == "device" {
			continue
		}
		i := count[r.Table] % n
		count[r.Table]++
		parts[i] = append(parts[i], r)
	}
	var devices []servertest.Row
	for _, k := range slices.Sorted(maps.Keys(after)) {
		if after[k].Table == "device" {
			devices = append(devices, after[k])
		}
	}
	for i := range parts {
		parts[i] = append(parts[i], devices[i%len(devices)])
		seen := map[string]bool{}
		for _, r := range slices.Clone(parts[i]) {
			if r.Table != "chan_hist" {
				continue
			}
			at := fmt.Sprint(r.Values[slices.Index(r.Cols, "chan")], r.Values[slices.Index(r.Cols, "lane")])
			if !seen[at] {
				seen[at] = true
				parts[i] = append(parts[i], heads[at])
			}
		}
		slices.SortFunc(parts[i], func(a, b servertest.Row) int { // one order, or they deadlock
			return slices.Compare([]string{a.Table, a.Key()}, []string{b.Table, b.Key()})
		})
		rows += len(parts[i])
	}
	took = since(func() {
		together(approvers, func(w int) {
			for i := w; i < n; i += approvers {
				must(s.srv.Raw(parts[i]))
			}
		})
	})
	return took, rows
}
