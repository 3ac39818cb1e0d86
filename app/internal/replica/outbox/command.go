package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"qianshao/syncserver/office"
)

// Outcomes that need the person, and those that took effect: the words of the
// protocol, repeated here because this file outlives its versions.
const (
	refused = "'rejected', 'held', 'quarantined'"
	success = "'applied', 'noop', 'conflict'"
)

// How a person ends a command.
const (
	Discarded = "discarded"
	Retried   = "retried"
)

// Command is one command of the person.
type Command struct {
	Ord      int64
	Mid      string
	Kind     string
	Args     json.RawMessage
	Deps     []string // as far as they were known when it was given
	Claimed  int64
	Context  json.RawMessage
	Dev      string
	N        int64 // 0 = not fixed
	Outcome  string
	Code     office.Code
	Message  string
	Field    string
	Detail   json.RawMessage
	At       int64
	Seen     bool
	Ended    string
	Next     string
	Archived bool
	Blobs    []string // files it refers to; only Add reads it
	Former   Former   // what a server once answered that has forgotten it since
}

// Former is the result a command got before it was queued again.
type Former struct {
	Outcome string // "" = it never had one
	Code    office.Code
	Detail  json.RawMessage
	At      int64
}

// Waits reports whether a desk of this device, which has pulled the effects of
// everything up to lastN, must still show the command's effects on its own.
func (c Command) Waits(dev string, lastN int64) bool {
	return c.Ended == "" && !c.Archived && (c.N == 0 && c.Outcome == "" || c.N > lastN && c.Dev == dev)
}

const columns = "ord, mid, kind, args, deps, claimed, context, dev, COALESCE(n, 0), outcome, code, message, field, detail, at, seen, ended, next_mid, archived, former, former_code, former_detail, former_at"

