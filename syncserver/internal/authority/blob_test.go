package authority

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// bring uploads a content for somebody.
func (w *world) bring(uid, content string) {
	w.t.Helper()
	s, err := w.BlobPut(context.Background(), w.desk(office.UserID(uid), "d-"+uid).caller, sum(content), 0, int64(len(content)), strings.NewReader(content))
	if err != nil || !s.Done {
		w.t.Fatalf("%s brings %q: %+v, %v", uid, content, s, err)
	}
}

// readsFile reports whether somebody can read a content.
func (w *world) readsFile(uid, content string) bool {
	w.t.Helper()
	r, _, err := w.BlobOpen(context.Background(), w.desk(office.UserID(uid), "d-"+uid).caller, sum(content), 0)
	if office.CodeOf(err) == office.CodeNotFound {
		return false
	}
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || string(b) != content {
		w.t.Fatalf("%q, %v", b, err)
	}
	return true
}

func file(to, content string) obj { return obj{"to": []string{to}, "file": sum(content)} }

// Who may refer to a content: its bringer, and whoever may read it already.
func TestBlobRights(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		do := func(uid office.UserID, cmd office.Command) office.Code {
			t.Helper()
			r, err := w.As(ctx, uid, w.mid(), time.Time{}, cmd)
			if err != nil {
				t.Fatal(err)
			}
			return r.Code
		}
		if c := do("lin", &put{K: "t.doc", I: "a", B: file("u:lin", "x")}); c != office.CodeNoBlob {
			t.Errorf("a record refers to nothing: %q", c)
		}
		w.bring("lin", "x")
		if c := do("wu", &put{K: "t.doc", I: "b", B: file("u:wu", "x")}); c != office.CodeNoBlob {
			t.Errorf("a stranger refers to it: %q", c)
		}
		if c := do("lin", &put{K: "t.doc", I: "a", B: file("u:lin", "x")}); c != "" {
			t.Errorf("its bringer cannot refer to it: %q", c)
		}
		if w.readsFile("wu", "x") || !w.readsFile("lin", "x") {
			t.Error("who reads it")
		}
		do("lin", &patch{K: "t.doc", I: "a", S: obj{"to": []string{"u:lin", "u:wu"}}})
		if !w.readsFile("wu", "x") {
			t.Error("a reader of the record does not read the file")
		}
		if c := do("wu", &put{K: "t.doc", I: "b", B: file("u:wu", "x")}); c != "" {
			t.Errorf("a reader cannot refer to it: %q", c)
		}
		// Who was told that it need not be brought may refer to it, though nothing
		// is left by which to read it.
		do("lin", &put{K: "t.doc", I: "d", B: file("u:han", "x")})
		if s, err := w.BlobHead(ctx, w.desk("han", "d-han").caller, sum("x")); err != nil || !s.Done || s.Size != 1 {
			t.Fatalf("%+v %v", s, err)
		}
		do("lin", &del{K: "t.doc", I: "d"})
		if w.readsFile("han", "x") {
			t.Error("read by nothing")
		}
		if c := do("han", &put{K: "t.doc", I: "e", B: file("u:han", "x")}); c != "" {
			t.Errorf("told that it need not be brought, and refused: %q", c)
		}
		do("han", &del{K: "t.doc", I: "e"})
		do("lin", &del{K: "t.doc", I: "a"})
		do("wu", &patch{K: "t.doc", I: "b", S: obj{"file": nil}})
		if w.readsFile("wu", "x") || w.readsFile("lin", "x") {
			t.Error("a content that belongs to nothing is read")
		}
		// A bringer whose content was collected must bring it again.
		if err := w.BlobGC(ctx, w.now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if c := do("lin", &put{K: "t.doc", I: "c", B: file("u:lin", "x")}); c != office.CodeNoBlob {
			t.Errorf("a record refers to a collected content: %q", c)
		}
		w.bring("lin", "x")
		if c := do("lin", &put{K: "t.doc", I: "c", B: file("u:lin", "x")}); c != "" {
			t.Error(c)
		}
	})
}

// A collection that meets commands and uploads of the same contents leaves no
// record whose file is gone.
func TestBlobGCAmongWriters(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		contents := []string{"eins", "zwei", "drei"}
		c := w.desk("lin", "d-lin").caller
		var wg sync.WaitGroup
		for n := range 3 {
			wg.Go(func() {
				for i := range 15 {
					x := contents[(n+i)%len(contents)]
					if _, err := w.BlobPut(ctx, c, sum(x), 0, int64(len(x)), strings.NewReader(x)); err != nil && office.CodeOf(err) != protocol.CodeUnavailable && office.CodeOf(err) != protocol.CodeOffset {
						t.Error(err)
					}
					id := "f" + sum(x)[:6] + string(rune('a'+n))
					if _, err := w.As(ctx, "lin", w.mid(), time.Time{}, &put{K: "t.doc", I: id, B: file("u:lin", x)}); err != nil {
						t.Error(err)
					}
					if i%3 == 0 {
						if _, err := w.As(ctx, "lin", w.mid(), time.Time{}, &del{K: "t.doc", I: id}); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		done := make(chan struct{})
		var collector sync.WaitGroup
		collector.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					if err := w.BlobGC(ctx, w.now().Add(time.Hour)); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
		wg.Wait()
		close(done)
		collector.Wait()
		for k, r := range w.truth("lin") {
			if k.kind != "t.doc" {
				continue
			}
			for _, x := range contents {
				if strings.Contains(r, sum(x)) && !w.readsFile("lin", x) {
					t.Errorf("%s refers to %q, which is gone", k.id, x)
				}
			}
		}
	})
}
