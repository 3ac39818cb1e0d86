package deptest

import (
	"fmt"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// proof says which tests prove a rule of the design, or one tricky case of it.
// A test is named as package.Test, from the root of the repository's packages by
// its last element; a test of the window as the file's number and name.
type proof struct {
	id    string // W1–W46 of approval.md; L1–L23, F1–F15, R1–R12 of facts.md
	what  string // the case; "" for the rule itself
	tests []string
}

// proofs is the table. Whoever adds a rule adds a line; a line whose test is gone,
// or no longer names the rule, fails.
var proofs = []proof{
	{"W1", "", []string{"approval.TestAll", "approval.TestW01All", "proof.TestActsOffLine"}},
	{"W1", "全票, 比例, 一票否决, 收齐再定", []string{"approval.TestW01All", "approval.TestW01Ratio", "approval.TestW01Collect"}},
	{"W1", "the last one pending is removed; one is added after the others finished", []string{"approval.TestW01LastPendingRemoved"}},
	{"W1", "one person with two 身份 acts once", []string{"approval.TestW01OnePersonTwice"}},
	{"W1", "co-signers see each other's words only afterwards", []string{"approval.TestW01Sealed"}},
	{"W1", "a return cancels the others' tasks and no 传阅; rejected while approved", []string{"approval.TestW01All"}},
	{"W2", "", []string{"approval.TestW02Units", "approval.TestW02NewRound", "proof.TestActsOffLine"}},
	{"W2", "silence is 视为无意见", []string{"approval.TestW02Silence"}},
	{"W2", "the text changed after a unit agreed", []string{"approval.TestW02Units"}},
	{"W3", "", []string{"approval.TestAny", "approval.TestW03Or", "proof.TestActsOffLine"}},
	{"W3", "two at the same moment, one off line: the loser's words are kept", []string{"authority.TestTwoSign", "approval.TestW03Or", "proof.TestActsOffLine"}},
	{"W3", "a refusal of the first is the step's", []string{"approval.TestW03Or"}},
	{"W4", "claimed, then absent", []string{"approval.TestW04Claim", "proof.TestActsOffLine"}},
	{"W5", "put in and taken out in the middle; 退回上一签; by rank", []string{"approval.TestSerial", "approval.TestW05Serial", "proof.TestActsOffLine"}},
	{"W6", "abstentions; decided early; what remains closes", []string{"approval.TestW06Vote", "proof.TestActsOffLine"}},
	{"W6", "a change of weights is not that of a running step", []string{"approval.TestW06RunningWeights"}},
	{"W7", "a refusal comes back to me; three deep", []string{"approval.TestW07Before", "proof.TestActsOffLine"}},
	{"W7", "前 and 后 do not mix", []string{"approval.TestW07NotAtOnce"}},
	{"W8", "all added are removed before I act", []string{"approval.TestW08After", "proof.TestActsOffLine"}},
	{"W9", "the base of a ratio; 先加签再转交", []string{"approval.TestW09Beside", "proof.TestActsOffLine"}},
	{"W10", "only who added; never whom the flow asks", []string{"approval.TestW10Drop", "proof.TestActsOffLine"}},
	{"W11", "not to oneself; A→B→A; the first handler is on record; the receiver may read", []string{"approval.TestTransfer", "approval.TestW11Transfer", "proof.TestActsOffLine"}},
	{"W12", "his words are seen; called back while away", []string{"approval.TestW12Delegate", "proof.TestActsOffLine"}},
	{"W13", "whoever is first; the end of [from, to) gives back", []string{"approval.TestW13Agent", "proof.TestActsOffLine"}},
	{"W13", "open tasks; exclusions; no circle; bounded chain", []string{"approval.TestW13Scope"}},
	{"W13", "签发 is never delegated", []string{"approval.TestW13NeverSign"}},
	{"W14", "what was done stays with who did it", []string{"approval.TestW14HandOver"}},
	{"W15", "from 会签 to one or all; what was skipped sent nothing", []string{"approval.TestReturn", "approval.TestW15Sender", "proof.TestActsOffLine"}},
	{"W16", "only what was passed on the line", []string{"approval.TestW16Passed", "proof.TestActsOffLine"}},
	{"W16", "inside parallel branches", []string{"approval.TestW16Parallel"}},
	{"W17", "a number that was given stays", []string{"approval.TestW17Drafter", "proof.TestActsOffLine"}},
	{"W18", "not past a changed text or amount; no dedupe after a return", []string{"approval.TestW18Direct", "approval.TestW40Dedupe", "proof.TestActsOffLine"}},
	{"W18", "not if the people of 会签 changed", []string{"approval.TestW18Cosigners"}},
	{"W19", "the entry stays as 已退文", []string{"approval.TestW19Reject", "proof.TestActsOffLine"}},
	{"W20", "未阅, 未办, one of several has acted, 会签", []string{"approval.TestTakeBack", "approval.TestTakeBackFromMany", "approval.TestW20Policies", "approval.TestW20Fork"}},
	{"W20", "the next has a copy off line", []string{"approval.TestW20Policies", "proof.TestActsOffLine"}},
	{"W21", "not after 编号; flows inside are cancelled", []string{"approval.TestW21Cancel", "proof.TestActsOffLine"}},
	{"W22", "", []string{"approval.TestW22Recall", "approval.TestManyCopies"}},
	{"W22", "the order to purge, and its proof", []string{"approval.TestW22Purge", "approval.TestW22PurgeDone", "proof.TestPurge"}},
	{"W23", "never over 签发 and 复核", []string{"approval.TestW23Jump"}},
	{"W24", "only where allowed; missing fields; open tasks are void", []string{"approval.TestW24Switch", "approval.TestManyOpinions"}},
	{"W25", "after the end nothing on the sheet; which area; no words lost; nobody twice", []string{"approval.TestCirculate", "approval.TestW25Copies", "proof.TestActsOffLine"}},
	{"W26", "by the step's own list", []string{"approval.TestW26Notice", "proof.TestActsOffLine"}},
	{"W27", "quiet hours, most in a day, 传阅 people", []string{"approval.TestW27Urge", "approval.TestManyCopies", "proof.TestActsOffLine"}},
	{"W28", "queued acts meanwhile; clocks stand", []string{"approval.TestW28Suspend"}},
	{"W29", "circles; who ends it", []string{"approval.TestW29Free", "approval.TestChosen", "proof.TestActsOffLine"}},
	{"W30", "evaluated again after a return; foretold", []string{"approval.TestLines", "approval.TestW30Expressions"}},
	{"W31", "all, any, k of n; a branch that was ended; by data", []string{"approval.TestW31All", "approval.TestW31Any", "approval.TestW31EndBranch", "approval.TestW31ByData"}},
	{"W32", "a return of the parent; a refusal inside; no loop; not waited for", []string{"approval.TestW32Sub"}},
	{"W33", "only bound; a scan at 签发; confirmed or disputed", []string{"approval.TestW33Enter", "proof.TestActsOffLine"}},
	{"W34", "nobody acts meanwhile; partly done; several words of one paper", []string{"approval.TestW34Paper", "proof.TestActsOffLine"}},
	{"W35", "some words alone are no opinion", []string{"approval.TestW35Phrases", "proof.TestActsOffLine"}},
	{"W36", "bound to the text; scaled", []string{"approval.TestW36Ink", "proof.TestActsOffLine"}},
	{"W37", "reminder, escalation, skip and its label, one next handler", []string{"approval.TestOverdue", "approval.TestW37Timeout"}},
	{"W37", "never 签发, 复核, 用印", []string{"approval.TestW37Never"}},
	{"W37", "working time; clocks that stand", []string{"approval.TestW37WorkingTime", "approval.TestW28Suspend", "approval.TestW34Paper"}},
	{"W38", "arrived, first opened, done", []string{"approval.TestW38Read", "proof.TestActsOffLine"}},
	{"W39", "running papers keep theirs; moved with a mapping", []string{"approval.TestKeepsVersion", "approval.TestW39Migrate", "approval.TestManyOpinions", "proof.TestActsOffLine"}},
	{"W40", "never 核稿 with 签发, never after a return", []string{"approval.TestW40Dedupe"}},
	{"W41", "no handler: the 文书, never passed; oneself", []string{"approval.TestRescue", "approval.TestW41Self"}},
	{"W42", "the number is voided", []string{"approval.TestW42Terminate", "authority.TestVoidedByTermination"}},
	{"W43", "not what is archived", []string{"approval.TestW43Reopen"}},
	{"W44", "the draft survives the loss of the task", []string{"carry.TestOwn", "engine.TestRevocationLeavesOnlyTheWordsOfADraft"}},
	{"W45", "not on the sheet", []string{"approval.TestW45Talk", "proof.TestActsOffLine"}},
	{"W46", "until the next has opened; the old text is kept", []string{"approval.TestW46Reword", "seal.TestReworded", "proof.TestActsOffLine"}},

	{"L1", "", []string{"rules.TestL1", "catalog.TestShippedFlowsAndL1"}},
	{"L2", "", []string{"rules.TestL2"}},
	{"L3", "", []string{"rules.TestL3"}},
	{"L4", "", []string{"rules.TestL4"}},
	{"L5", "", []string{"rules.TestL5"}},
	{"L6", "", []string{"rules.TestL6"}},
	{"L7", "", []string{"rules.TestL7"}},
	{"L8", "", []string{"rules.TestL8"}},
	{"L9", "", []string{"rules.TestL9", "catalog.TestCorrectionsAfterSigning"}},
	{"L10", "", []string{"rules.TestL10L11", "rules.TestL10Attachments"}},
	{"L11", "", []string{"rules.TestL10L11"}},
	{"L12", "", []string{"rules.TestL12"}},
	{"L13", "", []string{"rules.TestL13"}},
	{"L14", "", []string{"rules.TestL14"}},
	{"L15", "", []string{"rules.TestL15"}},
	{"L16", "", []string{"rules.TestPageFaults"}},
	{"L17", "", []string{"rules.TestL17"}},
	{"L18", "", []string{"rules.TestL18"}},
	{"L22", "", []string{"rules.TestL22"}},
	{"L23", "", []string{"rules.TestL23"}},

	{"R1", "", []string{"document.TestRegister"}},
	{"R10", "", []string{"approval.TestF1toF15R1toR12", "approval.TestW27Urge", "approval.TestW37Timeout"}},
}

// noRoom are rules whose room the product does not have: nothing is claimed.
var noRoom = map[string]string{
	"L19": "紧急信息 needs the room of 信息报送 and 值班",
	"L20": "会议 needs the room of meetings",
	"L21": "督办 needs the room of 督查",
}

func init() {
	for n := 1; n <= 15; n++ {
		proofs = append(proofs, proof{fmt.Sprintf("F%d", n), "", []string{"approval.TestF1toF15R1toR12"}})
	}
	for n := 2; n <= 12; n++ {
		if n != 10 {
			proofs = append(proofs, proof{fmt.Sprintf("R%d", n), "", []string{"approval.TestF1toF15R1toR12"}})
		}
	}
}

// testSources are the tests of the repository by "package.Test", each with its
// comment, and those of the table that the acts off line are played from.
func testSources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	table := ""
	for _, f := range goFiles(t) {
		if !f.test {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(f.path)))
		if err != nil {
			t.Fatal(err)
		}
		if path.Base(f.path) == "acts_rows_test.go" {
			table = string(raw)
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Test") {
				continue
			}
			at := func(n ast.Node) (int, int) { return fset.Position(n.Pos()).Offset, fset.Position(n.End()).Offset }
			from, to := at(fn)
			if fn.Doc != nil {
				from, _ = at(fn.Doc)
			}
			out[path.Base(f.pkg)+"."+fn.Name.Name] = string(raw[from:to])
		}
	}
	out["proof.TestActsOffLine"] += table
	return out
}

