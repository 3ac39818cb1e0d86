package sim

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	flagSeed  = flag.Uint64("sim.seed", 1, "the first seed; the others follow it")
	flagCPU   = flag.Duration("sim.cpu", 15*time.Second, "CPU time to spend on TestSim; 0 = none beyond -sim.seeds")
	flagSeeds = flag.Int("sim.seeds", 10, "seeds to run at least, whatever CPU time they take")
	flagSteps = flag.Int("sim.steps", 100, "steps of one seed")
	flagShow  = flag.Bool("sim.show", false, "print every event")
)

var shared *template

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400) // little is kept: fewer collections leave more time for seeds
	os.Exit(func() int {
		dir, err := os.MkdirTemp(fastDir(), "qianshao-sim-template-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if shared, err = makeTemplate(filepath.Join(dir, "template")); err != nil {
			fmt.Fprintln(os.Stderr, "make the template:", err)
			return 1
		}
		return m.Run()
	}())
}

// play is one run of one seed; err is a broken invariant.
func play(t testing.TB, c config) (*world, error) {
	t.Helper()
	return playWithout(t, c, ablations{})
}

// playWithout is play with some defences off.
func playWithout(t testing.TB, c config, off ablations) (w *world, err error) {
	t.Helper()
	w, err = newWorld(shared, c, off)
	if w != nil {
		defer w.close()
	}
	if err != nil {
		t.Fatalf("seed %d: %v", c.seed, err)
	}
	w.log.all = *flagShow
	err = w.run()
	if *flagShow {
		t.Log("\n" + strings.Join(w.log.tail, "\n"))
	}
	return w, err
}

func replay(c config) string {
	return fmt.Sprintf("go test -tags sqlite_fts5 ./app/internal/sim -run TestSim -sim.seed=%d -sim.seeds=1 -sim.cpu=0 -sim.steps=%d -sim.show -v", c.seed, c.steps)
}

// usual is what a seed plays: of four, one has files, windows and pins, one
// restores the server from a backup, two have two servers over one store, one
// of these restored too. Every seventh has all of it at once.
func usual(seed uint64, steps int) config {
	c := config{seed: seed, steps: steps, verify: true, files: seed%4 == 0, rewind: seed%4 == 1 || seed%4 == 2, two: seed%4 >= 2}
	if seed%7 == 0 {
		c.files, c.rewind, c.two = true, true, true
	}
	return c
}

// Everything at once, seed after seed: invariants 1–8, 10–13, 15, 16 and 19;
// with files, windows and pins: 9 and 17.
func TestSim(t *testing.T) {
	began := cpuTime()
	counts := map[string]int{}
	n := 0
	for ; n < *flagSeeds || cpuTime()-began < *flagCPU; n++ {
		c := usual(*flagSeed+uint64(n), *flagSteps)
		w, err := play(t, c)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s\nreplay: %s", c.seed, err, w.log.end(), replay(c))
		}
		for k, v := range w.counts {
			counts[k] += v
		}
	}
	var what []string
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		what = append(what, fmt.Sprintf("%s %d", k, counts[k]))
	}
	t.Logf("%d seeds from %d, %d steps each, %.1f s of CPU: %s", n, *flagSeed, *flagSteps, (cpuTime() - began).Seconds(), strings.Join(what, ", "))
}

// The same seed gives the same run, event for event.
func TestSameSeedSameRun(t *testing.T) {
	c := config{seed: *flagSeed + 7, steps: *flagSteps, verify: true}
	var hashes []string
	for range 2 {
		w, err := play(t, c)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, fmt.Sprintf("%s of %d events", w.log.hash(), w.log.n))
	}
	if hashes[0] != hashes[1] {
		t.Errorf("two runs of one seed: %s and %s", hashes[0], hashes[1])
	}
	c.seed++
	w, err := play(t, c)
	if err != nil {
		t.Fatal(err)
	}
	if h := fmt.Sprintf("%s of %d events", w.log.hash(), w.log.n); h == hashes[0] {
		t.Error("another seed gives the same run")
	}
}
