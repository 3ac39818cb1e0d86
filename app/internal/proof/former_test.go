package proof

import (
	"compress/gzip"
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/servertest"
)

// unpack puts a file that a former version left where a program finds it.
func unpack(t *testing.T, name, to string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "former", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, z); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// former is when the files of former versions were made.
var former = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// Files that version 1 left, a desk's and its server's, with work settled,
// refused, waiting and drafted: the present programs bring them to their own
// tables, a copy beside them, and nothing is lost.
func TestFilesOfFormerVersions(t *testing.T) {
	ctx := context.Background()
	sdir, pdir := t.TempDir(), t.TempDir()
	unpack(t, "office-2.db", filepath.Join(sdir, "office.db"))
	unpack(t, "outbox-1.db", filepath.Join(pdir, "outbox.db"))
	unpack(t, "replica-1.db", filepath.Join(pdir, "replica.db"))
	now := former
	clock := func() time.Time { now = now.Add(time.Second); return now }
	s, err := servertest.Start(servertest.Options{Dir: sdir, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := os.Stat(filepath.Join(sdir, "office-of-100.db")); err != nil {
		t.Errorf("no copy of the server's database: %v", err)
	}
	var device string
	query(t, filepath.Join(pdir, "outbox.db"), "SELECT dev FROM desk", &device)
	d, err := s.SignIn(lin, device, "install-1", nil)
	if err != nil || d.Device != device {
		t.Fatalf("%+v %v", d, err)
	}
	m := &machine{t: t, dir: pdir, url: s.URL, network: s.RoundTripper(), token: d.Token(), device: device, install: "install-1", now: clock}
	m.open()
	for _, f := range []string{"outbox", "replica"} {
		found, err := filepath.Glob(filepath.Join(pdir, "copies", "before-*-"+f+".db"))
		if err != nil || len(found) != 1 {
			t.Fatalf("copies of the %s: %v %v", f, found, err)
		}
		var n int
		query(t, found[0], "SELECT count(*) FROM sqlite_master WHERE name IN ('event', 'chan_sum')", &n)
		if n != 0 {
			t.Errorf("the copy of the %s is not of before", f)
		}
	}
	var states []string
	for _, i := range m.items() {
		states = append(states, i.Command+" "+i.State)
	}
	want := "todo.create@1 settled, todo.create@1 settled, document.register@1 settled, todo.edit@1 rejected, todo.create@1 queued, todo.edit@1 queued"
	if got := strings.Join(states, ", "); got != want {
		t.Errorf("%s", got)
	}
	if dr, ok, err := m.Draft(ctx, "words:p1"); err != nil || !ok || !strings.Contains(string(dr.Body), "拟同意") {
		t.Errorf("%+v %v %v", dr, ok, err)
	}
	es, err := m.Events(ctx, 10)
	if err != nil || !slices.ContainsFunc(es, func(e engine.Event) bool { return e.What == "upgrade" }) {
		t.Errorf("%+v %v", es, err)
	}
	if r := m.sync(); r.Pushed != 2 || r.Applied != 2 || r.Rewound || r.Forked {
		t.Errorf("%+v", r)
	}
	if got := todos(t, s); got["汛前物资清单"] != 1 || got["还没送达的一件"] != 1 {
		t.Errorf("%v", got)
	}
	r, ok, err := m.Get(ctx, "doc.header", "p1")
	var h document.Header
	if err != nil || !ok || r.Decode(&h) != nil || h.Number != "上收〔2026〕0123" {
		t.Errorf("%+v %v %v", h, ok, err)
	}
	if lines, err := m.Check(ctx); err != nil || len(lines) > 0 {
		t.Errorf("desk doctor: %v %v", lines, err)
	}
	if lines, err := s.Check(); err != nil || len(lines) > 0 {
		t.Errorf("server doctor: %v %v", lines, err)
	}
}

func query(t *testing.T, path, q string, into any) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(q).Scan(into); err != nil {
		t.Fatal(err)
	}
}

// The files are of before the first release: a change of a numbered migration
// that is in them needs the same change in them. After it they are frozen, and
// so are the migrations.
//
// The tables that the former files are brought to are those that a new file
// has: a migration that forgets something shows here.
func TestFormerTablesEqualNewOnes(t *testing.T) {
	was, is := t.TempDir(), t.TempDir()
	unpack(t, "office-2.db", filepath.Join(was, "office.db"))
	old, fresh := t.TempDir(), t.TempDir()
	unpack(t, "outbox-1.db", filepath.Join(old, "outbox.db"))
	unpack(t, "replica-1.db", filepath.Join(old, "replica.db"))
	var device string
	query(t, filepath.Join(old, "outbox.db"), "SELECT dev FROM desk", &device)
	for _, dir := range []string{was, is} {
		s, err := servertest.Start(servertest.Options{Dir: dir, Now: func() time.Time { return former }})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{old, fresh} {
		m := &machine{t: t, dir: dir, url: "http://127.0.0.1:1", device: device, install: "install-1", now: func() time.Time { return former }}
		m.open()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []struct{ a, b string }{
		{filepath.Join(was, "office.db"), filepath.Join(is, "office.db")},
		{filepath.Join(old, "outbox.db"), filepath.Join(fresh, "outbox.db")},
		{filepath.Join(old, "replica.db"), filepath.Join(fresh, "replica.db")},
	} {
		a, b := tables(t, x.a), tables(t, x.b)
		if a != b {
			t.Errorf("%s, from a former version:\n%s\nnew:\n%s", filepath.Base(x.a), a, b)
		}
	}
}

// tables are all columns of a database, sorted.
func tables(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT m.name, p.name, p.type, p."notnull", COALESCE(p.dflt_value, ''), p.pk FROM sqlite_master m, pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name NOT LIKE 'search%' ORDER BY m.name, p.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var table, name, typ, def string
		var notnull bool
		var pk int
		if err := rows.Scan(&table, &name, &typ, &notnull, &def, &pk); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(table, "r_") && !strings.HasPrefix(name, "f_") {
			continue
		}
		out = append(out, strings.Join([]string{table, name, typ, def}, " "))
	}
	return strings.Join(out, "\n")
}
