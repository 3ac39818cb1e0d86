package servertest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/protocol"
)

// page is how many records are read at a time.
const page = 500

// Records are all records of a kind, ordered by id.
func (s *Server) Records(kind string) ([]office.Record, error) {
	var out []office.Record
	in := s.server()
	err := in.Store.Read(context.Background(), func(q store.Q) (err error) {
		out, err = all(in, q, kind)
		return err
	})
	return out, err
}

func all(in parts, q store.Q, kind string) ([]office.Record, error) {
	var out []office.Record
	for after := ""; ; {
		rows, err := in.Store.Rows.Page(context.Background(), q, kind, after, page)
		if err != nil || len(rows) == 0 {
			return out, err
		}
		for _, r := range rows {
			out = append(out, r.Record)
		}
		after = rows[len(rows)-1].ID
	}
}

// View are the records of a kind in a view that is by one field, of this value.
func (s *Server) View(kind, view, value string) ([]office.Record, error) {
	var out []office.Record
	in := s.server()
	err := in.Store.Read(context.Background(), func(q store.Q) error {
		k := in.Catalog.Kinds().Get(kind)
		v, ok := k.View(view)
		if !ok || len(v.By) != 1 {
			return office.Invalid("view", "%q", view)
		}
		checked, err := in.Catalog.Kinds().Check(office.Query{Kind: kind, View: view, Where: []office.Cond{office.Where(v.By[0], value)}})
		if err != nil {
			return err
		}
		out, err = in.Store.Rows.List(context.Background(), q, checked)
		return err
	})
	return out, err
}

