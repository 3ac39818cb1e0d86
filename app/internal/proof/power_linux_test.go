package proof

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/servertest"
)

var (
	flagCuts = flag.Int("proof.cuts", 18, "power cuts that TestPowerCut tries")
	flagDay  = flag.Int("proof.day", 24, "acts of the day whose power is cut")
)

// told is what the recorded day told its person, and how long the record was by
// then: whatever it holds up to there must outlive a cut.
type told struct {
	At       int64             `json:"at"`
	Setup    *machineOf        `json:"setup,omitempty"`
	Giving   string            `json:"giving,omitempty"` // before it is given
	Given    string            `json:"given,omitempty"`  // the desk has taken it
	Answered map[string]string `json:"answered,omitempty"`
}

type machineOf struct{ Device, Token, Install string }

const (
	powerDir = "QS_POWER_DIR"
	powerLog = "QS_RECORD_LOG"
)

// TestPowerDay is not a test: it is the day that TestPowerCut records, in a
// process of its own.
func TestPowerDay(t *testing.T) {
	dir := os.Getenv(powerDir)
	if dir == "" {
		t.Skip("only for TestPowerCut")
	}
	out := json.NewEncoder(os.Stdout)
	say := func(x told) {
		fi, err := os.Stat(os.Getenv(powerLog))
		if err != nil {
			t.Fatal(err)
		}
		x.At = fi.Size()
		if err := out.Encode(x); err != nil {
			t.Fatal(err)
		}
	}
	s := start(t, filepath.Join(dir, "server"))
	m := signIn(t, s, lin, filepath.Join(dir, "desk"), "install-1")
	m.open()
	m.sync()
	say(told{Setup: &machineOf{m.device, m.token, m.install}})
	for i := range *flagDay {
		title := fmt.Sprintf("停电前第 %d 件", i)
		say(told{Giving: title})
		id, _, err := m.create(title)
		if err != nil {
			t.Fatal(err)
		}
		say(told{Given: title})
		switch i % 4 {
		case 1:
			m.sync()
			answered := map[string]string{}
			for _, it := range m.items() {
				if it.Outcome != "" {
					answered[it.Mid] = it.Outcome
				}
			}
			say(told{Answered: answered})
		case 2:
			if err := s.As("lin").Must(&todo.Create{ID: "office-" + id, Title: "办公室 " + title}); err != nil {
				t.Fatal(err)
			}
		}
		if i%9 == 8 { // closing empties the logs into the files
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			m.open()
		}
	}
}

// act is one recorded act on a file.
type act struct {
	op   byte
	path string
	off  int64
	data []byte
	end  int64 // of the record
}

func readRecord(t *testing.T, path string) []act {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(raw)
	var out []act
	for r.Len() > 0 {
		var a act
		var n uint16
		var off, size uint64
		a.op, _ = r.ReadByte()
		if err := binary.Read(r, binary.NativeEndian, &n); err != nil {
			t.Fatal(err)
		}
		name := make([]byte, n)
		io.ReadFull(r, name)
		binary.Read(r, binary.NativeEndian, &off)
		binary.Read(r, binary.NativeEndian, &size)
		if size > 0 {
			a.data = make([]byte, size)
			if _, err := io.ReadFull(r, a.data); err != nil {
				t.Fatal(err)
			}
		}
		a.path, a.off, a.end = string(name), int64(off), int64(len(raw)-r.Len())
		out = append(out, a)
	}
	return out
}

// platter is what a file has on the disk, and what is only on its way there.
type platter struct {
	there   bool
	data    []byte
	pending []act
	gone    bool // unlinked, and the folder not synced since
}

func (p *platter) apply(a act) {
	switch a.op {
	case 'W':
		if n := int(a.off) + len(a.data); n > len(p.data) {
			p.data = append(p.data, make([]byte, n-len(p.data))...)
		}
		copy(p.data[a.off:], a.data)
	case 'T':
		if int(a.off) <= len(p.data) {
			p.data = p.data[:a.off]
		} else {
			p.data = append(p.data, make([]byte, int(a.off)-len(p.data))...)
		}
	}
	p.there = true
}

// cut gives the files below root as a power cut after the first n acts leaves
// them. Of what was not synced, chance keeps all, nothing, a beginning or any
// part, and tears the last write. With lazy false the machine was not cut: all
// that was written is there.
func cut(acts []act, root string, rng *rand.Rand, lazy bool) map[string][]byte {
	disk := map[string]*platter{}
	at := func(path string) *platter {
		if disk[path] == nil {
			disk[path] = &platter{}
		}
		return disk[path]
	}
	for _, a := range acts {
		if !strings.HasPrefix(a.path, root) || strings.HasSuffix(a.path, "-shm") {
			continue
		}
		switch a.op {
		case 'W', 'T':
			p := at(a.path)
			if p.gone { // a new file of the name
				*p = platter{}
			}
			p.pending = append(p.pending, a)
		case 'S':
			if p := disk[a.path]; p != nil {
				for _, x := range p.pending {
					p.apply(x)
				}
				p.pending = nil
			}
			for path, p := range disk { // of a folder
				if p.gone && filepath.Dir(path) == a.path {
					delete(disk, path)
				}
			}
		case 'U':
			at(a.path).gone = true
		case 'R':
			disk[string(a.data)] = at(a.path)
			delete(disk, a.path)
		}
	}
	out := map[string][]byte{}
	for path, p := range disk {
		if p.gone && (!lazy || rng.IntN(2) == 0) {
			continue
		}
		keep := p.pending
		if lazy && len(keep) > 0 {
			switch rng.IntN(4) {
			case 0:
				keep = nil
			case 1:
				keep = keep[:rng.IntN(len(keep)+1)]
			case 2:
				var some []act
				for _, x := range keep {
					if rng.IntN(2) == 0 {
						some = append(some, x)
					}
				}
				keep = some
			}
			if n := len(keep); n > 0 && rng.IntN(3) == 0 {
				last := keep[n-1]
				if sectors := len(last.data) / 512; sectors > 1 {
					last.data = last.data[:512*rng.IntN(sectors)]
					keep = append(keep[:n-1:n-1], last)
				}
			}
		}
		for _, x := range keep {
			p.apply(x)
		}
		if p.there {
			out[path] = p.data
		}
	}
	return out
}

