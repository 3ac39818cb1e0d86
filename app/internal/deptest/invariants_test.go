package deptest

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// An invariant of the design (sync.md §6), the tests that would fail if it did
// not hold, and the defences without which some test has been seen to fail: of
// the simulation as in its recorded runs, server:… of package authority, desk:…
// of package engine. What has no ablation says what else was broken to see its
// test fail.
type invariant struct {
	n      int
	what   string
	tests  []string // package below app/internal or syncserver/internal, dot, test
	off    []string
	broken string
}

var invariants = []invariant{
	{n: 1, what: "at each checkpoint the base is exactly what is authorised and resident",
		tests: []string{"sim.TestSim", "authority.TestWhoSeesWhat", "authority.TestPagesAndWritesBetween"},
		off:   []string{"server:norem", "server:nochildren", "server:nodrop", "server:noage", "server:nopinright", "desk:nosweep", "desk:applypartial"}},
	{n: 2, what: "no command takes effect twice",
		tests: []string{"sim.TestSim", "authority.TestSameMidAtOnce", "proc.TestKills", "proof.TestClonedProfile", "proof.TestBadRoads"},
		off:   []string{"server:nomid", "server:noticket", "server:nolastcheck", "server:norollback", "desk:norequest"}},
	{n: 3, what: "at rest all desks of a person are equal; shown is what waits over the base",
		tests: []string{"sim.TestSim", "engine.TestOverlayEqualsTruthAndWaitingCommands", "engine.TestSeeds"},
		off:   []string{"desk:nobase", "desk:noclosure", "desk:nooverlayord", "desk:earlyforget"}},
	{n: 4, what: "every queue drains or names a reason; what is unrelated goes on",
		tests: []string{"sim.TestSim", "engine.TestFileWaitsAloneAndArrives", "engine.TestDependantsWaitForFiles", "engine.TestAFileThatIsNowhere"},
		off:   []string{"server:noheld", "server:nogcbase", "desk:nodeps", "desk:nomid", "desk:noblobwait"}},
	{n: 5, what: "one recorded outcome, the same on desk and server",
		tests: []string{"sim.TestSim", "authority.TestRefusalOfTwoMoments"},
		off:   []string{"server:nomid"}},
	{n: 6, what: "a restored server loses nothing that a desk still holds",
		tests: []string{"sim.TestSim", "proof.TestRestoredServer", "engine.TestARestoredServerGetsItsFilesAgain", "engine.TestAPushUnderWayWaitsForItsFiles"},
		off:   []string{"desk:noreplay", "desk:nolastcheck", "desk:noblobask", "desk:noblobkeep", "desk:noformer", "server:noformer", "server:nochain"}},
	{n: 7, what: "last_n and its effects share a snapshot",
		tests: []string{"sim.TestSim", "authority.TestEachDefenceIsNeeded"},
		off:   []string{"server:nosnapshotlastn"}},
	{n: 8, what: "a kill at any write changes nothing",
		tests: []string{"sim.TestKillAnywhere", "engine.TestAKillAnywhereChangesNothing", "proc.TestKills", "proof.TestPowerCut"},
		off:   []string{"desk:nooverlayord"}},
	{n: 9, what: "what was taken leaves no row, index entry, hit or file",
		tests: []string{"sim.TestSim", "replica.TestErasureLeavesNoWords", "engine.TestRevocationLeavesNoBytes", "engine.TestRevocationLeavesOnlyTheWordsOfADraft", "engine.TestWhatWasSetAsideKeepsNothingTaken", "carry.TestFilesFollowAPin"},
		off:   []string{"desk:noblobsweep", "server:noblobright", "server:norem"}},
	{n: 10, what: "a grant delivers rows of any age; revoke then grant leaves no gap",
		tests: []string{"sim.TestSim", "authority.TestGrantAndRevoke", "authority.TestChildWhileRootMoves"},
		off:   []string{"server:nochildren", "server:nodrop", "server:nogcfloor"}},
	{n: 11, what: "device clocks change nothing",
		tests: []string{"sim.TestClocksChangeNothing"},
		off:   []string{"server:noclock"}},
	{n: 12, what: "collections change nothing visible and bring nothing back",
		tests: []string{"sim.TestSim", "authority.TestGC", "authority.TestBlobGCAmongWriters"},
		off:   []string{"server:nogcbase", "server:nogcfloor"}},
	{n: 13, what: "sums equal recomputation; what is damaged is found and mended alone",
		tests: []string{"sim.TestSim", "sim.TestDamageIsRepaired", "authority.TestSumsEqualRecomputation", "authority.TestBitFlipIsFound"},
		off:   []string{"desk:nosums", "desk:nomend", "desk:noscrub"}},
	{n: 14, what: "each channel keeps the order of commits with many writers on two servers",
		tests: []string{"authority.TestManyWriters", "authority.TestRegisters", "authority.TestTwoServers"},
		off:   []string{"server:nolocks", "server:noversion"}},
	{n: 15, what: "commands of former versions work; what waits outlives other programs",
		tests:  []string{"sim.TestVersions", "sim.TestSim", "proof.TestFilesOfFormerVersions"},
		broken: "a server without converters, in TestVersions itself"},
	{n: 16, what: "401, 403, 5xx and time-outs drop and reorder nothing",
		tests:  []string{"sim.TestSim", "proc.TestSessions", "proof.TestRoadsAreTold", "proof.TestTheOtherServer"},
		off:    []string{"desk:norequest"},
		broken: "each road, see package proof"},
	{n: 17, what: "a file that is shown has its hash and a readable referrer",
		tests: []string{"sim.TestSim", "authority.TestBlobRights", "proc.TestKillsWithFiles"},
		off:   []string{"server:noblobhash", "server:noblobproof", "server:noblobright", "desk:noblobverify", "desk:noblobask"}},
	{n: 18, what: "a pull without news costs at most 1 KB, one changed row the same everywhere",
		tests: []string{"sim.TestCostOfAPull", "authority.TestNothingNewIsSmall"},
		off:   []string{"desk:noknown"}},
	{n: 19, what: "what one desk shows goes forward, but for an announced rebuild",
		tests: []string{"sim.TestSim", "authority.TestRestoredServer"},
		off:   []string{"server:nochain"}},
	{n: 20, what: "of two processes on one profile exactly one syncs",
		tests:  []string{"proc.TestTwoProcessesOnOneProfile"},
		broken: "a lock that everybody gets: a second sync: exit 0, want 5"},
}