// Truth is what a desk of this person must hold at a checkpoint: every record
// that lives on desks and whose audience, computed anew from the records
// themselves, meets the person's subscriptions, computed anew from the person's
// record. It reads no channel, counter or subscription that the server keeps:
// it is the oracle for them. Ordered by kind and id.
func (s *Server) Truth(uid office.UserID) ([]office.Record, error) {
	in := s.server()
	kinds := in.Catalog.Kinds()
	var out []office.Record
	err := in.Store.Read(context.Background(), func(q store.Q) error {
		out = nil
		person, ok, err := in.Store.Rows.Get(context.Background(), q, directory.People.Name, string(uid))
		if err != nil || !ok {
			return err
		}
		mine, err := directory.Subscriptions(person)
		if err != nil {
			return err
		}
		aged, err := store.Aged(context.Background(), q)
		if err != nil {
			return err
		}
		roots := map[string]map[string]office.Record{}
		for _, k := range kinds.All() {
			if k.IsRoot() {
				rs, err := all(in, q, k.Name)
				if err != nil {
					return err
				}
				roots[k.Name] = map[string]office.Record{}
				for _, r := range rs {
					roots[k.Name][r.ID] = r
				}
			}
		}
		for _, k := range kinds.All() {
			if k.Residence == office.ResidentNever {
				continue
			}
			rs, err := all(in, q, k.Name)
			if err != nil {
				return err
			}
			for _, r := range rs {
				chans, err := kinds.Channels(r, roots[k.RootKind()][r.Root])
				if err != nil {
					return err
				}
				if !slices.ContainsFunc(chans, func(c office.Channel) bool { return slices.Contains(mine, c) }) {
					continue
				}
				root := roots[k.RootKind()][r.Root]
				lives, err := Lives(kinds, aged, r, root)
				if err != nil {
					return err
				}
				if _, pinned := roots[office.Pins.Name][office.PinID(uid, root.Kind, root.ID)]; lives || pinned {
					out = append(out, r)
				}
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b office.Record) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	return out, err
}

// Lives reports whether a record lives on its readers' desks by its kind's rule
// and its root's, when what was due up to aged has left them.
func Lives(ks *office.Kinds, aged int64, r, root office.Record) (bool, error) {
	for _, x := range []office.Record{r, root} {
		k := ks.Get(x.Kind)
		if k.Residence != office.ResidentWindow {
			if x.Kind == r.Kind && k.Residence != office.ResidentAlways {
				return false, nil
			}
			continue
		}
		until, err := k.Window(x)
		if err != nil || until > 0 && until <= aged {
			return false, err
		}
	}
	return true, nil
}

// Age takes the records off the desks whose time there is over, as the clockwork
// does every ten minutes.
func (s *Server) Age() (int, error) { return s.server().Authority.Age(context.Background()) }

// Outcome is the recorded result of a command and who gave it; ok is false if
// the server never handled it.
func (s *Server) Outcome(mid string) (r protocol.Result, uid office.UserID, ok bool, err error) {
	in := s.server()
	err = in.Store.Read(context.Background(), func(q store.Q) error {
		m, found, err := store.FindMut(context.Background(), q, mid)
		r, uid, ok = m.Result, m.UID, found
		return err
	})
	return r, uid, ok, err
}

// Handled counts the commands that have an outcome.
func (s *Server) Handled() (n int, err error) {
	in := s.server()
	err = in.Store.Read(context.Background(), func(q store.Q) error {
		return q.QueryRowContext(context.Background(), "SELECT count(*) FROM mut").Scan(&n)
	})
	return n, err
}

// RunJobs does the jobs that are due by the clock, timers included, and tells
// how many.
func (s *Server) RunJobs() (int, error) { return s.server().Authority.RunJobs(context.Background()) }

// GC forgets entries of channels, removed rows' marks and old results from
// before a time, as the clockwork does every night.
func (s *Server) GC(before time.Time) error {
	return s.server().Authority.GC(context.Background(), before)
}

// Check is the doctor: it computes again what the store keeps ready and tells
// each difference.
func (s *Server) Check() ([]string, error) { return s.server().Authority.Check(context.Background()) }

// Verify holds every trace and the books of numbers together and tells what is
// broken, as the program's command of that name.
func (s *Server) Verify() ([]string, error) {
	f, err := s.server().Verify(context.Background())
	return f.Broken, err
}

// Fingerprint sums up what the store holds: equal before and after means that
// nothing was stored, changed or removed. How often passwords were wrong, and
// when a session was last used, does not count.
func (s *Server) Fingerprint() (string, error) {
	in := s.server()
	queries := []string{
		"SELECT mid, uid, outcome, code FROM mut ORDER BY mid",
		"SELECT dev, uid, last_n, ticket, state FROM device ORDER BY dev",
		"SELECT id, uid, dev, '' FROM session ORDER BY id",
		"SELECT name, uid, hash, state FROM account ORDER BY name",
		"SELECT chan, lane, seq, chain FROM chan_head ORDER BY chan, lane",
		"SELECT id, kind, state, '' FROM job ORDER BY id",
	}
	for _, k := range in.Catalog.Kinds().All() {
		queries = append(queries, "SELECT id, root, ver, sum FROM "+in.Store.Rows.Table(k.Name)+" ORDER BY id")
	}
	h := sha256.New()
	err := in.Store.Read(context.Background(), func(q store.Q) error {
		h.Reset()
		for _, query := range queries {
			fmt.Fprintln(h, query)
			rows, err := q.QueryContext(context.Background(), query)
			if err != nil {
				return err
			}
			for rows.Next() {
				var row [5]sql.NullString
				cols, err := rows.Columns()
				if err != nil {
					return errors.Join(err, rows.Close())
				}
				to := make([]any, len(cols))
				for i := range to {
					to[i] = &row[i]
				}
				if err := rows.Scan(to...); err != nil {
					return errors.Join(err, rows.Close())
				}
				fmt.Fprintf(h, "%v\n", row[:len(cols)])
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)[:16]), err
}

// BlobGC removes contents of files that no record has referred to since a time,
// as the clockwork does every night.
func (s *Server) BlobGC(before time.Time) error {
	return s.server().Authority.BlobGC(context.Background(), before)
}
