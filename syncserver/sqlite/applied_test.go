package sqlite

import (
	"context"
	"database/sql"
	"testing"
	"testing/fstest"
)

func TestApplied(t *testing.T) {
	two := fstest.MapFS{"0001_a.sql": {}, "0020_b.sql": {}}
	for _, c := range []struct {
		name string
		has  string
		want bool
	}{
		{"all", "(0, 1), (1, 1), (20, 1)", true},
		{"one is missing", "(0, 1), (20, 1)", false},
		{"the newest is missing", "(0, 1), (1, 1)", false},
		{"of a newer program", "(0, 1), (1, 1), (20, 1), (21, 1)", false},
		{"one taken back", "(0, 1), (1, 1), (20, 0)", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := sql.Open("sqlite3", "file:"+t.TempDir()+"/x.db")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if Applied(context.Background(), db, two) {
				t.Error("of an empty database it is true")
			}
			if _, err := db.Exec("CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL); INSERT INTO goose_db_version (version_id, is_applied) VALUES " + c.has); err != nil {
				t.Fatal(err)
			}
			if got := Applied(context.Background(), db, two); got != c.want {
				t.Errorf("%v, should be %v", got, c.want)
			}
		})
	}
}
