package sim

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
)

// ablations are the defences that are off in a run.
type ablations struct {
	server []string
	engine map[engine.Ablation]bool
}

// without parses "server:nomid", "desk:nosweep" or several joined by "+".
func without(names string) ablations {
	var a ablations
	for name := range strings.SplitSeq(names, "+") {
		where, what, _ := strings.Cut(name, ":")
		switch where {
		case "server":
			a.server = append(a.server, what)
		case "desk":
			if a.engine == nil {
				a.engine = map[engine.Ablation]bool{}
			}
			a.engine[engine.Ablation(what)] = true
		}
	}
	return a
}

// ofFiles reports whether a defence is one of files, windows and pins: it shows
// only in runs that have them.
func ofFiles(name string) bool {
	return strings.Contains(name, "noblob") || strings.HasSuffix(name, ":noage") || strings.HasSuffix(name, ":nopinright")
}

// recorded are seeds that break an invariant when a defence is removed. A change
// of desk or server may draw other chances out of a seed; then the next seeds
// are tried, and the test says which one to record.
//
// Not here are defences that one thread of a simulation cannot show, or that
// others stand behind: the server's nosnapshotlastn, nolocks and noversion need
// writers that truly run at once; its nolastcheck has the ticket before it, its
// nogcfloor the channels' history, which goes with the removals; its noformer
// needs papers with numbers; the desk's nosums and nolastcheck need answers that no server of ours gives. The packages
// authority and engine have a scenario for each.
var recorded = []struct {
	off    string
	seed   uint64
	rewind bool // the server goes back to a backup
	why    string
}{
	{"server:nomid", 2, false, "a command sent again runs again"},
	{"server:noticket", 6, false, "a copied machine goes unnoticed"},
	{"server:nochain", 4, true, "a restored history is taken for the old one"},
	{"server:nogcbase", 1, false, "a first load begins anew after each collection"},
	{"server:norem", 1, false, "what was taken from somebody stays"},
	{"server:nochildren", 1, false, "children do not follow their root"},
	{"server:norollback", 1, false, "a refused command leaves its writes"},
	{"server:noheld", 3, false, "what stands on a refused command is done all the same"},
	{"server:nodrop", 4, false, "a channel that somebody left stays"},
	{"server:noblobright", 5, false, "whoever knows a hash gets the file"},
	{"server:noblobproof", 1, false, "whoever knows a hash makes the file his own"},
	{"server:noblobhash", 8, false, "what came in wrong is shown"},
	{"server:noage", 1, false, "what is over stays on the desks"},
	{"server:nopinright", 1, false, "a pin keeps what its owner may no longer read"},
	{"desk:noblobverify", 3, false, "what came spoilt is shown"},
	{"desk:noblobask", 12, true, "commands reach a restored server before their files"},
	{"desk:noblobkeep", 61, true, "what a restored server forgot is nowhere any more"},
	{"desk:noblobsweep", 36, false, "files of what was taken away stay"},
	{"desk:nobase", 1, false, "commands run again over their own effects"},
	{"desk:nosweep", 1, false, "a reset forgets nothing"},
	{"desk:applypartial", 1, false, "a page is shown before its checkpoint"},
	{"desk:nodeps", 1, false, "commands do not say what they stand on"},
	{"desk:nooverlayord", 3, false, "a kill between the two files goes unnoticed"},
	{"desk:noclosure", 4, false, "only what a page touches directly runs again"},
	{"desk:norequest", 1, false, "a retry is another request"},
	{"desk:nomid", 4, false, "a forked desk gives its work new names"},
	{"desk:earlyforget", 1, false, "an answered command vanishes before its effects come"},
	{"desk:nomend", 6, false, "what is found damaged is not asked for"},
	{"desk:noscrub", 6, false, "what lies damaged on the disk is not found"},
	{"desk:noreplay", 2, true, "what a restored server forgot is not sent again"},
}

// tries is how many seeds from the recorded one on are tried.
const tries = 60

// Each defence is needed: without it a seed breaks an invariant that holds with
// it.
func TestDefences(t *testing.T) {
	for _, x := range recorded {
		t.Run(x.off, func(t *testing.T) {
			for seed := x.seed; seed < x.seed+tries; seed++ {
				c := config{seed: seed, steps: 120, verify: true, rewind: x.rewind, files: ofFiles(x.off)}
				w, broken := playWithout(t, c, without(x.off))
				if broken == nil {
					continue
				}
				t.Logf("%s: step %d: %.200v", x.why, w.step, broken)
				if seed != x.seed {
					t.Logf("seed %d no longer shows it; record %d", x.seed, seed)
				}
				if w, err := play(t, c); err != nil {
					t.Fatalf("seed %d fails with all defences: %v\n%s", seed, err, w.log.end())
				}
				return
			}
			t.Errorf("no seed from %d to %d fails without the defence: %s", x.seed, x.seed+tries-1, x.why)
		})
	}
}

// The package documentation names the seeds that are recorded.
func TestDefencesAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range recorded {
		if line := fmt.Sprintf("//\t%-20s %4d  %s", x.off, x.seed, x.why); !strings.Contains(string(doc), line) {
			t.Errorf("doc.go lacks the line %q", line)
		}
	}
}

var flagHunt = flag.String("sim.hunt", "", "comma-separated defences to remove, one after the other, to find failing seeds; +rewind restores the server from a backup")

// TestHunt finds seeds to record.
func TestHunt(t *testing.T) {
	if *flagHunt == "" {
		t.Skip("only with -sim.hunt")
	}
	for name := range strings.SplitSeq(*flagHunt, ",") {
		fails := 0
		for n := range *flagSeeds {
			c := config{seed: *flagSeed + uint64(n), steps: *flagSteps, verify: true, rewind: strings.HasSuffix(name, "+rewind"), files: ofFiles(name)}
			w, err := playWithout(t, c, without(name))
			if err == nil {
				continue
			}
			t.Logf("%s: seed %d, step %d: %.300s", name, c.seed, w.step, err.Error())
			if fails++; fails == 3 {
				break
			}
		}
		t.Logf("%s: %d failing", name, fails)
	}
}
