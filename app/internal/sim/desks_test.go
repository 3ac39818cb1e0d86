package sim

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

// desk is one machine of a person.
type desk struct {
	w       *world
	p       *person
	name    string
	dir     string
	token   string
	device  string
	install string
	rnd     io.Reader
	skew    time.Duration // how wrong its clock is
	cut     bool          // no network at all
	fuse    int           // crash points left before the machine dies; 0 = none lies ahead
	onCrash func() bool   // decides in place of the fuse
	engine  *engine.Engine
	version int    // of its program, 1 to newest
	backup  string // a copy of its disk, "" = none
	made    int    // counts the records its person made
	life    int    // counts the copies of its folder

	asked int // requests of this sync

	base       rows         // as last compared
	lastN      int64        // of the last checkpoint compared
	served     []checkpoint // what the server has told since
	damaged    bool         // a test has damaged its records
	disordered bool         // its disk went back in time: promises about order end
}

// smallPages make a pull of several pages out of a few records.
const smallPages = 2000

// killed is the panic of a dying machine; image is its disk at that moment.
type killed struct{ image string }

// crash is called by the engine between its durable writes.
func (d *desk) crash(point string) {
	switch {
	case d.onCrash != nil:
		if !d.onCrash() {
			return
		}
	case d.fuse == 0:
		return
	default:
		if d.fuse--; d.fuse > 0 {
			return
		}
	}
	d.w.log.add("%s dies at %s", d.name, point)
	d.w.counts["kill"]++
	panic(killed{d.image()})
}

// image copies the disk as it is.
func (d *desk) image() string {
	d.life++
	to := fmt.Sprintf("%s.%d", d.dir, d.life)
	d.w.must(copyDir(d.dir, to))
	return to
}

// open starts the desk's program. It may die while starting, and starts again.
func (d *desk) open() {
	for d.engine == nil {
		d.alive(func() error {
			c := client.New(client.Options{BaseURL: "http://127.0.0.1:1", RoundTripper: &line{d.w, d}, Token: d.token})
			o := engine.Options{
				Dir: d.dir, UID: d.p.uid, Device: d.device, Install: d.install,
				Schema: catalog.SchemaVersion, Version: protocol.Version,
				Kinds: d.catalog().Kinds(), Commands: d.catalog(), Creates: d.catalog().Creates, Witness: catalog.Witness, Program: fmt.Sprint(d.version),
				Transport: c, Now: d.clock, Rand: d.rnd,
				PageBytes: cmp.Or(d.w.pages, smallPages), PushMax: 4, Crash: d.crash, Ablate: d.w.off.engine, Beside: func(f func()) { f() },
			}
			if d.w.files {
				o.Wants, o.BlobQuota = d.wants, roomForFiles
			}
			e, err := engine.Open(d.w.ctx, o)
			if err != nil {
				return fmt.Errorf("open %s: %w", d.name, err)
			}
			d.engine = e
			return nil
		})
	}
}

func (d *desk) clock() time.Time { return d.w.now.Add(d.skew) }

// shut closes the program without ceremony.
func (d *desk) shut() {
	e := d.engine
	d.engine = nil
	if e == nil {
		return
	}
	defer func() { _ = recover() }() // of a killed machine only the image counts
	_ = e.Close()
}

// alive runs f; if the machine dies in it, it starts again from what was on the
// disk at that moment, and alive reports false.
func (d *desk) alive(f func() error) (ok bool) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case killed:
			ok = false
			d.fuse = 0
			d.swap(p.image)
		default:
			panic(p)
		}
	}()
	d.w.must(f())
	return true
}

// swap puts another image of the disk in place and starts from it.
func (d *desk) swap(image string) {
	d.shut()
	d.w.must(os.RemoveAll(d.dir))
	d.w.must(os.Rename(image, d.dir))
	d.open()
}

// sync lets the desk send and fetch once.
func (d *desk) sync() (done bool) {
	var r engine.Report
	var err error
	d.asked = 0
	survived := d.alive(func() error {
		r, err = d.engine.Sync(d.w.ctx)
		d.w.log.add("%s sync pushed %d applied %d refused %d pulled %d forked %t err %s", d.name, r.Pushed, r.Applied, r.Refused, r.Pulled, r.Forked, code(err))
		if r.Repairs > 0 && !d.damaged {
			d.w.fail(13, "%s: a channel's sum differs from the server's, and nothing was damaged", d.name)
		}
		if r.Forked {
			d.w.counts["fork"]++
			if !d.disordered {
				d.w.fail(2, "%s: the server takes it for a copy, and nobody copied it", d.name)
			}
		}
		return nil
	})
	if survived && err != nil && !expected(err) {
		d.w.fail(16, "%s: sync: %v", d.name, err)
	}
	d.device = d.engine.Status().Device
	done = survived && err == nil
	d.w.counts["sync"]++
	if done {
		d.w.counts["checkpoint"]++
	}
	if last := len(d.served) - 1; done && r == (engine.Report{}) && last >= 0 && differ(d.base, d.served[last].truth) == "" {
		// It says that nothing came, and it held the truth when it was looked at
		// last. Should it be wrong, the next look shows it.
		d.lastN, d.served = d.served[last].lastN, d.served[:0]
		return true
	}
	d.check(done)
	return done
}

// expected reports whether an error is one that a bad network makes.
func expected(err error) bool {
	var e *client.Error
	return errors.As(err, &e)
}

func code(err error) string {
	var e *client.Error
	switch {
	case err == nil:
		return "-"
	case errors.As(err, &e):
		return string(e.Err.Code)
	}
	return err.Error()
}
