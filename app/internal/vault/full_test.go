package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// A database that may not grow stands in for a disk without room: SQLite says
// the same of both.
func TestFull(t *testing.T) {
	p := Profile{Dir: t.TempDir(), Now: time.Now}
	db, err := p.Write(t.Context(), Outbox)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{"CREATE TABLE x (v BLOB)", "PRAGMA max_page_count = 8"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	_, err = db.Exec("INSERT INTO x VALUES (zeroblob(1 << 20))")
	if !Full(fmt.Errorf("give: %w", err)) {
		t.Errorf("%v is not seen as a full disk", err)
	}
	if _, err := db.Exec("INSERT INTO nothing VALUES (1)"); err == nil || Full(err) {
		t.Errorf("%v is seen as a full disk", err)
	}
	if Full(nil) || Full(errors.New("x")) || Full(os.ErrNotExist) {
		t.Error("anything is seen as a full disk")
	}
}

func TestSizes(t *testing.T) {
	p := Profile{Dir: t.TempDir(), Now: time.Now}
	for name, n := range map[string]int{
		"replica.db": 10, "replica.db-wal": 5, "outbox.db": 3, "copies/outbox-1.db": 2, "files/have/cd": 7,
		"replica.bad-1.db": 4, "qianshao.log": 1, "qianshao.log.1": 1, "profile.json": 6,
	} {
		path := filepath.Join(p.Dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := p.Sizes()
	want := []Use{{PartReplica, 15}, {PartOutbox, 3}, {PartCopies, 2}, {PartBlobs, 7}, {PartAside, 4}, {PartLogs, 2}, {PartOther, 6}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
}
