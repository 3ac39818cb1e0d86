package main

import (
	"database/sql"
	"fmt"
	"runtime"
	"time"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
)

// firstLoad measures a desk's first load of n records beside raw inserts.
func (b *bench) firstLoad(s *stage, n int) *desk {
	s.fill(n)
	rs := s.bodies()
	bodies := make([][]byte, len(rs))
	size := 0
	for i, r := range rs {
		bodies[i] = r.Body
		size += len(r.Body)
	}
	b.note("records: %d of %d bytes on average, zstd shortens a page of 500 to 1/%.1f", len(rs), size/len(rs), ratio(bodies))
	raw, batch := rawInserts(b.ctx, s.dir, s.cat.Kinds(), rs)
	d := s.desk(people[0], "first")
	took := since(func() { got(d.Sync(b.ctx)) })
	if got := len(got(d.Base(b.ctx, papers.Name))); got != n {
		panic(fmt.Sprintf("%d records came of %d", got, n))
	}
	share := raw.Seconds() / took.Seconds()
	b.add(row{
		what: fmt.Sprintf("first load of %d records, durable", n), ours: fmt.Sprintf("%.1f s, %s", took.Seconds(), perSecond(n, took)),
		beside: fmt.Sprintf("raw inserts of the same rows (batch %d): %.1f s, %s", batch, raw.Seconds(), perSecond(n, raw)),
		ratio:  fmt.Sprintf("%.0f %% of raw", 100*share), goal: "≥ 60 % of raw", met: yes(share >= 0.6),
	})
	b.loads[n] = took
	index := since(func() { must(d.Index(b.ctx)) })
	b.add(row{what: "its full-text index, built after, a batch at a time", ours: fmt.Sprintf("%.1f s, %s", index.Seconds(), perSecond(n, index))})
	return d
}

// reading measures what a person waits for on a desk with many records.
func (b *bench) reading(s *stage, d *desk, n int) {
	d.close()
	var first time.Duration
	start := since(func() { d.open(b.ctx); first = since(func() { b.list(d, "") }) })
	b.add(row{what: fmt.Sprintf("start of the desk with %d records to the first list", n), ours: ms(start), beside: fmt.Sprintf("the list alone %s", ms(first)), goal: "≤ 800 ms", met: yes(start <= 800*time.Millisecond)})

	raw := got(vault.Profile{Dir: d.options.Dir, Now: time.Now}.Read(b.ctx, vault.Replica))
	defer raw.Close()
	const times = 200
	lists := repeat(times, func(int) { b.list(d, "") })
	rawLists := repeat(times, func(int) {
		rawRead(raw, "SELECT id, body FROM r_bench_paper WHERE f_owner = 'lin' AND f_state = 'open' ORDER BY f_due, id LIMIT 60")
	})
	b.pair("to-do list, first 60", lists, rawLists, 10*time.Millisecond)

	after := ""
	pages := repeat(times, func(int) { after = b.list(d, after) })
	lastDue, lastID := int64(0), ""
	rawPages := repeat(times, func(int) {
		lastDue, lastID = rawPage(raw, lastDue, lastID)
	})
	b.pair("scrolling it, page after page of 60", pages, rawPages, 10*time.Millisecond)

	for _, w := range []struct{ name, word string }{{"the commonest word", commonWord}, {"a rare word", rareWord}} {
		hits := 0
		ours := repeat(times, func(int) { hits = len(got(d.Search(b.ctx, w.word, 50))) })
		match := `"` + string([]rune(w.word)[0]) + " " + string([]rune(w.word)[1]) + `"`
		theirs := repeat(times, func(int) {
			rawRead(raw, "SELECT d.kind, d.id FROM search s JOIN search_doc d ON d.no = s.rowid WHERE s.text MATCH ? ORDER BY s.rowid DESC LIMIT 50", match)
		})
		b.pair(fmt.Sprintf("search of %s, %d hits", w.name, hits), ours, theirs, 30*time.Millisecond)
	}
	b.add(row{what: fmt.Sprintf("memory of the desk's heap with %d records after all this", n), ours: fmt.Sprintf("%.1f MB", heap())})
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// list reads one page of the to-do list and gives the key of the next.
func (b *bench) list(d *desk, after string) string {
	q := office.Query{Kind: papers.Name, View: "mine", Order: "due", Limit: 60, After: after, Where: []office.Cond{office.Where("owner", "lin"), office.Where("state", "open")}}
	rs := got(d.List(b.ctx, q))
	if len(rs) == 0 {
		return ""
	}
	return got(b.cat.Kinds().KeyOf(q, rs[len(rs)-1]))
}

func rawRead(db *sql.DB, q string, args ...any) {
	rows := got(db.Query(q, args...))
	defer rows.Close()
	for rows.Next() {
		var a, c string
		must(rows.Scan(&a, &c))
	}
	must(rows.Err())
}

func rawPage(db *sql.DB, due int64, id string) (int64, string) {
	rows := got(db.Query("SELECT id, body, f_due FROM r_bench_paper WHERE f_owner = 'lin' AND f_state = 'open' AND (f_due, id) > (?, ?) ORDER BY f_due, id LIMIT 60", due, id))
	defer rows.Close()
	for rows.Next() {
		var body string
		must(rows.Scan(&id, &body, &due))
	}
	must(rows.Err())
	return due, id
}

// pair adds a row of p95 beside the raw query's.
func (b *bench) pair(what string, ours, raw []time.Duration, goal time.Duration) {
	o, r := quantile(ours, 0.95), quantile(raw, 0.95)
	b.add(row{what: what, ours: "p95 " + ms(o), beside: "raw query p95 " + ms(r), ratio: fmt.Sprintf("%.1f ×", o.Seconds()/r.Seconds()), goal: "p95 ≤ " + ms(goal), met: yes(o <= goal)})
}

// pushing measures offline edits on their way to the server.
func (b *bench) pushing(s *stage, n int) time.Duration {
	d := s.desk(people[1], "pushing")
	defer d.close()
	got(d.Sync(b.ctx))
	texts := newCorpus(2)
	give := since(func() {
		for i := range n {
			p := texts.paper(i)
			p.Owner = "wang"
			got(d.Do(b.ctx, &create{ID: office.DeriveID("pushed", fmt.Sprint(i)), P: p}))
		}
	})
	took := since(func() { got(d.Sync(b.ctx)) })
	b.add(row{what: fmt.Sprintf("pushing %d offline edits until they came back", n), ours: fmt.Sprintf("%.1f s, %s", took.Seconds(), perSecond(n, took)), beside: fmt.Sprintf("giving them, each on the disk: %s", perSecond(n, give))})
	return took
}
