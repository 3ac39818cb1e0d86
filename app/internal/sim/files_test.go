package sim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

// Runs with files also carry files, let records' time on the desks run out and
// pin them: invariants 9, 10 and 17.

// leaf is a child of a note that refers to a file.
type leaf struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// dated is a root that leaves the desks by itself.
type dated struct {
	Owner office.UserID    `json:"owner"`
	Chans []office.Channel `json:"chans"`
	Until int64            `json:"until"`
	N     int64            `json:"n"`
}

var leaves = office.Of[leaf]{Kind: &office.Kind{
	Name: "sim.file", Parent: "sim.note", Lane: office.LaneBodies, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "size", Type: office.Int}},
	Views:  []office.View{{Name: "of", By: []string{"root"}, Orders: []string{"size"}}},
	Blobs:  []string{"sha256"},
}}

var dates = office.Of[dated]{Kind: &office.Kind{
	Name: "sim.dated", Lane: office.LaneHeaders, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var d dated
		err := r.Decode(&d)
		return d.Until, err
	},
	Fields: []office.Field{{Name: "until", Type: office.Time}},
	Views:  []office.View{{Name: "all", Filters: []string{"until"}, Orders: []string{"until"}}},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var d dated
		err := r.Decode(&d)
		return append(office.To(d.Owner), d.Chans...), err
	},
}}

func fileSpecs() []office.Spec {
	return []office.Spec{
		{Kind: "sim.put_file@1", New: func() office.Command { return new(putFile) }, Class: office.Queued},
		{Kind: "sim.cut_file@1", New: func() office.Command { return new(cutFile) }, Class: office.Queued},
		{Kind: "sim.date@1", New: func() office.Command { return new(putDate) }, Class: office.Queued},
	}
}

