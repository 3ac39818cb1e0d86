package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"qianshao/app/internal/bridge"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// host shows one open desk to the rooms; nothing else is asked of it here.
type host struct {
	bridge.Host
	desk *desk
}

func (h host) Desk() (bridge.Desk, office.UserID, bool) {
	return h.desk.Engine, h.desk.options.UID, true
}

// A page of GB/T 9704 holds 22 lines of 28 characters.
const pageChars = 22 * 28

// document measures what opening a paper of many pages asks of the program:
// everything its page shows, read in one go and encoded for the window.
func (b *bench) document(s *stage, d *desk, pages int) {
	id := office.DeriveID("bench paper")
	var blocks []document.Block
	for n := 0; n < pages*pageChars; n += 100 {
		blocks = append(blocks, document.Block{ID: fmt.Sprintf("b%d", n), Type: document.BlockText, Text: s.texts.text(98)})
	}
	_, _, err := d.DoJSON(b.ctx, "document.draft@1", encode(map[string]any{
		"id": id, "direction": document.Internal, "genre": "签报", "title": "关于四十页长文的签报", "blocks": blocks,
	}))
	must(err)
	got(d.Sync(b.ctx))
	rooms := bridge.New(b.ctx, bridge.Options{Host: host{desk: d}, Kinds: s.cat.Kinds(), Now: time.Now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	raw := got(vault.Profile{Dir: d.options.Dir, Now: time.Now}.Read(b.ctx, vault.Replica))
	defer raw.Close()
	ours := repeat(100, func(int) {
		p := got(rooms.Documents.Page(id))
		if len(p.Blocks) != len(blocks) {
			panic("the page lacks blocks")
		}
		got(json.Marshal(p))
	})
	theirs := repeat(100, func(int) {
		rawRead(raw, "SELECT id, body FROM r_doc_header WHERE id = ? UNION ALL SELECT id, body FROM r_doc_body WHERE id = ?", id, id)
	})
	b.pair(fmt.Sprintf("opening a document of %d pages (%d blocks)", pages, len(blocks)), ours, theirs, 100*time.Millisecond)
}

// day measures memory: what a person does in an hour, again and again.
func (b *bench) day(s *stage, d *desk, rounds int) {
	before := heap()
	for i := range rounds {
		after := b.list(d, "")
		b.list(d, after)
		got(d.Search(b.ctx, commonWord, 50))
		got(d.Do(b.ctx, &retitle{ID: paperID(i % 500), Title: fmt.Sprintf("第%d轮", i)}))
		if i%10 == 0 {
			got(d.Sync(b.ctx))
		}
	}
	now := heap()
	b.add(row{what: fmt.Sprintf("heap of the desk after %d rounds of reading, searching, changing and syncing", rounds), ours: fmt.Sprintf("%.1f MB", now), beside: fmt.Sprintf("before them %.1f MB", before), ratio: fmt.Sprintf("%.2f ×", now/before), goal: "≤ 1.5 ×", met: yes(now <= 1.5*before)})
}
