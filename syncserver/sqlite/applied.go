package sqlite

import (
	"context"
	"database/sql"
	"io/fs"
	"strconv"
	"strings"
)

// Applied reports whether a database has had all these numbered migrations
// (NUMBER_name.sql) and no others, so that opening it need not ask goose, which
// looks at each of them. Of a database that cannot be read it is false: then
// goose says why.
func Applied(ctx context.Context, db *sql.DB, files fs.FS) bool {
	list, err := fs.Glob(files, "*.sql")
	if err != nil {
		return false
	}
	want := map[int64]bool{0: true} // goose's own first line
	for _, name := range list {
		number, _, _ := strings.Cut(name, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return false
		}
		want[n] = true
	}
	rows, err := db.QueryContext(ctx, "SELECT version_id, is_applied FROM goose_db_version")
	if err != nil {
		return false
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var applied bool
		if err := rows.Scan(&n, &applied); err != nil || !applied || !want[n] {
			return false
		}
		delete(want, n)
	}
	return rows.Err() == nil && len(want) == 0
}
