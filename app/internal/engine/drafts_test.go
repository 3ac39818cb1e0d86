package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
)

// W44: an autosave about a record that is taken away leaves the person's own words
// and in no file a word of the record, whenever the desk is killed on the way.
func TestRevocationLeavesOnlyTheWordsOfADraft(t *testing.T) {
	for _, kill := range []string{"", "viewed.forgotten", "pull.applied"} {
		t.Run("killed at "+kill, func(t *testing.T) {
			ctx := context.Background()
			s := newServer("lin", "wang")
			dir := t.TempDir()
			d := newDesk(t, dir, s, "lin", "d1")
			defer func() { d.Close() }()
			d.o.Own = func(x engine.Draft) (string, string, *engine.Draft) {
				id, ok := strings.CutPrefix(x.Key, "note/")
				if !ok {
					return "", "", nil
				}
				var v struct{ Mine string }
				if json.Unmarshal(x.Body, &v) != nil || v.Mine == "" {
					return "t.note", id, nil
				}
				body, _ := json.Marshal(v.Mine) // a string encodes
				return "t.note", id, &engine.Draft{Key: "lost/" + id, Body: body, At: x.At}
			}
			d.reopen()
			for _, id := range []string{"n1", "n2", "n3"} {
				s.as("wang", &makeNote{ID: id, Title: "原文移交名单" + id, To: []office.UserID{"lin"}})
			}
			d.sync()
			save := func(key, body string) {
				t.Helper()
				if err := d.SaveDraft(ctx, key, json.RawMessage(body)); err != nil {
					t.Fatal(err)
				}
			}
			save("note/n1", `{"base":"原文移交名单n1","mine":"我写的一段"}`)
			save("note/n2", `{"base":"原文移交名单n2","mine":""}`)
			save("note/n3", `{"base":"原文移交名单n3","mine":"还在的"}`)
			save("other", `"别的草稿"`)
			if err := d.Copy(ctx); err != nil { // the hourly copy has it too
				t.Fatal(err)
			}
			// A copy from before an upgrade.
			if err := os.WriteFile(filepath.Join(dir, "copies", "before-9-replica.db"), []byte("原文移交名单n1"), 0o600); err != nil {
				t.Fatal(err)
			}
			s.as("wang", &share{ID: "n1"})
			s.as("wang", &share{ID: "n2"})
			d.kill = kill
			if was := d.survive(func() { d.sync() }); was != (kill != "") {
				t.Fatalf("killed: %v", was)
			}
			d.sync()
			got := map[string]string{}
			ds, err := d.Drafts(ctx, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range ds {
				got[x.Key] = string(x.Body)
			}
			if len(got) != 3 || got["lost/n1"] != `"我写的一段"` || got["other"] != `"别的草稿"` || !strings.Contains(got["note/n3"], "原文移交名单n3") {
				t.Errorf("%v", got)
			}
			err = filepath.WalkDir(dir, func(path string, x fs.DirEntry, err error) error {
				if err != nil || x.IsDir() {
					return err
				}
				raw, err := os.ReadFile(path)
				for _, gone := range []string{"原文移交名单n1", "原文移交名单n2"} {
					if bytes.Contains(raw, []byte(gone)) {
						t.Errorf("%s is left in %s", gone, x.Name())
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
