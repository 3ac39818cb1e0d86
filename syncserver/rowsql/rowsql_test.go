package rowsql_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

func kinds(t *testing.T, fields ...office.Field) *office.Kinds {
	t.Helper()
	ks, err := office.NewKinds(
		&office.Kind{
			Name: "t.note", Residence: office.ResidentAlways,
			Fields: append([]office.Field{{Name: "title", Type: office.Text}, {Name: "due", Type: office.Time}, {Name: "done", Type: office.Int}, {Name: "rank", Type: office.Real}}, fields...),
			Views: []office.View{
				{Name: "all", Filters: []string{"due", "title"}, Orders: []string{"due", "title", "rank"}},
				{Name: "open", By: []string{"done"}, Filters: []string{"title"}, Orders: []string{"due"}},
			},
			Audience: func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil },
		},
		&office.Kind{Name: "t.part", Parent: "t.note", Residence: office.ResidentAlways, Fields: []office.Field{{Name: "no", Type: office.Int}},
			Views: []office.View{{Name: "of", By: []string{"root"}, Orders: []string{"no"}}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return ks
}

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+t.TempDir()+"/x.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func note(id, title string, due, done int) office.Record {
	b, _ := office.Canonical(map[string]any{"title": title, "due": due, "done": done, "rank": float64(due) / 2})
	return office.Record{Kind: "t.note", ID: id, Root: id, Ver: 1, Body: b}
}

func titles(t *testing.T, rs []office.Record) string {
	t.Helper()
	var out []string
	for _, r := range rs {
		var v struct{ Title string }
		if err := r.Decode(&v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v.Title)
	}
	return strings.Join(out, " ")
}

func TestRoundTrip(t *testing.T) {
	ctx := context.Background()
	db := open(t)
	rows := rowsql.Rows{Kinds: kinds(t)}
	for range 2 { // idempotent
		if err := rows.Migrate(ctx, db); err != nil {
			t.Fatal(err)
		}
		for _, s := range rows.Schema() {
			if _, err := db.ExecContext(ctx, s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	}
	if _, ok, err := rows.Get(ctx, db, "t.note", "a"); ok || err != nil {
		t.Fatal(ok, err)
	}
	for i, title := range []string{"丙", "甲", "乙", "龘"} {
		if err := rows.Put(ctx, db, note(fmt.Sprint("n", i), title, i/2, i%2)); err != nil {
			t.Fatal(err)
		}
	}
	r := note("n1", "甲'; DROP TABLE r_t_note; --", 0, 1)
	r.Ver = 7
	if err := rows.Put(ctx, db, r); err != nil {
		t.Fatal(err)
	}
	got, ok, err := rows.Load(ctx, db, "t.note", "n1", rowsql.ForUpdate)
	if err != nil || !ok || got.Ver != 7 || string(got.Body) != string(r.Body) || got.Root != "n1" || got.Sum != r.Sum() {
		t.Fatalf("%+v %v %v", got, ok, err)
	}
	if err := rows.Put(ctx, db, note("n1", "甲", 0, 1)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		q    office.Query
		want string
	}{
		{office.Query{View: "all"}, "丙 甲 乙 龘"},
		{office.Query{View: "all", Desc: true}, "龘 乙 甲 丙"},
		{office.Query{View: "all", Order: "title"}, "丙 乙 甲 龘"},
		{office.Query{View: "all", Order: "rank", Limit: 3}, "丙 甲 乙"},
		{office.Query{View: "open", Where: []office.Cond{office.Where("done", true)}}, "甲 龘"},
		{office.Query{View: "all", Where: []office.Cond{{Field: "due", Op: office.Lt, Value: 1}}}, "丙 甲"},
		{office.Query{View: "all", Where: []office.Cond{{Field: "title", Op: office.In, Value: []string{"甲", "龘"}}}}, "甲 龘"},
	} {
		c.q.Kind = "t.note"
		q, err := rows.Kinds.Check(c.q)
		if err != nil {
			t.Fatal(err)
		}
		rs, err := rows.List(ctx, db, q)
		if err != nil {
			t.Fatal(err)
		}
		if got := titles(t, rs); got != c.want {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
	}
	for _, desc := range []bool{false, true} { // pages of two meet without gap or overlap
		q := office.Query{Kind: "t.note", View: "all", Desc: desc, Limit: 2}
		var got []string
		for {
			cq, err := rows.Kinds.Check(q)
			if err != nil {
				t.Fatal(err)
			}
			rs, err := rows.List(ctx, db, cq)
			if err != nil {
				t.Fatal(err)
			}
			if len(rs) == 0 {
				break
			}
			got = append(got, titles(t, rs))
			if q.After, err = rows.Kinds.KeyOf(q, rs[len(rs)-1]); err != nil {
				t.Fatal(err)
			}
		}
		want := "丙 甲|乙 龘"
		if desc {
			want = "龘 乙|甲 丙"
		}
		if strings.Join(got, "|") != want {
			t.Errorf("pages %v", got)
		}
	}
	for i := range 3 {
		if err := rows.Put(ctx, db, office.Record{Kind: "t.part", ID: fmt.Sprint("p", i), Root: fmt.Sprint("n", i/2), Body: json.RawMessage(`{"no":1}`)}); err != nil {
			t.Fatal(err)
		}
	}
	if cs, err := rows.Children(ctx, db, "t.part", "n0"); err != nil || len(cs) != 2 || cs[1].ID != "p1" {
		t.Fatal(cs, err)
	}
	if ss, err := rows.LoadMany(ctx, db, "t.note", []string{"n0", "n3", "none"}); err != nil || len(ss) != 2 {
		t.Fatal(ss, err)
	}
	for range 2 {
		if err := rows.Delete(ctx, db, "t.note", "n0"); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := rows.Get(ctx, db, "t.note", "n0"); ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, _, err := rows.Get(ctx, db, "t.none", "n0"); office.CodeOf(err) != office.CodeInvalid {
		t.Fatal(err)
	}
}

func TestMigrateAddsAndFillsColumns(t *testing.T) {
	ctx := context.Background()
	db := open(t)
	old := rowsql.Rows{Kinds: kinds(t, office.Field{Name: "who", Type: office.Int})}
	if err := old.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1200 {
		r := office.Record{Kind: "t.note", ID: fmt.Sprintf("n%04d", i), Ver: 1, Body: json.RawMessage(fmt.Sprintf(`{"place":"%04d","who":"w"}`, i))}
		r.Root = r.ID
		if err := old.Put(ctx, tx, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	ks := kinds(t, office.Field{Name: "place", Type: office.Text}, office.Field{Name: "who", Type: office.Text})
	ks.Get("t.note").Views[0].Filters = append(ks.Get("t.note").Views[0].Filters, "place", "who")
	now := rowsql.Rows{Kinds: ks}
	for range 2 {
		if err := now.Migrate(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	q, err := ks.Check(office.Query{Kind: "t.note", View: "all", Where: []office.Cond{office.Where("place", "1199"), office.Where("who", "w")}})
	if err != nil {
		t.Fatal(err)
	}
	rs, err := now.List(ctx, db, q)
	if err != nil || len(rs) != 1 || rs[0].ID != "n1199" {
		t.Fatal(rs, err)
	}
}

func TestListsUseTheirIndex(t *testing.T) {
	ctx := context.Background()
	db := open(t)
	rows := rowsql.Rows{Kinds: kinds(t)}
	if err := rows.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	q, err := rows.Kinds.Check(office.Query{Kind: "t.note", View: "open", Where: []office.Cond{office.Where("done", 0)}})
	if err != nil {
		t.Fatal(err)
	}
	query, args, err := rows.Select(q)
	if err != nil {
		t.Fatal(err)
	}
	var a, b, c int
	var plan string
	if err := db.QueryRowContext(ctx, "EXPLAIN QUERY PLAN "+query, args...).Scan(&a, &b, &c, &plan); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan, "USING INDEX x_t_note_") {
		t.Errorf("plan %q", plan)
	}
}
