package fill_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/internal/authority"
	"qianshao/syncserver/internal/backup"
	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/store/pgtest"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/internal/wiring/fill"
)

var pg pgtest.Cluster

func TestMain(m *testing.M) {
	code := m.Run()
	pg.Stop()
	os.Exit(code)
}

func config(dir, url string) wiring.Config {
	return wiring.Config{
		Dir: dir, URL: url, Now: time.Now, Rand: rand.Reader,
		Passwords: identity.Params{Memory: 8, Time: 1, Threads: 1},
	}
}

func open(t *testing.T, c wiring.Config) *wiring.Server {
	t.Helper()
	s, err := wiring.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func healthy(t *testing.T, s *wiring.Server) {
	t.Helper()
	if _, faults, err := s.Doctor(context.Background()); err != nil || len(faults) > 0 {
		t.Errorf("%v %v", faults, err)
	}
}

func word(t *testing.T, s *wiring.Server, query string) (v string) {
	t.Helper()
	err := s.Store.Read(context.Background(), func(q store.Q) error { return q.QueryRowContext(context.Background(), query).Scan(&v) })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The demonstration office is backed up while it serves, put back into either
// database, and moved from one to the other, row by row the same.
func TestKeepAndMove(t *testing.T) {
	ctx := context.Background()
	home := filepath.Join(t.TempDir(), "home")
	s := open(t, config(home, ""))
	if _, _, err := fill.Demo(ctx, s, "Tr4vel-by-night-train"); err != nil {
		t.Fatal(err)
	}
	if err := s.Authority.RegisterDevice(ctx, "lin-zhiyuan", "0192f0c1-0000-7000-8000-00000000000d", "i"); err != nil {
		t.Fatal(err)
	}
	shelf := t.TempDir()
	r, err := s.Backup(ctx, shelf)
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows < 1000 || r.Tables < 20 {
		t.Errorf("%+v", r)
	}
	if word(t, s, "SELECT value FROM meta WHERE key = 'backup'") == "" {
		t.Error("the backup is not noted")
	}
	healthy(t, s)

	t.Run("a spoilt backup", func(t *testing.T) { spoilt(t, r.Dir) })

	for name, to := range map[string]wiring.Config{"sqlite": config(filepath.Join(t.TempDir(), "new"), ""), "postgres": config("", pg.Database(t))} {
		t.Run("restore to "+name, func(t *testing.T) {
			if _, err := wiring.Restore(ctx, r.Dir, to, false); err != nil {
				t.Fatal(err)
			}
			n := open(t, to)
			if n.Store.Epoch() == s.Store.Epoch() {
				t.Error("the epoch is the old one")
			}
			for query, want := range map[string]string{
				"SELECT count(*) FROM session":                                          "0",
				"SELECT count(*) FROM r_doc_series WHERE body NOT LIKE '%\"closed\":%'": "0",
				"SELECT count(*) FROM account":                                          word(t, s, "SELECT count(*) FROM account"),
				"SELECT count(*) FROM device WHERE durable_n = last_n":                  "1",
			} {
				if got := word(t, n, query); got != want {
					t.Errorf("%s: %s, want %s", query, got, want)
				}
			}
			if _, err := wiring.Restore(ctx, r.Dir, to, false); !errors.Is(err, store.ErrNotEmpty) {
				t.Errorf("over a full database: %v", err)
			}
			// A backup of what was restored is as good.
			if _, err := n.Backup(ctx, t.TempDir()); err != nil {
				t.Error(err)
			}
		})
	}

	t.Run("move", func(t *testing.T) {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		url := pg.Database(t)
		var told []string
		r, err := wiring.Move(ctx, config(home, ""), config("", url), func(what, table string, n int64) { told = append(told, what+" "+table) })
		if err != nil {
			t.Fatal(err)
		}
		n := open(t, config("", url))
		if n.Store.Epoch() != r.Epoch || r.Rows < 1000 || !strings.Contains(strings.Join(told, ","), "check chan_row") {
			t.Errorf("%+v %v", r, told)
		}
		healthy(t, n)
		if err := n.CheckHere(ctx); err != nil {
			t.Error(err)
		}
		old := open(t, config(home, ""))
		if err := old.CheckHere(ctx); !errors.Is(err, wiring.ErrMoved) {
			t.Errorf("what is left behind: %v", err)
		}
		if _, err := wiring.Move(ctx, config(home, ""), config("", pg.Database(t)), nil); !errors.Is(err, wiring.ErrMoved) {
			t.Errorf("moved twice: %v", err)
		}
		other := t.TempDir()
		open(t, config(other, ""))
		if _, err := wiring.Move(ctx, config(other, ""), config("", url), nil); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("into a full database: %v", err)
		}
	})
}

// spoilt harms copies of a backup: none of them is taken.
func spoilt(t *testing.T, good string) {
	ctx := context.Background()
	edit := func(name string, f func([]byte) []byte) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, name)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, harm := range map[string]func(t *testing.T, dir string){
		"a flipped bit": edit("tables/r_doc_body.jsonl.zst", func(b []byte) []byte { b[len(b)/2] ^= 1; return b }),
		"a lost end":    edit("tables/chan_row.jsonl.zst", func(b []byte) []byte { return b[:len(b)/2] }),
		"another count": edit("manifest.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"rows": 1`), []byte(`"rows": 2`), 1) }),
		"a later form":  edit("manifest.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"format": 1`), []byte(`"format": 2`), 1) }),
		"no manifest":   func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "manifest.json")) },
		"a lost table":  func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "tables", "mut.jsonl.zst")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "b")
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			harm(t, dir)
			b, err := backup.Open(dir)
			if err == nil {
				_, err = b.Verify(ctx)
			}
			if err == nil {
				t.Error("nobody noticed")
			}
			to := filepath.Join(t.TempDir(), "new")
			if _, err := wiring.Restore(ctx, dir, config(to, ""), false); err == nil {
				t.Error("it was restored")
			}
			if _, err := os.Stat(filepath.Join(to, store.File)); err == nil {
				t.Error("a database was made of it")
			}
		})
	}
}