func scan(rows *sql.Rows) ([]Command, error) {
	defer rows.Close()
	var out []Command
	for rows.Next() {
		var c Command
		var args, deps, context, detail, formerDetail string
		err := rows.Scan(&c.Ord, &c.Mid, &c.Kind, &args, &deps, &c.Claimed, &context, &c.Dev, &c.N, &c.Outcome, &c.Code, &c.Message, &c.Field, &detail, &c.At, &c.Seen, &c.Ended, &c.Next, &c.Archived, &c.Former.Outcome, &c.Former.Code, &formerDetail, &c.Former.At)
		if err != nil {
			return nil, err
		}
		c.Args, c.Context = json.RawMessage(args), json.RawMessage(context)
		if detail != "" {
			c.Detail = json.RawMessage(detail)
		}
		if formerDetail != "" {
			c.Former.Detail = json.RawMessage(formerDetail)
		}
		if err := json.Unmarshal([]byte(deps), &c.Deps); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func (b *Box) query(ctx context.Context, where string, args ...any) ([]Command, error) {
	rows, err := b.db.QueryContext(ctx, "SELECT "+columns+" FROM command WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	out, err := scan(rows)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return out, nil
}

// Waiting are the commands whose effects a desk must show on its own, in order.
func (b *Box) Waiting(ctx context.Context, dev string, lastN int64) ([]Command, error) {
	return b.query(ctx, "archived = 0 AND ended = '' AND (n IS NULL AND outcome = '' OR dev = ? AND n > ?) ORDER BY ord", dev, lastN)
}

// Sendable are the commands to be sent next: those whose n is fixed first, in
// the order of n, then the others as they were given. Those that wait for a
// file are not among them. A limit below 0 is none.
func (b *Box) Sendable(ctx context.Context, limit int) ([]Command, error) {
	return b.query(ctx, "archived = 0 AND ended = '' AND outcome = '' AND NOT ("+waits+") ORDER BY n IS NULL, n, ord LIMIT ?", limit)
}

// Get reads one command.
func (b *Box) Get(ctx context.Context, mid string) (Command, bool, error) {
	cs, err := b.query(ctx, "mid = ?", mid)
	if err != nil || len(cs) == 0 {
		return Command{}, false, err
	}
	return cs[0], true, nil
}

// Filter chooses commands of List.
type Filter struct {
	Mids     []string // only these; at most 500
	NeedsYou bool     // only those the person has to end
	Archived bool     // archived ones too
	Limit    int      // the newest so many; 0 = all
}

// List reads commands, oldest first.
func (b *Box) List(ctx context.Context, f Filter) ([]Command, error) {
	where, args := []string{"1"}, []any{}
	if !f.Archived {
		where = append(where, "archived = 0")
	}
	if f.NeedsYou {
		where = append(where, "ended = '' AND outcome IN ("+refused+")")
	}
	if f.Mids != nil {
		where = append(where, "mid IN (SELECT value FROM json_each(?))")
		list, err := json.Marshal(f.Mids)
		if err != nil {
			return nil, err
		}
		args = append(args, string(list))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = -1
	}
	args = append(args, limit)
	return b.query(ctx, "ord IN (SELECT ord FROM command WHERE "+strings.Join(where, " AND ")+" ORDER BY ord DESC LIMIT ?) ORDER BY ord", args...)
}

// Counts are the numbers of the status line.
type Counts struct {
	Open     int   // to be sent, or sent and not answered
	NeedsYou int   // refused, held or quarantined, and not ended
	Oldest   int64 // when the oldest of the open ones was given, by this desk's clock; 0 = none
}

// Counts reads them, of some commands only where kinds are named.
func (b *Box) Counts(ctx context.Context, kinds ...string) (Counts, error) {
	var c Counts
	query, args := "SELECT COALESCE(sum(outcome = ''), 0), COALESCE(sum(outcome IN ("+refused+")), 0), COALESCE(min(CASE outcome WHEN '' THEN claimed END), 0) FROM command WHERE archived = 0 AND ended = ''", []any(nil)
	if len(kinds) > 0 {
		query += " AND kind IN (?" + strings.Repeat(", ?", len(kinds)-1) + ")"
		for _, k := range kinds {
			args = append(args, k)
		}
	}
	err := b.db.QueryRowContext(ctx, query, args...).Scan(&c.Open, &c.NeedsYou, &c.Oldest)
	if err != nil {
		return c, fmt.Errorf("read the outbox: %w", err)
	}
	return c, nil
}

// Add queues a command and gives its place. If again names a refused command,
// it is ended in the same transaction: this one is sent in its stead.
func (b *Box) Add(ctx context.Context, c Command, again string) (ord int64, err error) {
	err = b.write(ctx, "queue a command", func(tx *sql.Tx) error {
		if ord, err = bump(ctx, tx); err != nil {
			return err
		}
		deps, err := json.Marshal(append([]string{}, c.Deps...))
		if err != nil {
			return err
		}
		context := string(c.Context)
		if context == "" {
			context = "[]"
		}
		if err := exec(ctx, tx, "INSERT INTO command (ord, mid, kind, args, deps, claimed, context) VALUES (?, ?, ?, ?, ?, ?, ?)", ord, c.Mid, c.Kind, string(c.Args), string(deps), c.Claimed, context); err != nil {
			return err
		}
		for _, sha := range c.Blobs {
			if err := exec(ctx, tx, "INSERT OR IGNORE INTO command_blob (mid, sha256) VALUES (?, ?)", c.Mid, sha); err != nil {
				return err
			}
		}
		if again == "" {
			return nil
		}
		return exec(ctx, tx, "UPDATE command SET ended = ?, next_mid = ?, seen = 1 WHERE mid = ?", Retried, c.Mid, again)
	})
	return ord, err
}

// Discard ends a command: one not yet sent, or a refused one. It reports
// whether it did; a command under way, or one that took effect, it leaves.
func (b *Box) Discard(ctx context.Context, mid string) (done bool, err error) {
	err = b.write(ctx, "discard a command", func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "UPDATE command SET ended = ?, seen = 1 WHERE mid = ? AND ended = '' AND archived = 0 AND (n IS NULL AND outcome = '' AND former NOT IN ("+success+") OR outcome IN ("+refused+"))", Discarded, mid)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		done = true
		_, err = bump(ctx, tx)
		return err
	})
	return done, err
}

// MarkSeen notes that the person has seen these commands' outcomes.
func (b *Box) MarkSeen(ctx context.Context, mids []string) error {
	list, err := json.Marshal(mids)
	if err != nil {
		return err
	}
	return b.write(ctx, "mark as seen", func(tx *sql.Tx) error {
		return exec(ctx, tx, "UPDATE command SET seen = 1 WHERE mid IN (SELECT value FROM json_each(?))", string(list))
	})
}