// Every invariant names tests and defences that are there.
func TestInvariantsAreProved(t *testing.T) {
	tests, defences := map[string]bool{}, map[string]bool{}
	for _, f := range goFiles(t) {
		short := f.pkg[strings.LastIndex(f.pkg, "/")+1:]
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if f.test && strings.HasPrefix(d.Name.Name, "Test") {
					tests[short+"."+d.Name.Name] = true
				}
			case *ast.GenDecl:
				where := map[string]string{"app/internal/engine": "desk:", "syncserver/internal/authority": "server:"}[f.pkg]
				if d.Tok != token.CONST || where == "" {
					continue
				}
				for _, s := range d.Specs {
					v := s.(*ast.ValueSpec)
					if typ, ok := v.Type.(*ast.Ident); !ok || typ.Name != "Ablation" {
						continue
					}
					if strings.Contains(strings.Join(strings.Fields(v.Doc.Text()), " "), "No defence:") {
						continue // it measures, or plays another way
					}
					for _, x := range v.Values {
						if name, err := strconv.Unquote(x.(*ast.BasicLit).Value); err == nil {
							defences[where+name] = true
						}
					}
				}
			}
		}
	}
	used := map[string]bool{"desk:noselective": true, "desk:nocopy": true} // no defences: another way to the same
	for i, x := range invariants {
		if x.n != i+1 || len(x.tests) == 0 || len(x.off) == 0 && x.broken == "" {
			t.Errorf("invariant %d: %+v", i+1, x)
		}
		for _, name := range x.tests {
			if !tests[name] {
				t.Errorf("invariant %d: there is no test %s", x.n, name)
			}
		}
		for _, name := range x.off {
			if used[name] = true; !defences[name] {
				t.Errorf("invariant %d: there is no defence %s", x.n, name)
			}
		}
	}
	if len(invariants) != 20 {
		t.Error(fmt.Sprint(len(invariants), " of 20 invariants"))
	}
	for name := range defences {
		if !used[name] {
			t.Errorf("the defence %s keeps no invariant", name)
		}
	}
}
