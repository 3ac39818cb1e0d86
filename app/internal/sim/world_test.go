package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// begin is when every simulation begins.
var begin = time.Date(2026, 3, 2, 0, 30, 0, 0, time.UTC)

// person is somebody of the simulated office.
type person struct {
	uid   office.UserID
	desks []*desk
}

// config is what a run is made of.
type config struct {
	seed   uint64
	steps  int
	calm   bool // no bad network, no deaths: for tests of one thing
	sound  bool // device clocks are right
	few    bool // one desk a person is enough
	pages  int  // bytes of a page of a pull; 0 = small ones
	plain  bool // no papers
	two    bool // two servers over one store
	rewind bool // the server is restored from a backup once
	files  bool // files, windows and pins
	verify bool // compare with the oracle; off only to measure
}

// world is one run.
type world struct {
	config
	off     ablations // defences that are off
	ctx     context.Context
	rng     *rand.Rand
	log     *journal
	past    *history // a backup of the server, nil = none
	rewound bool     // it was restored
	now     time.Time
	dir     string
	server  *server
	people  []*person
	desks   []*desk
	weather weather
	clean   bool // no byte of a file goes wrong on its way
	late    []letter
	traffic int64 // bytes of bodies that reached somebody
	step    int
	closed  bool
	aged    int64           // what was over by then has left the desks
	brought map[string]bool // by person and hash: who brought which file
	busy    bool            // something happens between two requests already

	issued  map[string]*issue           // by mid
	results map[string]string           // the outcome of each mid as first heard
	sent    map[string]map[int64]string // by device: what went under each n
	spent   map[string]string           // by device and ticket: the request it was accepted with
	counts  map[string]int              // what happened, for the summary
	handled map[string]int64            // by device: last_n as its pushes were told
	codec   *protocol.Zstd
}

// issue is one command that a desk took.
type issue struct {
	desk   *desk
	kind   string
	target string // the note it counts on, for commands that leave their mid in it
	sent   bool   // it has gone out once
	erased bool   // a person undid it: discarded, or its disk went back in time
}

// failure is a broken invariant.
type failure struct {
	invariant int // of sync.md §6; 0 = the simulation itself
	text      string
}

func (f *failure) Error() string {
	if f.invariant == 0 {
		return f.text
	}
	return fmt.Sprintf("invariant %d: %s", f.invariant, f.text)
}

// fail ends the run.
func (w *world) fail(invariant int, format string, args ...any) {
	panic(&failure{invariant, fmt.Sprintf("step %d: ", w.step) + fmt.Sprintf(format, args...)})
}

// must ends the run on an error that no run should meet.
func (w *world) must(err error) {
	if err != nil {
		w.fail(0, "%v", err)
	}
}

// newWorld opens a copy of the template.
func newWorld(t *template, c config, off ablations) (*world, error) {
	dir, err := os.MkdirTemp(fastDir(), "qianshao-sim-")
	if err != nil {
		return nil, err
	}
	if c.seed%10 == 3 { // however little there is to load, it comes as much would
		off.engine = maps.Clone(off.engine)
		if off.engine == nil {
			off.engine = map[engine.Ablation]bool{}
		}
		off.engine[engine.NoCopy] = true
	}
	w := &world{
		config: c, off: off, ctx: context.Background(), rng: rand.New(rand.NewPCG(c.seed, 20260302)), log: newJournal(),
		now: begin, dir: dir, weather: stormy,
		issued: map[string]*issue{}, results: map[string]string{}, sent: map[string]map[int64]string{}, spent: map[string]string{}, counts: map[string]int{}, brought: map[string]bool{}, handled: map[string]int64{},
	}
	if c.calm {
		w.weather, w.clean = calm, true
	}
	if w.codec, err = protocol.NewZstd(protocol.PageMax); err != nil {
		return w, err
	}
	if err := copyDir(t.serverDir, filepath.Join(dir, "server")); err != nil {
		return w, err
	}
	if w.server, err = openServer(filepath.Join(dir, "server"), func() time.Time { return w.now }, w.off, c.seed); err != nil {
		return w, err
	}
	if c.two {
		if err := w.server.pair(func() time.Time { return w.now }, w.off, c.seed); err != nil {
			return w, err
		}
	}
	for _, tp := range t.people {
		p := &person{uid: tp.uid}
		for i, td := range tp.desks {
			if c.few && i > 0 {
				break
			}
			d := &desk{
				w: w, p: p, name: fmt.Sprintf("%s%d", tp.uid, i+1), dir: filepath.Join(dir, fmt.Sprintf("%s%d", tp.uid, i+1)),
				token: td.token, device: td.device, install: td.install, version: newest,
				rnd: rand.NewChaCha8([32]byte{byte(c.seed), byte(c.seed >> 8), byte(c.seed >> 16), byte(c.seed >> 24), byte(len(w.desks)), 7}),
			}
			p.desks = append(p.desks, d)
			w.desks = append(w.desks, d)
			if c.seed%10 != 0 { // else it makes its files by itself
				if err := copyDir(td.dir, d.dir); err != nil {
					return w, err
				}
			}
			d.open()
		}
		w.people = append(w.people, p)
	}
	return w, nil
}

// close gives everything back.
func (w *world) close() {
	if w.closed {
		return
	}
	w.closed = true
	for _, d := range w.desks {
		d.shut()
	}
	if w.server != nil {
		_ = w.server.Close() // the folder goes anyway
	}
	_ = os.RemoveAll(w.dir)
}

// fastDir is where databases need no disk.
func fastDir() string {
	if fi, err := os.Stat("/dev/shm"); err == nil && fi.IsDir() {
		return "/dev/shm"
	}
	return ""
}

// copyDir copies the files of a folder, as they are at this moment: what a kill
// would leave, or a backup that an unlucky moment made. Locks and shared memory
// stay behind.
func copyDir(from, to string) error {
	es, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for _, e := range es {
		name := e.Name()
		if e.IsDir() {
			if err := copyDir(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
				return err
			}
			continue
		}
		if !e.Type().IsRegular() || filepath.Ext(name) == ".lock" || hasSuffix(name, "-shm") {
			continue
		}
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in) // by the kernel, where it can
	return errors.Join(err, out.Close())
}

func hasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && s[len(s)-len(suffix):] == suffix
}

// tick lets time pass.
func (w *world) tick() {
	w.now = w.now.Add(time.Duration(1+w.rng.IntN(300)) * time.Second)
}

// pick chooses one of a list.
func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// chance is true n times of 100.
func (w *world) chance(n int) bool { return w.rng.IntN(100) < n }

// some are a few channels of all.
func (w *world) some() []office.Channel {
	out := []office.Channel{}
	for _, c := range everybody {
		if w.chance(30) && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
