package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// part is a group of rows that is measured on its own.
type part struct {
	name string
	what string
	run  func(b *bench)
}

// parts, in the order in which they run. A new one is a line here and a file.
var parts = []part{
	{"load", "first load beside raw inserts", func(b *bench) { b.loadPart(false) }},
	{"read", "lists, search and start of a desk with many records (loads too)", func(b *bench) { b.loadPart(true) }},
	{"push", "offline edits on their way, and beside a peer", (*bench).pushPart},
	{"visible", "one change until another desk shows it", (*bench).visiblePart},
	{"approve", "approvals of 50 desks beside raw transactions", (*bench).approvePart},
	{"idle", "idle desks and an announcement to all", (*bench).idlePart},
	{"grow", "how cost grows with the number of records", (*bench).growPart},
	{"flow", "steps of a flow, acts beside ended instances, a circulation to many", (*bench).flowPart},
	{"paper", "papers on pages, set and as PDF, beside LibreOffice", (*bench).paperPart},
}

// settings are what the flags say.
type settings struct {
	records, edits, rounds int
	peerRecords            int
	sizes                  []int
	desks                  int // idle ones
	only                   []string
	script                 string
}

func (o settings) want(name string) bool {
	return len(o.only) == 0 || slices.Contains(o.only, name)
}

// names are all parts, for the help.
func names() string {
	var out []string
	for _, p := range parts {
		out = append(out, p.name)
	}
	return strings.Join(out, ", ")
}

func (b *bench) at(name string) string { return filepath.Join(b.dir, name) }

// loadPart serves two parts that need the same desk.
func (b *bench) loadPart(read bool) {
	if b.loaded || !read && b.o.want("read") {
		return // it comes with the other
	}
	b.loaded = true
	s := newStage(b.ctx, b.at("load"), "")
	d := b.firstLoad(s, b.o.records)
	if read {
		b.reading(s, d, b.o.records)
		b.document(s, d, 40)
		b.day(s, d, b.o.rounds)
	}
	d.close()
	s.close()
}

func (b *bench) pushPart() {
	s := newStage(b.ctx, b.at("push"), "")
	pushed := b.pushing(s, b.o.edits)
	s.close()
	if b.o.script == "" {
		return
	}
	n := b.o.peerRecords
	if b.loads[n] == 0 {
		s := newStage(b.ctx, b.at("peer-load"), "")
		s.fill(n)
		d := s.desk(people[0], "first")
		b.loads[n] = since(func() { got(d.Sync(b.ctx)) })
		d.close()
		s.close()
	}
	b.besidePeer(b.o.script, n, b.o.edits, pushed)
}

func (b *bench) visiblePart() {
	s := newStage(b.ctx, b.at("visible"), "")
	b.visible(s, s, 100*time.Millisecond, "one server")
	s.close()
	url := got(b.postgres())
	one, two := newStage(b.ctx, b.at("visible-1"), url), newStage(b.ctx, b.at("visible-2"), url)
	ctx, stop := context.WithCancel(b.ctx)
	var running sync.WaitGroup
	for _, s := range []*stage{one, two} {
		running.Go(func() { _ = s.srv.Run(ctx) }) // it ends with ctx and says so
	}
	b.visible(one, two, 400*time.Millisecond, "two servers over one PostgreSQL")
	stop()
	running.Wait()
	two.close()
	one.close()
}