// TestPowerCut cuts the power of desk, server or both at any moment of a
// recorded day, with what was not synced lost: what the desk had taken is
// there, what was answered stays answered, each happens once, and the files
// are sound.
func TestPowerCut(t *testing.T) {
	work := t.TempDir()
	recorder := filepath.Join(work, "recorder.so")
	if out, err := exec.Command("gcc", "-shared", "-fPIC", "-O2", "-o", recorder, "testdata/power/recorder.c", "-ldl", "-lpthread").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	root := filepath.Join(work, "disk")
	if err := os.MkdirAll(root, 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(work, "record")
	day := exec.Command(os.Args[0], "-test.run=^TestPowerDay$", fmt.Sprint("-proof.day=", *flagDay))
	day.Env = append(os.Environ(), powerDir+"="+root, powerLog+"="+log, "QS_RECORD_ROOT="+root, "LD_PRELOAD="+recorder)
	out, err := day.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var tells []told
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var x told
		if json.Unmarshal(lines.Bytes(), &x) == nil {
			tells = append(tells, x)
		}
	}
	acts := readRecord(t, log)
	if len(tells) < *flagDay || tells[0].Setup == nil || len(acts) < 100 {
		t.Fatalf("%d acts, %d words:\n%s", len(acts), len(tells), out)
	}
	first := 0
	for acts[first].end < tells[0].At {
		first++
	}
	rng := rand.New(rand.NewPCG(*flagSeed, 230))
	for n := range *flagCuts {
		k := first + 1 + rng.IntN(len(acts)-first)
		who := n % 3
		t.Run(fmt.Sprintf("%s after act %d", []string{"desk", "server", "both"}[who], k), func(t *testing.T) {
			after(t, acts[:k], root, tells, rng, who != 1, who != 0)
		})
	}
	t.Logf("%d acts recorded", len(acts))
}

// after brings both back after a cut and holds them against what was told.
func after(t *testing.T, acts []act, root string, tells []told, rng *rand.Rand, deskCut, serverCut bool) {
	back := t.TempDir()
	for name, lazy := range map[string]bool{"desk": deskCut, "server": serverCut} {
		for path, data := range cut(acts, filepath.Join(root, name), rng, lazy) {
			to := filepath.Join(back, strings.TrimPrefix(path, root))
			if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	end := acts[len(acts)-1].end
	s, err := servertest.Start(servertest.Options{Dir: filepath.Join(back, "server"), Now: time.Now})
	if err != nil {
		t.Fatalf("the server does not start: %v", err)
	}
	defer s.Close()
	for _, x := range tells {
		for mid, want := range x.Answered {
			if x.At > end {
				continue
			}
			if r, _, ok, err := s.Outcome(mid); err != nil || !ok || r.Outcome != want {
				t.Errorf("%s was answered %s; now %v %q %v", mid, want, ok, r.Outcome, err)
			}
		}
	}
	at := tells[0].Setup
	m := &machine{t: t, dir: filepath.Join(back, "desk"), url: s.URL, network: s.RoundTripper(), token: at.Token, device: at.Device, install: at.Install, now: time.Now}
	m.open()
	defer m.Close()
	for try := 0; try < 3; try++ {
		m.sync()
	}
	have := todos(t, s)
	began := map[string]bool{}
	for _, x := range tells {
		if x.Giving != "" {
			began[x.Giving] = true
		}
		if x.Given != "" && x.At <= end && have[x.Given] != 1 {
			t.Errorf("%q was taken and is there %d times", x.Given, have[x.Given])
		}
	}
	for title, n := range have {
		if n != 1 || !began[strings.TrimPrefix(title, "办公室 ")] {
			t.Errorf("%q is there %d times", title, n)
		}
	}
	for _, i := range m.items() {
		if i.Waiting || i.Outcome == "" {
			t.Errorf("%s is %s", i.Mid, i.State)
		}
	}
	if lines, err := m.Check(context.Background()); err != nil || len(lines) > 0 {
		t.Errorf("desk doctor: %v %v", lines, err)
	}
	if lines, err := s.Check(); err != nil || len(lines) > 0 {
		t.Errorf("server doctor: %v %v", lines, err)
	}
	if bad, err := filepath.Glob(filepath.Join(m.dir, string(vault.Outbox)+".bad-*")); err != nil || len(bad) > 0 {
		t.Errorf("the outbox was set aside: %v %v", bad, err)
	}
}
