package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"qianshao/syncserver/office"
)

// Flight is the push under way: its exact bytes and the ticket it brings.
type Flight struct {
	Body []byte
	Next string
}

// Sent is a command of a flight with its number fixed.
type Sent struct {
	Mid  string
	N    int64
	Deps []string
}

// Result is the recorded outcome of one command.
type Result struct {
	Mid     string
	Outcome string
	Code    office.Code
	Message string
	Field   string
	Detail  json.RawMessage
	At      int64
}

// Flight reads the push under way; false if there is none.
func (b *Box) Flight(ctx context.Context) (Flight, bool, error) {
	var f Flight
	err := b.db.QueryRowContext(ctx, "SELECT flight, next FROM desk").Scan(&f.Body, &f.Next)
	if err != nil {
		return f, false, fmt.Errorf("read the outbox: %w", err)
	}
	return f, f.Body != nil, nil
}

// Launch keeps a push before it leaves, and fixes the numbers of its commands.
func (b *Box) Launch(ctx context.Context, f Flight, cmds []Sent) error {
	return b.write(ctx, "keep the request", func(tx *sql.Tx) error {
		d, err := readDesk(ctx, tx)
		if err != nil {
			return err
		}
		n := d.N
		for _, c := range cmds {
			deps, err := json.Marshal(append([]string{}, c.Deps...))
			if err != nil {
				return err
			}
			if err := exec(ctx, tx, "UPDATE command SET dev = ?, n = ?, deps = ? WHERE mid = ?", d.Dev, c.N, string(deps), c.Mid); err != nil {
				return err
			}
			n = max(n, c.N)
		}
		return exec(ctx, tx, "UPDATE desk SET n = ?, flight = ?, next = ?", n, f.Body, f.Next)
	})
}

// Land records the answers to the push under way and takes its ticket.
func (b *Box) Land(ctx context.Context, next string, rs []Result) error {
	return b.write(ctx, "record the answers", func(tx *sql.Tx) error {
		if _, err := record(ctx, tx, rs); err != nil {
			return err
		}
		return exec(ctx, tx, "UPDATE desk SET ticket = ?, flight = NULL, next = ''", next)
	})
}

// Pulled is what a pull says about this device's commands.
type Pulled struct {
	Base    int64 // effects up to here are in the replica, committed
	Durable int64 // commands up to here are in a verified backup of the server
	Results []Result
}

// Pull records it: outcomes whose answer was lost, how far effects have come
// back, what is in a verified backup. It reports how many outcomes were new.
// Without any news it writes nothing. It is called before the replica takes the
// pull in, so it may only rely on what the replica had before.
func (b *Box) Pull(ctx context.Context, p Pulled) (int, error) {
	d, err := b.Desk(ctx)
	if err != nil {
		return 0, err
	}
	if len(p.Results) == 0 && p.Base <= d.Settled && p.Durable <= d.Durable {
		return 0, nil
	}
	fresh := 0
	err = b.write(ctx, "record outcomes", func(tx *sql.Tx) error {
		if fresh, err = record(ctx, tx, p.Results); err != nil {
			return err
		}
		if err := exec(ctx, tx, "UPDATE desk SET settled = max(settled, ?), durable = max(durable, ?)", p.Base, p.Durable); err != nil {
			return err
		}
		// What a verified backup holds need not be sent again. A refused
		// command stays until its author has ended it.
		safe := min(p.Durable, p.Base)
		if err := exec(ctx, tx, `UPDATE command SET archived = 1 WHERE archived = 0 AND dev = ? AND n <= ? AND (outcome IN (`+success+`) OR ended <> '')`, d.Dev, safe); err != nil || p.Durable <= d.Durable {
			return err
		}
		// What was answered under a former device came before the first command
		// under this one, and lies in the same backup.
		return exec(ctx, tx, `UPDATE command SET archived = 1 WHERE archived = 0 AND dev NOT IN ('', ?1) AND (outcome IN (`+success+`) OR ended <> '')
			AND EXISTS (SELECT 1 FROM command c WHERE c.dev = ?1 AND c.n <= ?2 AND c.outcome <> '')`, d.Dev, safe)
	})
	return fresh, err
}

// record writes outcomes and reports how many were not known. Results of
// commands that are not here belong to another copy of this profile.
func record(ctx context.Context, tx *sql.Tx, rs []Result) (int, error) {
	if len(rs) == 0 {
		return 0, nil
	}
	fresh := 0
	for _, r := range rs {
		res, err := tx.ExecContext(ctx, `UPDATE command SET outcome = ?, code = ?, message = ?, field = ?, detail = ?, at = ?,
			seen = CASE WHEN outcome = ? AND code = ? THEN seen ELSE 0 END
			WHERE mid = ? AND n IS NOT NULL AND (outcome <> ? OR code <> ? OR at <> ?)`,
			r.Outcome, string(r.Code), r.Message, r.Field, string(r.Detail), r.At, r.Outcome, string(r.Code), r.Mid, r.Outcome, string(r.Code), r.At)
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		fresh += int(n)
	}
	// Once for all: the desk's row may hold the request under way, and is as large.
	mids := make([]string, len(rs))
	for i, r := range rs {
		mids[i] = r.Mid
	}
	list, err := json.Marshal(mids)
	if err != nil {
		return 0, err
	}
	return fresh, exec(ctx, tx, `UPDATE desk SET acked = max(acked, COALESCE((SELECT max(c.n) FROM json_each(?) j CROSS JOIN command c
		WHERE c.mid = j.value AND c.dev = desk.dev), 0))`, string(list))
}

