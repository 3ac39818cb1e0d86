package engine_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

func without(off ...engine.Ablation) func(*engine.Options) {
	return func(o *engine.Options) {
		o.BlobQuota = 1 // whatever may make room does
		o.Ablate = map[engine.Ablation]bool{}
		for _, a := range off {
			o.Ablate[a] = true
		}
	}
}

func nameOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func keep(t *testing.T, s interface{ Backup(string) (string, error) }) string {
	t.Helper()
	dir, err := s.Backup(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A server that went back to a backup gets the files again that it has forgotten,
// before the commands that refer to them: though the desk had made room, and
// though one of them had been taken off its paper again. Were they not
// kept, the command would be refused and its author had to begin anew.
func TestARestoredServerGetsItsFilesAgain(t *testing.T) {
	for off, want := range map[engine.Ablation]string{"": engine.StateSettled, engine.NoBlobKeep: engine.StateRejected} {
		t.Run(string(off), func(t *testing.T) {
			s := realOffice(t)
			d := realDesk(t, s, lin, "i1", without(off))
			x := realDesk(t, s, xu, "i2")
			d.must(draft("p1", "xu-nanqiao"))
			d.must(draft("p2"))
			d.both()
			x.both()
			backup := keep(t, s)
			first, second := []byte("值班表，第一版"), []byte("值班表，拿掉的")
			a := d.must(attach("p1", "a1", d.bring(first)))
			b := d.must(attach("p2", "a2", d.bring(second)))
			d.both()
			d.must(&document.Detach{ID: "a2", Document: "p2"})
			x.must(attach("p1", "a3", x.bring([]byte("他人的附件，来了就腾地方"))))
			x.both()
			d.both()
			sha := nameOf([]byte("他人的附件，来了就腾地方"))
			d.WantBlob(sha)
			d.both()
			if err := s.Restore(backup); err != nil {
				t.Fatal(err)
			}
			d.both()
			d.both()
			for _, mid := range []string{a, b} {
				if got := d.state(mid); got != want {
					i, _, err := d.Item(t.Context(), mid)
					t.Errorf("%s, want %s: %s %s %v", got, want, i.Code, i.Args, err)
				}
			}
			if off != "" {
				return
			}
			x.both()
			if err := x.FetchBlob(t.Context(), nameOf(first)); err != nil {
				t.Error(err)
			}
			if got, err := x.reads(nameOf(first)); err != nil || !bytes.Equal(got, first) {
				t.Errorf("%q %v", got, err)
			}
			if found, err := s.Check(); err != nil || len(found) > 0 {
				t.Error(found, err)
			}
		})
	}
}

// What a verified backup holds is kept for it no longer: the file that no record
// refers to goes, bytes and all.
func TestFilesAreKeptUntilABackupHasThem(t *testing.T) {
	s := realOffice(t)
	d := realDesk(t, s, lin, "i1")
	d.must(draft("p1"))
	words := []byte("拿掉的附件，内容应当消失")
	d.must(attach("p1", "a1", d.bring(words)))
	d.both()
	d.must(&document.Detach{ID: "a1", Document: "p1"})
	d.must(&document.Discard{ID: "p1"})
	d.both()
	if d.holds(string(words)) == nil {
		t.Fatal("a file that no backup has is gone")
	}
	if _, err := d.reads(nameOf(words)); office.CodeOf(err) != office.CodeNotFound {
		t.Errorf("a file that no record refers to is shown: %v", err)
	}
	keep(t, s)
	d.must(draft("p2")) // something new: the pull tells what is durable
	d.both()
	if where := d.holds(string(words)); where != nil {
		t.Errorf("a file that a backup has, and no record refers to, is still in %v", where)
	}
}

// A push that was kept and never arrived is made anew if the server it reaches
// now lacks the files it names; unasked, it would be refused.
func TestAPushUnderWayWaitsForItsFiles(t *testing.T) {
	for off, want := range map[engine.Ablation][2]string{"": {engine.StateBlob, engine.StateSettled}, engine.NoBlobAsk: {engine.StateRejected, engine.StateRejected}} {
		t.Run(string(off), func(t *testing.T) {
			s := realOffice(t)
			d := realDesk(t, s, lin, "i1", without(off))
			d.must(draft("p1"))
			d.both()
			backup := keep(t, s)
			mid := d.must(attach("p1", "a1", d.bring([]byte("值班表"))))
			if _, err := d.SyncBlobs(t.Context()); err != nil {
				t.Fatal(err)
			}
			d.o.Crash = func(point string) {
				if point == "push.kept" {
					d.line.down = true
				}
			}
			d.reopen()
			if _, err := d.Sync(t.Context()); err == nil {
				t.Fatal("a push without a line arrives")
			}
			if got := d.state(mid); got != engine.StateSent {
				t.Fatal(got)
			}
			if err := s.Restore(backup); err != nil {
				t.Fatal(err)
			}
			d.o.Crash, d.line.down = nil, false
			d.reopen()
			if _, err := d.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := d.state(mid); got != want[0] {
				t.Errorf("%s before its file is brought", got)
			}
			d.both()
			if got := d.state(mid); got != want[1] {
				t.Error(got)
			}
			es, err := d.Events(t.Context(), 10)
			if err != nil || slices.ContainsFunc(es, func(e engine.Event) bool { return e.What == "fork" }) {
				t.Errorf("%+v %v", es, err)
			}
		})
	}
}

// A file that is nowhere any more keeps nothing waiting: its command is refused,
// and other work goes on.
func TestAFileThatIsNowhere(t *testing.T) {
	s := realOffice(t)
	d := realDesk(t, s, lin, "i1")
	d.must(draft("p1"))
	d.both()
	backup := keep(t, s)
	words := []byte("值班表")
	mid := d.must(attach("p1", "a1", d.bring(words)))
	d.both()
	if err := errors.Join(s.Restore(backup), os.Remove(filepath.Join(d.dir, "files", "have", nameOf(words)))); err != nil {
		t.Fatal(err)
	}
	other := d.must(draft("p2"))
	d.both()
	i, _, err := d.Item(t.Context(), mid)
	if err != nil || i.State != engine.StateRejected || i.Code != office.CodeNoBlob || !i.NeedsYou {
		t.Errorf("%+v %v", i, err)
	}
	if got := d.state(other); got != engine.StateSettled {
		t.Error(got)
	}
	es, err := d.Events(t.Context(), 10)
	if err != nil || !slices.ContainsFunc(es, func(e engine.Event) bool { return e.Why == engine.WhyBlobGone }) {
		t.Errorf("%+v %v", es, err)
	}
}

// A server that does not know the question yet gets files and commands as before.
func TestAnOlderServerIsNotAsked(t *testing.T) {
	s := realOffice(t)
	d := realDesk(t, s, lin, "i1")
	d.line.old = true
	d.must(draft("p1"))
	mid := d.must(attach("p1", "a1", d.bring([]byte("值班表"))))
	d.both()
	if got := d.state(mid); got != engine.StateSettled {
		t.Error(got)
	}
}