// Files go along with a backup, and a backup that lacks one is none.
func TestFilesAreKept(t *testing.T) {
	ctx := context.Background()
	s := open(t, config(t.TempDir(), ""))
	const content = "一份附件"
	sha := bring(t, s, content)
	r, err := s.Backup(ctx, t.TempDir())
	if err != nil || r.Files != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	to := config(filepath.Join(t.TempDir(), "new"), "")
	if _, err := wiring.Restore(ctx, r.Dir, to, false); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(to.Dir, "blobs", sha[:2], sha))
	if err != nil || string(raw) != content {
		t.Errorf("%q %v", raw, err)
	}
	n := open(t, to)
	healthy(t, n)
	orphan := filepath.Join(to.Dir, "blobs", "ab", "ab"+sha[2:])
	if err := os.MkdirAll(filepath.Dir(orphan), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(to.Dir, "blobs", sha[:2], sha), orphan); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(orphan, long, long); err != nil {
		t.Fatal(err)
	}
	_, faults, err := n.Doctor(ctx)
	if err != nil || len(faults) != 2 || !strings.Contains(strings.Join(faults, " "), "orphan") || !strings.Contains(strings.Join(faults, " "), "missing") {
		t.Errorf("%v %v", faults, err)
	}
	if err := os.Remove(filepath.Join(r.Dir, "files", sha[:2], sha)); err != nil {
		t.Fatal(err)
	}
	if _, err := wiring.Restore(ctx, r.Dir, config(filepath.Join(t.TempDir(), "x"), ""), false); err == nil {
		t.Error("a backup without its file is restored")
	}
}

func bring(t *testing.T, s *wiring.Server, content string) string {
	t.Helper()
	ctx := context.Background()
	const dev = "0192f0c1-0000-7000-8000-0000000000ff"
	if err := s.AddUser(ctx, "lin", "Tr4vel-by-night-train", wiring.NewPerson{UID: "lin", Name: "林"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Authority.RegisterDevice(ctx, "lin", dev, "i"); err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256([]byte(content))
	sha := hex.EncodeToString(h[:])
	got, err := s.Authority.BlobPut(ctx, authority.Caller{UID: "lin", Device: dev}, sha, 0, int64(len(content)), strings.NewReader(content))
	if err != nil || !got.Done {
		t.Fatalf("%+v %v", got, err)
	}
	return sha
}
