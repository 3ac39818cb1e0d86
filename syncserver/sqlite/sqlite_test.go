package sqlite

import (
	"database/sql"
	"strings"
	"testing"
)

// plan is how a statement with one value is carried out.
func plan(t *testing.T, db *sql.DB, query string, value any) string {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, value)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		out = append(out, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "; ")
}

// A value does not change how a statement runs: were it planned again with what
// it is given, the second plan would use the index that a written-out value uses.
func TestAValueMakesNoNewPlan(t *testing.T) {
	db, err := sql.Open("sqlite3", "file:"+t.TempDir()+"/x.db?_case_sensitive_like=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE x (a TEXT, b TEXT); CREATE INDEX xa ON x (a)"); err != nil {
		t.Fatal(err)
	}
	const query = "SELECT b FROM x WHERE a LIKE "
	if got := plan(t, db, query+"'abc%' AND 1 = ?", 1); !strings.Contains(got, "xa") {
		t.Fatalf("with the value written out: %s", got)
	}
	if got := plan(t, db, query+"?", "abc%"); strings.Contains(got, "xa") {
		t.Errorf("the statement was planned again for its value: %s", got)
	}
}
