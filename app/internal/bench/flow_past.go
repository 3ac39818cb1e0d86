package main

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/servertest"
)

// shortFlow is the flow of the papers of former years: one step.
const shortFlow = "bench1"

// past are the papers that an office has behind it. One is played, and its rows,
// all that it left in any table, are written again and again under other ids:
// playing a million would take days.
type past struct {
	s    *servertest.Server
	rows []servertest.Row // that a played paper left
	ids  []string         // its records and commands
	span map[string]int64 // how far it moved each channel
	from map[string]int64 // where each channel stood before it
	n    int              // papers that are there
	at   time.Time        // when it was played
}

// played plays a paper to its end and gives the rows it has left.
func played(s *servertest.Server, id string) (rows []servertest.Row, from, span map[string]int64) {
	before := map[string]servertest.Row{}
	for _, r := range got(s.Dump(s.Tables()...)) {
		before[r.Table+"\x00"+r.Key()] = r
	}
	paperOnItsWay(s, id, shortFlow)
	act(s, id, 1, hashOf(s, id))
	from, span = map[string]int64{}, map[string]int64{}
	for _, r := range got(s.Dump(s.Tables()...)) {
		was, had := before[r.Table+"\x00"+r.Key()]
		switch {
		case r.Table == "chan_head":
			if had {
				from[r.Key()] = at(was, "seq").(int64)
			}
			if by := at(r, "seq").(int64) - from[r.Key()]; by > 0 {
				span[r.Key()] = by
			}
		case !had:
			rows = append(rows, r)
		}
	}
	return rows, from, span
}

func at(r servertest.Row, col string) any {
	for i, c := range r.Cols {
		if c == col {
			return r.Values[i]
		}
	}
	panic("no column " + col)
}

func newPast(s *servertest.Server) *past {
	p := &past{s: s, n: 1, at: time.Now()}
	p.rows, p.from, p.span = played(s, newID(p.at))
	seen := map[string]bool{}
	for _, r := range p.rows {
		for i, c := range r.Cols {
			if id, ok := r.Values[i].(string); ok && (c == "id" || c == "mid") && !seen[id] {
				seen[id] = true
				p.ids = append(p.ids, id)
			}
		}
	}
	return p
}

// pastGap is between one paper of former years and the next: a million of them
// are nearly ten years.
const pastGap = 5 * time.Minute

// newID makes an id as desks do, of the hour.
func newID(now time.Time) string { return got(office.NewID(now, rand.Reader)) }

// other is the id of the n-th paper that stands for one of the played paper. Ids
// that begin with the time do so for it too: whether what is new lies together
// in the indexes decides what an act costs beside many.
func (p *past) other(id string, n int) string {
	x := office.DeriveID("past", fmt.Sprint(n), id)
	ms, err := strconv.ParseInt(id[:8]+id[9:13], 16, 64)
	if err != nil || time.UnixMilli(ms).Sub(p.at).Abs() > time.Hour {
		return x
	}
	at := time.UnixMilli(ms).AddDate(-10, 0, 0).Add(time.Duration(n) * pastGap).UnixMilli()
	return fmt.Sprintf("%08x-%04x", at>>16, at&0xffff) + x[13:]
}

// again are the rows under the ids of the n-th paper, behind where the channels
// stand.
func (p *past) again(n int, stand map[string]int64) []servertest.Row {
	var pairs []string
	for _, id := range p.ids {
		pairs = append(pairs, id, p.other(id, n))
	}
	other := strings.NewReplacer(pairs...)
	out := make([]servertest.Row, len(p.rows))
	for i, r := range p.rows {
		x := servertest.Row{Table: r.Table, Cols: r.Cols, Values: make([]any, len(r.Values))}
		for j, v := range r.Values {
			switch v := v.(type) {
			case string:
				x.Values[j] = other.Replace(v)
			case []byte:
				x.Values[j] = []byte(other.Replace(string(v)))
			default:
				x.Values[j] = v
			}
			if r.Cols[j] == "seq" {
				c := servertest.Row{Table: "chan_head", Cols: []string{"chan", "lane"}, Values: []any{at(r, "chan"), at(r, "lane")}}.Key()
				x.Values[j] = stand[c] + r.Values[j].(int64) - p.from[c]
			}
		}
		out[i] = x
	}
	return out
}

// fill brings the papers to a number.
func (p *past) fill(size int) {
	heads := got(p.s.Dump("chan_head"))
	stand := map[string]int64{}
	for _, h := range heads {
		stand[h.Key()] = at(h, "seq").(int64)
	}
	must(p.s.Bulk(func() (rows []servertest.Row) {
		for range min(1000, size-p.n) {
			rows = append(rows, p.again(p.n, stand)...)
			for c, by := range p.span {
				stand[c] += by
			}
			p.n++
		}
		return rows
	}))
	for _, h := range heads { // the channels go on behind what was written
		for i, c := range h.Cols {
			if c == "seq" {
				h.Values[i] = stand[h.Key()]
			}
		}
	}
	must(p.s.Raw(heads))
}
