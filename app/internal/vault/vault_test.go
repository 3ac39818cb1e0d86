package vault_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"qianshao/app/internal/vault"
)

func profile(t *testing.T) vault.Profile {
	t.Helper()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	return vault.Profile{
		Dir: filepath.Join(t.TempDir(), "林 知远 ?#%41&=", "档案"),
		Now: func() time.Time { now = now.Add(time.Minute); return now },
	}
}

func write(t *testing.T, p vault.Profile, f vault.File) *sql.DB {
	t.Helper()
	db, err := p.Write(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestPragmas(t *testing.T) {
	p := profile(t)
	for f, sync := range map[vault.File]int{vault.Replica: 1, vault.Outbox: 2} {
		db := write(t, p, f)
		var mode string
		var got, secure int
		if err := db.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
			t.Errorf("%s: journal mode %q %v", f, mode, err)
		}
		if err := db.QueryRow("PRAGMA synchronous").Scan(&got); err != nil || got != sync {
			t.Errorf("%s: synchronous %d %v", f, got, err)
		}
		if err := db.QueryRow("PRAGMA secure_delete").Scan(&secure); err != nil || secure != 1 {
			t.Errorf("%s: secure_delete %d %v", f, secure, err)
		}
	}
	es, err := os.ReadDir(p.Dir)
	if err != nil || len(es) < 3 {
		t.Fatal("files not in the profile's folder", es, err)
	}
	if runtime.GOOS != "windows" {
		for _, e := range append(es, nil) {
			path := p.Dir
			if e != nil {
				path = filepath.Join(p.Dir, e.Name())
			}
			if fi, err := os.Stat(path); err != nil || fi.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s: %v %v", path, fi.Mode(), err)
			}
		}
	}
}

func TestReadersSeeAndCannotWrite(t *testing.T) {
	p := profile(t)
	if _, err := p.Read(context.Background(), vault.Replica); !errors.Is(err, vault.ErrEmpty) {
		t.Fatal(err)
	}
	w := write(t, p, vault.Replica)
	if _, err := w.Exec("CREATE TABLE x(a); INSERT INTO x VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	r, err := p.Read(context.Background(), vault.Replica)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var n int
	if err := r.QueryRow("SELECT a FROM x").Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if _, err := r.Exec("INSERT INTO x VALUES (2)"); err == nil {
		t.Fatal("a reader wrote")
	}
}

// A reading command works on what a killed program has left, its log not yet
// taken in.
func TestReadersReadWhatAKillLeft(t *testing.T) {
	p := profile(t)
	w := write(t, p, vault.Replica)
	if _, err := w.Exec("CREATE TABLE x(a); INSERT INTO x VALUES (7)"); err != nil {
		t.Fatal(err)
	}
	for _, files := range [][]string{{".db", ".db-wal"}, {".db", ".db-wal", ".db-shm"}} {
		q := profile(t)
		if err := q.Make(); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(filepath.Join(p.Dir, "replica"+f))
			if err == nil {
				err = os.WriteFile(filepath.Join(q.Dir, "replica"+f), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		r, err := q.Read(context.Background(), vault.Replica)
		if err != nil {
			t.Fatal(files, err)
		}
		var n int
		if err := r.QueryRow("SELECT a FROM x").Scan(&n); err != nil || n != 7 {
			t.Error(files, n, err)
		}
		r.Close()
	}
}

func TestLockIsExclusive(t *testing.T) {
	p := profile(t)
	l, err := p.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Lock(); !errors.Is(err, vault.ErrBusy) {
		t.Fatal(err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	l, err = p.Lock()
	if err != nil {
		t.Fatal(err)
	}
	l.Release()
}

func damage(t *testing.T, p vault.Profile, f vault.File) {
	t.Helper()
	path := filepath.Join(p.Dir, string(f)+".db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(b); i++ {
		b[i] ^= 0xa5
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, db *sql.DB) {
	t.Helper()
	if _, err := db.Exec("CREATE TABLE x(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<500) INSERT INTO x SELECT hex(randomblob(50)) FROM n; PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
}

func TestDamageIsFoundAndSetAside(t *testing.T) {
	ctx := context.Background()
	p := profile(t)
	db := write(t, p, vault.Replica)
	fill(t, db)
	db.Close()
	damage(t, p, vault.Replica)
	if _, err := p.Write(ctx, vault.Replica); !errors.Is(err, vault.ErrDamaged) {
		t.Fatal(err)
	}
	name, err := p.SetAside(vault.Replica)
	if err != nil || name != "replica.bad-20260302T080100.000Z.db" {
		t.Fatal(name, err)
	}
	if _, err := os.Stat(filepath.Join(p.Dir, name)); err != nil {
		t.Fatal(err)
	}
	write(t, p, vault.Replica)
}

func TestNoDatabaseIsDamaged(t *testing.T) {
	p := profile(t)
	if err := p.Make(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.Dir, "replica.db"), []byte("this is a text, not a database, whatever its name may say"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(context.Background(), vault.Replica); !errors.Is(err, vault.ErrDamaged) {
		t.Fatal(err)
	}
}

func TestCopyAndRestore(t *testing.T) {
	ctx := context.Background()
	p := profile(t)
	db := write(t, p, vault.Outbox)
	fill(t, db)
	for range 30 {
		if err := p.Copy(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	es, err := os.ReadDir(filepath.Join(p.Dir, "copies"))
	if err != nil || len(es) != 24 {
		t.Fatal(len(es), err)
	}
	// The newest copy is bad: the one before it is taken.
	if err := os.WriteFile(filepath.Join(p.Dir, "copies", es[23].Name()), []byte("gone"), 0o600); err != nil {
		t.Fatal(err)
	}
	db.Close()
	damage(t, p, vault.Outbox)
	if _, err := p.Write(ctx, vault.Outbox); !errors.Is(err, vault.ErrDamaged) {
		t.Fatal(err)
	}
	if _, err := p.SetAside(vault.Outbox); err != nil {
		t.Fatal(err)
	}
	if ok, err := p.Restore(ctx); err != nil || !ok {
		t.Fatal(ok, err)
	}
	var n int
	if err := write(t, p, vault.Outbox).QueryRow("SELECT count(*) FROM x").Scan(&n); err != nil || n != 500 {
		t.Fatal(n, err)
	}
}

func TestNothingToRestore(t *testing.T) {
	if ok, err := profile(t).Restore(context.Background()); ok || err != nil {
		t.Fatal(ok, err)
	}
}
