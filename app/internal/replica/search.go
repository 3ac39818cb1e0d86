package replica

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// Hit is one found record.
type Hit struct {
	Key
	Root  string
	Title string
}

// maxHits is the most hits one search gives.
const maxHits = 200

// Search finds the records in whose text all the words occur, the latest
// changed first. Two Chinese characters are enough; Latin words may be cut
// short at the end; pinyin finds what stores it.
func (r *Replica) Search(ctx context.Context, text string, limit int) ([]Hit, error) {
	q := match(text)
	if q == "" {
		return nil, nil
	}
	if limit <= 0 || limit > maxHits {
		limit = maxHits
	}
	tx, err := r.r.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, "SELECT d.kind, d.id FROM search s JOIN search_doc d ON d.no = s.rowid WHERE s.text MATCH ? ORDER BY s.rowid DESC LIMIT ?", q, limit)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer rows.Close()
	var out []Hit
	for rows.Next() {
		var h Hit
		if err := rows.Scan(&h.Kind, &h.ID); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		out = append(out, h)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	rows.Close()
	for i := range out {
		rec, ok, err := r.rows.Get(ctx, tx, out[i].Kind, out[i].ID)
		if err != nil {
			return nil, err
		}
		if ok {
			out[i].Root, out[i].Title = rec.Root, TitleOf(r.kinds.Get(rec.Kind), rec)
		}
	}
	return out, nil
}

// TitleOf is the title of a record, "" if its kind has none.
func TitleOf(k *office.Kind, r office.Record) string {
	m, err := r.Fields()
	if err != nil || k.Title == "" {
		return ""
	}
	return strings.Join(texts(m[k.Title]), " ")
}

// indexAtOnce is how many changed rows are indexed in the transaction that
// changes them. What brings more, a first load, leaves them to IndexSome: the
// rows can be read long before their words can be found.
const indexAtOnce = 500

// reindex brings the search index in step with the changed rows.
func (t *Tx) reindex() error {
	ks := make([]Key, 0, len(t.changed))
	for k := range t.changed {
		if kind := t.r.kinds.Get(k.Kind); kind != nil && searchable(kind) {
			ks = append(ks, k)
		}
	}
	// The order of rows is the order of hits: let it not depend on a map.
	slices.SortFunc(ks, func(a, b Key) int {
		if n := strings.Compare(a.Kind, b.Kind); n != 0 {
			return n
		}
		return strings.Compare(a.ID, b.ID)
	})
	later := len(ks) > indexAtOnce
	for _, k := range ks {
		var err error
		if later {
			err = t.indexLater(k)
		} else {
			err = t.reindexRow(k)
		}
		if err != nil {
			return fmt.Errorf("index for search: %w", err)
		}
	}
	return nil
}

// indexLater leaves a row to IndexSome. What went leaves the index at once:
// nothing erased is found, or stays in the files, for a moment longer.
func (t *Tx) indexLater(k Key) error {
	_, ok, err := t.visible(k)
	if err != nil {
		return err
	}
	if !ok {
		return t.reindexRow(k)
	}
	return t.exec("INSERT OR IGNORE INTO search_wait (kind, id) VALUES (?, ?)", k.Kind, k.ID)
}

