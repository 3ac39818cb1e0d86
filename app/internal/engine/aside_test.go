package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// hurt spoils an index of one of the desk's databases, which then fails its check
// and can be read all the same.
func (d *real) hurt(f vault.File, index string) {
	d.t.Helper()
	if err := d.Close(); err != nil {
		d.t.Fatal(err)
	}
	db, err := vault.Profile{Dir: d.dir, Now: time.Now}.Read(context.Background(), f)
	if err != nil {
		d.t.Fatal(err)
	}
	var page, size int64
	err = db.QueryRow("SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = ?", index).Scan(&page, &size)
	if cerr := db.Close(); err != nil || cerr != nil {
		d.t.Fatal(err, cerr)
	}
	file, err := os.OpenFile(filepath.Join(d.dir, string(f)+".db"), os.O_WRONLY, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := file.WriteAt(bytes.Repeat([]byte{0xee}, int(size)), (page-1)*size); err != nil {
		d.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.open()
}

// What was set aside damaged keeps nothing of what is taken from the person
// later: neither the replica, which goes once another one is whole, nor the
// outbox, of which the person's own words stay.
func TestWhatWasSetAsideKeepsNothingTaken(t *testing.T) {
	s := realOffice(t)
	d := realDesk(t, s, lin, "i1", func(o *engine.Options) {
		o.Own = func(x engine.Draft) (string, string, *engine.Draft) {
			var v struct{ Doc, Saw, Own string }
			if json.Unmarshal(x.Body, &v) != nil || v.Doc == "" {
				return "", "", nil
			}
			body, err := json.Marshal(map[string]string{"own": v.Own})
			if err != nil {
				panic(err)
			}
			return document.Headers.Name, v.Doc, &engine.Draft{Key: x.Key, Body: body, At: x.At}
		}
	})
	x := realDesk(t, s, xu, "i2")
	const seen = "他人公文里的话"
	paper := draft("p1", "lin-zhiyuan")
	paper.Title = seen
	x.must(paper)
	x.both()
	d.both()
	d.line.down = true
	const mine, noted = "我写的标题", "我写了一半的话"
	d.must(&document.Edit{ID: "p1", Changes: []office.Change{{Field: "title", Old: json.RawMessage(`"` + seen + `"`), New: json.RawMessage(`"` + mine + `"`)}}})
	ok := d.SaveDraft(t.Context(), "edit/p1", json.RawMessage(`{"doc":"p1","saw":"`+seen+`","own":"`+noted+`"}`))
	if ok != nil {
		t.Fatal(ok)
	}
	d.hurt(vault.Replica, "member_row")
	d.hurt(vault.Outbox, "command_open")
	where := d.holds(seen)
	for _, kind := range []string{"replica.bad-", "outbox.bad-"} {
		if !slices.ContainsFunc(where, func(f string) bool { return strings.Contains(f, kind) }) {
			t.Fatalf("%s… is not among %v", kind, where)
		}
	}
	// The replica that came in place of the damaged one is whole: that goes.
	d.line.down = false
	d.both()
	if where := d.holds(seen); slices.ContainsFunc(where, func(f string) bool { return strings.Contains(f, "replica.bad-") }) {
		t.Errorf("a damaged replica stays beside a whole one: %v", where)
	}
	if err := s.As("xu-nanqiao").Must(&document.Edit{ID: "p1", Changes: []office.Change{{Field: "editors", Old: json.RawMessage(`["lin-zhiyuan"]`), New: json.RawMessage(`[]`)}}}); err != nil {
		t.Fatal(err)
	}
	d.both()
	if _, there, err := d.Get(t.Context(), document.Headers.Name, "p1"); err != nil || there {
		t.Fatal("the paper was not taken", err)
	}
	if where := d.holds(mine); !slices.ContainsFunc(where, func(f string) bool { return strings.Contains(f, "outbox.own-") }) {
		t.Errorf("the person's own command is in %v", where)
	}
	if where := d.holds(noted); !slices.ContainsFunc(where, func(f string) bool { return strings.Contains(f, "outbox.own-") }) {
		t.Errorf("the person's own draft is in %v", where)
	}
	es, err := d.Events(t.Context(), 20)
	if err != nil || !slices.ContainsFunc(es, func(e engine.Event) bool { return e.Why == engine.WhyOwnWords }) {
		t.Errorf("%+v %v", es, err)
	}
	// Of what was seen only what the person's own command says it replaced is left.
	for _, f := range d.holds(seen) {
		if !strings.Contains(f, "outbox.own-") {
			t.Errorf("what was taken is still in %s", f)
		}
	}
	if bad, err := filepath.Glob(filepath.Join(d.dir, "*.bad-*")); err != nil || len(bad) > 0 {
		t.Errorf("%v %v", bad, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := (vault.Profile{Dir: d.dir, Now: time.Now}).Wipe(); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{seen, mine, noted} {
		if where := d.holds(words); where != nil {
			t.Errorf("after a wipe %s is in %v", words, where)
		}
	}
}
