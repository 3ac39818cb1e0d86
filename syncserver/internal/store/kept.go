package store

import (
	"context"
	"database/sql"
	"sync"
)

// maxKept is how many statements are kept prepared; the program has fewer, but
// lists of ids of any length make more.
const maxKept = 300

// kept are the prepared statements of the embedded database, whose driver
// parses every statement anew otherwise: that took a third of a command's time.
type kept struct {
	mu    sync.Mutex
	stmts map[string]*sql.Stmt
	seen  map[string]bool // once so far
}

func newKept() *kept { return &kept{stmts: map[string]*sql.Stmt{}, seen: map[string]bool{}} }

// get gives a prepared statement, or nil; again says that the statement comes
// for the second time and should be prepared.
func (k *kept) get(query string) (s *sql.Stmt, again bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.stmts[query]; s != nil {
		return s, false
	}
	if len(k.stmts) >= maxKept {
		return nil, false
	}
	if k.seen[query] {
		return nil, true
	}
	if len(k.seen) < 10*maxKept {
		k.seen[query] = true
	}
	return nil, false
}

// prepare prepares statements outside any transaction. Failing is harmless:
// they run unprepared.
func (k *kept) prepare(ctx context.Context, db *sql.DB, queries []string) {
	for _, q := range queries {
		s, err := db.PrepareContext(ctx, q)
		if err != nil {
			continue
		}
		k.mu.Lock()
		if k.stmts[q] == nil {
			k.stmts[q] = s
			s = nil
		}
		k.mu.Unlock()
		if s != nil {
			s.Close()
		}
	}
}

// close drops all statements before their database closes.
func (k *kept) close() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.stmts {
		s.Close()
	}
	k.stmts = map[string]*sql.Stmt{}
}
