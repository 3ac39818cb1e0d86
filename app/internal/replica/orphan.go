package replica

import "fmt"

// Orphans names, in a line per kind, records the server gave that are in no
// channel, and entries of channels without a record.
func (t *Tx) Orphans() ([]string, error) {
	var out []string
	for _, k := range t.r.kinds.All() {
		var lost, void int
		table := t.r.rows.Table(k.Name)
		err := t.tx.QueryRowContext(t.ctx, `SELECT
			(SELECT count(*) FROM `+table+` r WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.kind = ? AND m.id = r.id)
				AND NOT EXISTS (SELECT 1 FROM base b WHERE b.kind = ? AND b.id = r.id)) +
			(SELECT count(*) FROM base b WHERE b.kind = ? AND b.present AND NOT EXISTS (SELECT 1 FROM member m WHERE m.kind = b.kind AND m.id = b.id)),
			(SELECT count(*) FROM (SELECT DISTINCT id FROM member WHERE kind = ?) m WHERE NOT EXISTS (SELECT 1 FROM `+table+` r WHERE r.id = m.id)
				AND NOT EXISTS (SELECT 1 FROM base b WHERE b.kind = ? AND b.id = m.id AND b.present))`,
			k.Name, k.Name, k.Name, k.Name, k.Name).Scan(&lost, &void)
		if err != nil {
			return nil, fmt.Errorf("look for orphans of %s: %w", k.Name, err)
		}
		if lost > 0 {
			out = append(out, fmt.Sprintf("%d records of %s are in no channel", lost, k.Name))
		}
		if void > 0 {
			out = append(out, fmt.Sprintf("%d records of %s are missing", void, k.Name))
		}
	}
	return out, nil
}