// Fork makes this desk another device: numbers begin again, commands whose
// effects have not come back (n > lastN), or whose answer has not, are sent
// again under their old mids. With replay so are all that took effect and are in no verified backup. A
// device that is not new has numbers already: the next one is from+1.
func (b *Box) Fork(ctx context.Context, dev string, lastN, from int64, replay bool) error {
	return b.write(ctx, "fork", func(tx *sql.Tx) error { return fork(ctx, tx, dev, lastN, from, replay) })
}

func fork(ctx context.Context, tx *sql.Tx, dev string, lastN, from int64, replay bool) error {
	if _, err := release(ctx, tx, lastN); err != nil {
		return err
	}
	if err := exec(ctx, tx, again+"ended = '' AND archived = 0 AND (n > ? OR outcome = '') AND dev = (SELECT dev FROM desk)", lastN); err != nil {
		return err
	}
	if replay {
		if _, err := requeue(ctx, tx); err != nil {
			return err
		}
	}
	if err := exec(ctx, tx, "UPDATE desk SET dev = ?, ticket = '', n = ?, acked = 0, settled = ?, durable = 0, flight = NULL, next = ''", dev, from, from); err != nil {
		return err
	}
	_, err := bump(ctx, tx)
	return err
}

// Replay makes all commands that took effect and are in no verified backup be
// sent again, under their old mids: the server's history is not the one that
// answered them. serverN is the highest n of this device it knows now. Replay
// reports how many commands are to be sent.
func (b *Box) Replay(ctx context.Context, serverN int64) (n int64, err error) {
	err = b.write(ctx, "replay", func(tx *sql.Tx) error {
		unfixed, err := release(ctx, tx, serverN)
		if err != nil {
			return err
		}
		if n, err = requeue(ctx, tx); err != nil {
			return err
		}
		if err := exec(ctx, tx, "UPDATE desk SET acked = min(acked, ?)", serverN); err != nil || n+unfixed == 0 {
			return err
		}
		_, err = bump(ctx, tx)
		return err
	})
	return n, err
}

// again queues a command anew: unanswered, without a number.
const again = "UPDATE command SET n = NULL, dev = '', former = CASE outcome WHEN '' THEN former ELSE outcome END, " +
	"former_code = CASE outcome WHEN '' THEN former_code ELSE code END, former_detail = CASE outcome WHEN '' THEN former_detail ELSE detail END, " +
	"former_at = CASE outcome WHEN '' THEN former_at ELSE at END, outcome = '', code = '', message = '', field = '', detail = '' WHERE "

func requeue(ctx context.Context, tx *sql.Tx) (int64, error) {
	r, err := tx.ExecContext(ctx, again+"ended = '' AND archived = 0 AND outcome IN ("+success+")")
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// release takes the numbers above n from refused commands: they are refused
// and come back with no pull. They are not sent again, their author has been
// told.
func release(ctx context.Context, tx *sql.Tx, n int64) (int64, error) {
	r, err := tx.ExecContext(ctx, "UPDATE command SET n = NULL, dev = '' WHERE n > ? AND dev = (SELECT dev FROM desk) AND outcome IN ("+refused+")", n)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Remid gives unanswered commands new mids. Only an ablation uses it: a
// command sent twice would then take effect twice.
func (b *Box) Remid(ctx context.Context, fresh func() (string, error)) error {
	cs, err := b.query(ctx, "n IS NULL AND archived = 0 AND ended = ''")
	if err != nil {
		return err
	}
	return b.write(ctx, "new mids", func(tx *sql.Tx) error {
		for _, c := range cs {
			mid, err := fresh()
			if err != nil {
				return err
			}
			for _, table := range []string{"command", "command_blob"} {
				if err := exec(ctx, tx, "UPDATE "+table+" SET mid = ? WHERE mid = ?", mid, c.Mid); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Claims tells of commands whose number the server gives to another command.
// An unanswered one: another copy of this profile has used its number
// (copied). An answered one: the server was set back to before it answered,
// and another copy has used the number since; forgot is the lowest such
// number, 0 for none.
func (b *Box) Claims(ctx context.Context, dev string, byN map[int64]string) (copied bool, forgot int64, err error) {
	for n, mid := range byN {
		var is, outcome string
		err := b.db.QueryRowContext(ctx, "SELECT mid, outcome FROM command WHERE dev = ? AND n = ?", dev, n).Scan(&is, &outcome)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return false, 0, fmt.Errorf("read the outbox: %w", err)
		case is == mid:
		case outcome == "":
			copied = true
		case forgot == 0 || n < forgot:
			forgot = n
		}
	}
	return copied, forgot, nil
}