// putFile adds a file to a note.
type putFile struct {
	ID     string `json:"id"` // the note
	Leaf   string `json:"leaf"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

func (*putFile) Kind() string              { return "sim.put_file@1" }
func (x *putFile) Locks() []string         { return []string{"note:" + x.ID} }
func (x *putFile) Blobs() []office.BlobRef { return []office.BlobRef{{SHA256: x.SHA256, Size: x.Size}} }
func (x *putFile) Run(tx office.Tx, c office.Context) error {
	if _, err := notes.Need(tx, x.ID); err != nil {
		return err
	}
	return leaves.InsertUnder(tx, x.ID, x.Leaf, leaf{SHA256: x.SHA256, Size: x.Size})
}

// cutFile takes a file off.
type cutFile struct {
	ID   string `json:"id"`
	Leaf string `json:"leaf"`
}

func (*cutFile) Kind() string      { return "sim.cut_file@1" }
func (x *cutFile) Locks() []string { return []string{"note:" + x.ID} }
func (x *cutFile) Run(tx office.Tx, c office.Context) error {
	if _, err := notes.Need(tx, x.ID); err != nil {
		return err
	}
	return leaves.Delete(tx, x.Leaf)
}

// putDate makes a dated record or gives it another time and audience.
type putDate struct {
	ID    string           `json:"id"`
	Chans []office.Channel `json:"chans"`
	Until int64            `json:"until"`
}

func (*putDate) Kind() string      { return "sim.date@1" }
func (x *putDate) Locks() []string { return []string{"date:" + x.ID} }
func (x *putDate) Run(tx office.Tx, c office.Context) error {
	d, at, err := dates.Get(tx, x.ID)
	if err != nil {
		return err
	}
	if at == office.Present {
		return dates.Patch(tx, x.ID, office.Fields{"chans": x.Chans, "until": x.Until, "n": d.N + 1})
	}
	return dates.Insert(tx, x.ID, dated{Owner: c.Actor, Chans: x.Chans, Until: x.Until})
}

// content is the n-th of a few files: the same from several people, one empty.
func content(n int) []byte {
	if n == 0 {
		return nil
	}
	return bytes.Repeat([]byte(fmt.Sprintf("第 %d 件附件的内容。", n)), n*n)
}

func nameOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

const contents = 9

func fileActs() []act {
	return []act{
		{14, "file", func(w *world) { pick(w.rng, w.desks).file() }},
		{12, "carry", func(w *world) { pick(w.rng, w.desks).carry() }},
		{8, "fetch", func(w *world) { pick(w.rng, w.desks).fetch() }},
		{8, "steal", func(w *world) { w.steal() }},
		{8, "date", func(w *world) { w.date() }},
		{6, "pin", func(w *world) { pick(w.rng, w.desks).pin() }},
		{4, "age", func(w *world) { w.age() }},
		{2, "filegc", func(w *world) { w.must(w.server.BlobGC(w.now.Add(-24 * time.Hour))) }},
	}
}

// file adds a file to a note, or takes one off.
func (d *desk) file() {
	w := d.w
	if ls := see(d, leaves); len(ls) > 0 && w.chance(25) {
		l := pick(w.rng, ls)
		d.give(&cutFile{ID: l.Root, Leaf: l.ID})
		d.check(false)
		return
	}
	ns := see(d, notes)
	if len(ns) == 0 {
		return
	}
	n, c := pick(w.rng, ns), content(w.rng.IntN(contents))
	if w.chance(20) {
		d.fuse = 1 + w.rng.IntN(2)
	}
	var ref office.BlobRef
	ok := d.alive(func() (err error) { ref, err = d.engine.AddBlob(w.ctx, bytes.NewReader(c)); return err })
	d.fuse = 0
	w.log.add("%s brings a file of %d: %t", d.name, len(c), ok)
	if ok {
		w.bring(d.p.uid, ref.SHA256)
		d.give(&putFile{ID: n.ID, Leaf: d.newID(), SHA256: ref.SHA256, Size: ref.Size})
		w.counts["file"]++
	}
	d.check(false)
}

func (w *world) bring(uid office.UserID, sha string) { w.brought[string(uid)+" "+sha] = true }

// carry lets the files' lane of a desk work once.
func (d *desk) carry() {
	w := d.w
	if !w.calm && w.chance(20) {
		d.fuse = 1 + w.rng.IntN(4)
	}
	d.asked = 0
	var err error
	ok := d.alive(func() error { _, err = d.engine.SyncBlobs(w.ctx); return nil })
	d.fuse = 0
	w.log.add("%s carries: %t %s", d.name, ok, code(err))
	if ok && err != nil && !fileFault(err) {
		w.fail(16, "%s: carry files: %v", d.name, err)
	}
	d.checkFiles(false)
}

// fetch opens a file that the screen shows, fetching it if need be.
func (d *desk) fetch() {
	w := d.w
	ls := see(d, leaves)
	away := slices.DeleteFunc(slices.Clone(ls), func(l office.Item[leaf]) bool { return d.holds(l.Value.SHA256) })
	if len(ls) == 0 {
		return
	}
	if len(away) > 0 && w.chance(70) { // what is here already asks for nothing
		ls = away
	}
	l := pick(w.rng, ls)
	d.asked = 0
	var err error
	ok := d.alive(func() error { err = d.engine.FetchBlob(w.ctx, l.Value.SHA256); return nil })
	w.log.add("%s fetches: %t %s", d.name, ok, code(err))
	if ok && err == nil {
		f, err := d.engine.OpenBlob(w.ctx, l.Value.SHA256)
		w.must(err)
		w.must(f.Close())
		w.counts["fetched"]++
	} else if ok && !fileFault(err) {
		w.fail(16, "%s: fetch a file: %v", d.name, err)
	}
	d.checkFiles(false)
}

// wants are the files that the desk should have: those of all it shows, every
// third to be kept.
func (d *desk) wants(ctx, engine.Reader, office.UserID, time.Time) ([]engine.Want, error) {
	var out []engine.Want
	for _, l := range see(d, leaves) {
		out = append(out, engine.Want{SHA256: l.Value.SHA256, Size: l.Value.Size, Keep: l.Value.Size%3 == 0})
	}
	return out, nil
}

// roomForFiles is less than all contents take: some make room for others.
const roomForFiles = 2500

func (d *desk) holds(sha string) bool {
	s, err := d.engine.Blobs(d.w.ctx, []string{sha})
	d.w.must(err)
	return s[sha].Here
}

// fileFault reports whether an error is one that a bad network or lost rights
// make.
func fileFault(err error) bool {
	var e *office.Error
	return expected(err) || errors.As(err, &e) || errors.Is(err, errLost)
}

// readable reports whether a person may read a record that refers to a file, by
// a fresh look at the tables.
func (w *world) readable(uid office.UserID, sha string) bool {
	all, err := w.server.all()
	w.must(err)
	subs, err := directory.Subscriptions(all[key{directory.People.Name, string(uid)}])
	w.must(err)
	for k, r := range all {
		kind := w.server.catalog.Kinds().Get(k.kind)
		list, err := office.BlobsOf(kind, r)
		w.must(err)
		if !slices.Contains(list, sha) {
			continue
		}
		chans, err := w.server.catalog.Kinds().Channels(r, all[key{kind.RootKind(), r.Root}])
		w.must(err)
		if slices.ContainsFunc(chans, func(c office.Channel) bool { return slices.Contains(subs, c) }) {
			return true
		}
	}
	return false
}

// steal lets somebody who knows a hash ask for the content, and refer to it.
func (w *world) steal() {
	d := pick(w.rng, w.desks)
	c := content(w.rng.IntN(contents))
	sha := nameOf(c)
	may := w.readable(d.p.uid, sha)
	res := w.serve(letter{desk: d, method: http.MethodGet, url: "http://127.0.0.1:1" + protocol.BlobPath + sha, header: http.Header{"Authorization": {"Bearer " + d.token}, protocol.HeaderVersion: {protocol.Version}}})
	w.log.add("%s asks for a file it may %t: %d", d.name, may, res.Code)
	if got := res.Code == http.StatusOK; got != may && (res.Code == http.StatusOK || res.Code == http.StatusNotFound) {
		w.fail(9, "%s asks for a file that it may read %t, and gets %d", d.p.uid, may, res.Code)
	}
	if may || w.brought[string(d.p.uid)+" "+sha] {
		return
	}
	note := office.DeriveID("steal", fmt.Sprint(w.seed), fmt.Sprint(w.step))
	w.as(d.p.uid, office.DeriveID("steal-note", note), &makeNote{ID: note, Chans: []office.Channel{}})
	r, err := w.server.as(d.p.uid, office.DeriveID("steal-file", note), &putFile{ID: note, Leaf: office.DeriveID("leaf", note), SHA256: sha, Size: int64(len(c))})
	w.must(err)
	if r.Code != office.CodeNoBlob {
		w.fail(9, "%s refers to a file that it never had: %s %s", d.p.uid, r.Outcome, r.Code)
	}
	w.as(d.p.uid, office.DeriveID("steal-drop", note), &drop{ID: note})
}

// date makes a dated record or changes one, on a desk or on the server.
func (w *world) date() {
	d := pick(w.rng, w.desks)
	id := office.DeriveID("dated", fmt.Sprint(w.rng.IntN(5)))
	cmd := &putDate{ID: id, Chans: w.some(), Until: office.Millis(w.now.Add(time.Duration(w.rng.IntN(240)-60) * time.Minute))}
	if w.chance(20) {
		cmd.Until = 0
	}
	if w.chance(50) {
		w.as(d.p.uid, office.DeriveID("date", fmt.Sprint(w.seed), fmt.Sprint(w.step)), cmd)
		return
	}
	d.give(cmd)
	d.check(false)
}

// pin keeps a dated record for a person, or lets it go; nobody asks whether it
// is theirs to read.
func (d *desk) pin() {
	id := office.DeriveID("dated", fmt.Sprint(d.w.rng.IntN(5)))
	if d.w.chance(65) {
		d.give(&office.SetPin{Of: dates.Name, Record: id})
	} else {
		d.give(&office.ClearPin{Of: dates.Name, Record: id})
	}
	d.check(false)
}

// age takes from the desks what is over.
func (w *world) age() {
	w.server.changed()
	w.aged = max(w.aged, office.Millis(w.now.Truncate(time.Minute))) // the server tells time by the minute
	n, err := w.server.Age()
	w.must(err)
	if w.server.twin != nil { // each learns of it at its own tick
		_, err := w.server.twin.Age()
		w.must(err)
	}
	w.log.add("age %d", n)
}

// resides reports whether a record is on the desks of a person who may read it.
func (w *world) resides(all rows, uid office.UserID, r, root office.Record) bool {
	lives, err := servertest.Lives(w.server.catalog.Kinds(), w.aged, r, root)
	w.must(err)
	if lives {
		return true
	}
	_, pinned := all[key{office.Pins.Name, office.PinID(uid, root.Kind, root.ID)}]
	return pinned
}

// checkFiles looks at the files on a desk's disk: each is what its name says;
// at rest somebody refers to each.
func (d *desk) checkFiles(rest bool) {
	w := d.w
	if !w.files {
		return
	}
	used := map[string]bool{}
	if rest {
		for _, read := range []func(ctx, ...string) ([]office.Record, error){d.engine.Base, d.engine.Visible} {
			for k, r := range d.all(read) {
				list, err := office.BlobsOf(w.server.catalog.Kinds().Get(k.kind), r)
				w.must(err)
				for _, sha := range list {
					used[sha] = true
				}
			}
		}
		// The person's own, while they have not given them up and no verified
		// backup of the server has them.
		for _, it := range d.waiting() {
			var x putFile
			if it.Command == x.Kind() && it.State != engine.StateDiscarded && it.State != engine.StateArchived && it.Next == "" {
				w.decode(it.Args, &x)
				used[x.SHA256] = true
			}
		}
	}
	walkFiles(w, filepath.Join(d.dir, "files", "have"), func(sha string, b []byte) {
		if nameOf(b) != sha {
			w.fail(17, "%s: a file on the disk is not what its name says", d.name)
		}
		if rest && !used[sha] {
			w.fail(9, "%s: a file that no record here refers to is still on the disk", d.name)
		}
	})
}

// walkFiles reads the files below a folder that are named by a hash.
func walkFiles(w *world, dir string, f func(sha string, b []byte)) {
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !e.Type().IsRegular() || !office.ValidSHA256(e.Name()) {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			f(e.Name(), b)
		}
		return err
	})
	w.must(err)
}

// checkStore looks at the server's files: each is what its name says, and no
// record refers to one that is not there.
func (w *world) checkStore() {
	if !w.files {
		return
	}
	have := map[string]bool{}
	walkFiles(w, filepath.Join(w.server.dir, "blobs"), func(sha string, b []byte) {
		if strings.Contains(sha, ".") {
			return
		}
		have[sha] = nameOf(b) == sha
	})
	all, err := w.server.all()
	w.must(err)
	for k, r := range all {
		list, err := office.BlobsOf(w.server.catalog.Kinds().Get(k.kind), r)
		w.must(err)
		for _, sha := range list {
			if ok, there := have[sha]; !ok {
				w.fail(17, "%s %s refers to a file that is there %t, and is not what its name says", k.kind, k.id, there)
			}
		}
	}
}

// spoil changes a byte of a file on its way, sometimes: also for a while when all
// is quiet, for most files go from desk to desk only then.
func (w *world) spoil(url string, b []byte) []byte {
	if !w.files || w.clean || len(b) == 0 || !strings.Contains(url, protocol.BlobPath) || !w.chance(30) {
		return b
	}
	w.log.add("a byte of a file is wrong")
	w.counts["spoilt"]++
	b = bytes.Clone(b)
	b[w.rng.IntN(len(b))] ^= 0x20
	return b
}

// brings fails on a refusal for a file that the desk brought: also a server that
// went back to a backup, and has forgotten the file, gets it again first.
func (w *world) brings(kind string, r protocol.Result) {
	if w.files && r.Code == office.CodeNoBlob && kind == (*putFile)(nil).Kind() {
		w.fail(17, "%s was sent before the server had its file", r.Mid)
	}
}
