package proc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/build/trip/script"
)

// kills is a test in which everything dies again and again.
type kills struct {
	t      *testing.T
	office *script.Office
	rng    *rand.Rand
	given  map[string]given // by mid: what must have happened exactly once
	deaths map[string]int

	// How long the programs take here: moments of death are spread over it.
	doing, syncing time.Duration
}

// measure lets a desk work undisturbed, to see how long it takes.
func (k *kills) measure(p *script.Person) {
	k.t.Helper()
	began := time.Now()
	g := do(k.t, p, "todo.create@1", map[string]string{"title": "量一量"})
	k.doing = time.Since(began)
	k.given[g.Mid] = given{p, g.ID, "量一量"}
	began = time.Now()
	sync(k.t, p)
	k.syncing = time.Since(began)
}

type given struct {
	person *script.Person
	id     string
	marker string
}

// dying runs a prepared program and kills it after a chance moment; done says
// that it ended with 0 before.
func (k *kills) dying(cmd *exec.Cmd, stdin string, within time.Duration) (out []byte, done bool) {
	k.t.Helper()
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &o, &e
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	axe := time.AfterFunc(time.Duration(k.rng.Int64N(int64(within))), func() {
		_ = cmd.Process.Kill() // it may have ended by itself
	})
	err := cmd.Wait()
	axe.Stop()
	if err != nil && cmd.ProcessState.ExitCode() < 0 {
		k.deaths["desk"]++
	}
	return o.Bytes(), err == nil
}

// create gives a to-do with a marker of its own. If the desk dies in it, its
// outbox says whether it was taken.
func (k *kills) create(p *script.Person, marker string) {
	k.t.Helper()
	ctx := k.t.Context()
	args, err := json.Marshal(map[string]string{"title": marker})
	if err != nil {
		k.t.Fatal(err)
	}
	out, done := k.dying(p.Command(ctx, "do", "todo.create@1", "-"), string(args), 2*k.doing)
	var g script.Given
	if done {
		if err := json.Unmarshal(out, &g); err != nil {
			k.t.Fatal(err)
		}
		k.given[g.Mid] = given{p, g.ID, marker}
		return
	}
	items, err := p.Outbox(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, it := range items {
		var a struct{ ID, Title string }
		if err := json.Unmarshal(it.Args, &a); err != nil {
			k.t.Fatal(err)
		}
		if a.Title == marker {
			k.given[it.Mid] = given{p, a.ID, marker}
		}
	}
}

// Desks and server are killed at random moments: nothing is lost, nothing
// happens twice.
func TestKills(t *testing.T) {
	o := office(t, "lin", "he")
	k := &kills{t: t, office: o, rng: rand.New(rand.NewPCG(*flagSeed, 77)), given: map[string]given{}, deaths: map[string]int{}}
	desks := []*script.Person{in(t, o, "lin", "a"), in(t, o, "lin", "b"), in(t, o, "he", "a")}
	k.measure(desks[0])
	for round := range *flagRounds {
		for i, p := range desks {
			for n := range 2 {
				k.create(p, fmt.Sprintf("标记 %d-%d-%d", round, i, n))
			}
			k.sync(p)
		}
	}
	t.Logf("%d rounds: %d commands given, deaths %v", *flagRounds, len(k.given), k.deaths)

	// Quiet: everybody gets through.
	ctx := t.Context()
	if err := o.Start(ctx); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, p := range desks {
			sync(t, p)
		}
	}
	k.account(desks)
	doctor(t, ctx, o, desks...)
}

// sync lets a desk sync while it, or the server, may die.
func (k *kills) sync(p *script.Person) {
	k.t.Helper()
	ctx := k.t.Context()
	if err := k.office.Start(ctx); err != nil {
		k.t.Fatal(err)
	}
	switch k.rng.IntN(4) {
	case 0:
		k.dying(p.Command(ctx, "sync"), "", 2*k.syncing)
	case 2: // both, each at its own moment of one sync
		axe := time.AfterFunc(time.Duration(k.rng.Int64N(int64(2*k.syncing))), k.office.Kill)
		k.dying(p.Command(ctx, "sync"), "", 2*k.syncing)
		if axe.Stop() {
			k.office.Kill()
		} else {
			k.deaths["server"]++
		}
	case 1:
		axe := time.AfterFunc(time.Duration(k.rng.Int64N(int64(2*k.syncing))), k.office.Kill)
		_, err := p.Sync(ctx)
		if axe.Stop() {
			k.office.Kill()
		} else {
			k.deaths["server"]++
		}
		if c := script.ExitCode(err); c != script.ExitDone && c != script.ExitUnreachable {
			k.t.Errorf("sync against a dying server: %v", err)
		}
	default:
		if _, err := p.Sync(ctx); err != nil {
			k.t.Errorf("sync: %v", err)
		}
	}
}

// account compares all outboxes with the records of each person's other desk.
func (k *kills) account(desks []*script.Person) {
	k.t.Helper()
	ctx := k.t.Context()
	outcomes := map[string]script.Item{}
	for _, p := range desks {
		items, err := p.Outbox(ctx)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, it := range items {
			outcomes[it.Mid] = it
			if _, ok := k.given[it.Mid]; !ok {
				k.t.Errorf("%s has %s, which nobody gave", p.User, it.Mid)
			}
		}
	}
	seen := map[string]map[string]int{} // user, marker
	ids := map[string]bool{}
	for _, user := range []string{"lin", "he"} {
		other := in(k.t, k.office, user, "witness")
		rs, err := other.List(ctx, "todo.item", "--limit", "0")
		if err != nil {
			k.t.Fatal(err)
		}
		seen[user] = map[string]int{}
		for _, r := range rs {
			seen[user][r.Text("title")]++
			ids[r.ID] = true
		}
	}
	total := 0
	for mid, g := range k.given {
		it, ok := outcomes[mid]
		switch {
		case !ok:
			k.t.Errorf("%s, given by %s, is in no outbox", mid, g.person.User)
		case it.Outcome != "applied" || it.Waiting || it.State != engine.StateSettled && it.State != engine.StateArchived:
			k.t.Errorf("%s of %s is %s %s %s", mid, g.person.User, it.State, it.Outcome, it.Code)
		}
		if n := seen[g.person.User][g.marker]; n != 1 || !ids[g.id] {
			k.t.Errorf("%s of %s is there %d times", g.marker, g.person.User, n)
		}
	}
	for _, markers := range seen {
		for _, n := range markers {
			total += n
		}
	}
	if total != len(k.given) {
		k.t.Errorf("%d to-dos on the server, %d given", total, len(k.given))
	}
}