// IndexSome indexes up to n of the rows that were left for later and reports
// how many it did; less than n, and none is left.
func (r *Replica) IndexSome(ctx context.Context, n int) (did int, err error) {
	_, err = r.Update(ctx, func(t *Tx) error {
		ks, err := t.keys("SELECT kind, id FROM search_wait ORDER BY kind, id LIMIT ?", n)
		if err != nil {
			return err
		}
		for _, k := range ks {
			if t.r.kinds.Get(k.Kind) == nil {
				err = t.exec("DELETE FROM search_wait WHERE kind = ? AND id = ?", k.Kind, k.ID)
			} else {
				err = t.reindexRow(k)
			}
			if err != nil {
				return err
			}
		}
		did = len(ks)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("index for search: %w", err)
	}
	return did, nil
}

// mergePages is how many pages of the index one step of MergeIndex writes: a few
// milliseconds of work.
const mergePages = 200

// MergeIndex brings the search index, which a first load leaves in a dozen parts,
// nearer to one part and reports whether there is more to do. Each word of a
// record that changes is looked up in each part, and searching reads them all.
// from begins a merge of everything; without it a step goes on with it.
func (r *Replica) MergeIndex(ctx context.Context, from bool) (more bool, err error) {
	pages := mergePages
	if from {
		pages = -mergePages
	}
	_, err = r.Update(ctx, func(t *Tx) error {
		var before, after int64
		if err := t.tx.QueryRowContext(t.ctx, "SELECT total_changes()").Scan(&before); err != nil {
			return err
		}
		if err := t.exec("INSERT INTO search (search, rank) VALUES ('merge', ?)", pages); err != nil {
			return err
		}
		if err := t.tx.QueryRowContext(t.ctx, "SELECT total_changes()").Scan(&after); err != nil {
			return err
		}
		more = after-before >= 2 // the statement itself counts as one
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("merge the index: %w", err)
	}
	return more, nil
}

// unindexed is how many rows search does not find yet.
func (t *Tx) unindexed() (n int, err error) {
	err = t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM search_wait").Scan(&n)
	return n, err
}

// Unindexed is how many rows search does not find yet.
func (r *Replica) Unindexed(ctx context.Context) (n int, err error) {
	err = r.View(ctx, func(t *Tx) (err error) {
		n, err = t.unindexed()
		return err
	})
	return n, err
}

func (t *Tx) reindexRow(k Key) error {
	r, ok, err := t.visible(k)
	if err != nil {
		return err
	}
	if err := t.exec("DELETE FROM search_wait WHERE kind = ? AND id = ?", k.Kind, k.ID); err != nil {
		return err
	}
	now := ""
	if ok {
		now = spaced(textOf(t.r.kinds.Get(k.Kind), r))
	}
	var no int64
	var old string
	err = t.tx.QueryRowContext(t.ctx, "SELECT no, text FROM search_doc WHERE kind = ? AND id = ?", k.Kind, k.ID).Scan(&no, &old)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case old == now:
		return nil
	default:
		if err := t.exec("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", no, old); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM search_doc WHERE no = ?", no); err != nil {
			return err
		}
	}
	if now == "" {
		return nil
	}
	if t.lastDoc == 0 {
		if err := t.tx.QueryRowContext(t.ctx, "SELECT COALESCE(max(no), 0) FROM search_doc").Scan(&t.lastDoc); err != nil {
			return err
		}
	}
	t.lastDoc++
	no = t.lastDoc
	if err := t.exec("INSERT INTO search_doc (no, kind, id, text) VALUES (?, ?, ?, ?)", no, k.Kind, k.ID, now); err != nil {
		return err
	}
	return t.exec("INSERT INTO search (rowid, text) VALUES (?, ?)", no, now)
}

// Fields that kinds of named things store for typing by sound, and that search
// finds without being told.
const (
	pinyinField   = "pinyin"
	initialsField = "initials"
)

func searchable(k *office.Kind) bool {
	if len(k.Search) > 0 || k.SearchText != nil {
		return true
	}
	_, ok := k.Field(pinyinField)
	return ok
}

// textOf is the text of a record that search finds.
func textOf(k *office.Kind, r office.Record) string {
	m, err := r.Fields()
	if err != nil {
		return "" // a body that is no object has no text; the sums tell of it
	}
	var out []string
	for _, f := range k.Search {
		out = append(out, texts(m[f])...)
	}
	for _, f := range []string{pinyinField, initialsField} {
		for _, s := range texts(m[f]) {
			// "lin zhi yuan" is typed in one word too.
			out = append(out, s, strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\'' || r == '-' }), ""))
		}
	}
	if k.SearchText != nil {
		out = append(out, k.SearchText(r))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// texts are the strings of a field: one, or a list of them.
func texts(raw json.RawMessage) []string {
	if len(raw) == 0 {
		return nil
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return []string{s}
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	return nil // numbers and objects are not words
}