// names reports whether a test names a rule: in its own name or in what is
// written in it.
func names(test, source, id string) bool {
	kind, n := id[:1], id[1:]
	inName := regexp.MustCompile(`(Test|[a-z0-9])` + kind + `0?` + n + `([^0-9]|$)`)
	inText := regexp.MustCompile(`\b` + kind + `0?` + n + `\b`)
	return inName.MatchString(test) || inText.MatchString(source)
}

// TestEveryRuleHasATest: each rule of the design and each tricky case has a test
// that names it; what has no room yet says so and has none.
func TestEveryRuleHasATest(t *testing.T) {
	tests := testSources(t)
	have := map[string]bool{}
	for _, p := range proofs {
		have[p.id] = true
		if len(p.tests) == 0 {
			t.Errorf("%s %s: no test", p.id, p.what)
		}
		for _, name := range p.tests {
			if source, ok := tests[name]; !ok {
				t.Errorf("%s %s: there is no %s", p.id, p.what, name)
			} else if !names(name, source, p.id) {
				t.Errorf("%s %s: %s does not name it", p.id, p.what, name)
			}
		}
	}
	for _, x := range []struct {
		kind string
		n    int
	}{{"W", 46}, {"L", 23}, {"F", 15}, {"R", 12}} {
		for n := 1; n <= x.n; n++ {
			id := fmt.Sprintf("%s%d", x.kind, n)
			if _, none := noRoom[id]; none == have[id] {
				t.Errorf("%s: proven %v, without a room %v", id, have[id], none)
			}
		}
	}
}

// TestEveryRuleTableStops: the table is not content with less.
func TestEveryRuleTableStops(t *testing.T) {
	for _, x := range []struct {
		test, source, id string
		want             bool
	}{
		{"TestW01All", "", "W1", true}, {"TestW10Drop", "", "W1", false}, {"TestL10L11", "", "L11", true}, {"TestL10L11", "", "L1", false},
		{"TestAny", "// TestAny: W3. The first decides", "W3", true}, {"TestAny", "// W31", "W3", false}, {"TestF1toF15R1toR12", "F5 hegao", "F5", true},
		{"TestF1toF15R1toR12", "", "F5", false},
	} {
		if got := names(x.test, x.source, x.id); got != x.want {
			t.Errorf("%s names %s: %v", x.test, x.id, got)
		}
	}
	if slices.ContainsFunc(proofs, func(p proof) bool { return len(p.tests) == 0 }) {
		t.Error("a line without a test")
	}
}
