package proc

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"qianshao/build/trip/script"
)

var (
	flagRounds = flag.Int("proc.rounds", 3, "rounds of TestKills")
	flagPapers = flag.Int("proc.papers", 300, "papers of the first load over a slow road, scenario (h)")
	flagSeed   = flag.Uint64("proc.seed", 1, "seed of what TestKills does; moments of death are chance all the same")
)

// password of all accounts here.
const password = "Proc-test-2026-password"

// programs are built once.
var programs script.Programs

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "qianshao-proc-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if err := build(dir); err != nil {
			fmt.Fprintln(os.Stderr, "build the programs:", err)
			return 1
		}
		return m.Run()
	}())
}

func build(dir string) error {
	cmd := exec.Command("go", "build", "-tags", "sqlite_fts5 wrongclock", "-o", dir+string(filepath.Separator), "qianshao/app/cmd/desk", "qianshao/syncserver/cmd/syncserver")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return err
	}
	exe := ""
	if runtime.GOOS == "windows" {
		exe = ".exe"
	}
	programs = script.Programs{Server: filepath.Join(dir, "syncserver"+exe), Desk: filepath.Join(dir, "desk"+exe)}
	return nil
}

// office is a running server with the accounts named; each account's person has
// the account's name as id.
func office(t *testing.T, accounts ...string) *script.Office {
	t.Helper()
	o, err := script.New(programs, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	for _, a := range accounts {
		if _, err := o.Admin(t.Context(), password+"\n", "user", "add", a, "--data", o.Data(), "--person", a); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o
}

// in signs a person in on a machine and fetches what is theirs.
func in(t *testing.T, o *script.Office, user, machine string) *script.Person {
	t.Helper()
	p := o.As(user, machine)
	if err := p.Login(t.Context(), password); err != nil {
		t.Fatal(err)
	}
	sync(t, p)
	return p
}

func sync(t *testing.T, p *script.Person) script.Report {
	t.Helper()
	r, err := p.Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func do(t *testing.T, p *script.Person, command string, args any) script.Given {
	t.Helper()
	g, err := p.Do(t.Context(), command, args)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// ends is the exit code that an act must end with.
func ends(t *testing.T, what string, want int, err error) {
	t.Helper()
	if got := script.ExitCode(err); got != want {
		t.Errorf("%s: exit %d, want %d: %v", what, got, want, err)
	}
}

// doctor lets desk and server check themselves.
func doctor(t *testing.T, ctx context.Context, o *script.Office, ps ...*script.Person) {
	t.Helper()
	for _, p := range ps {
		if err := p.Doctor(ctx); err != nil {
			t.Error(err)
		}
	}
	if out, err := o.Admin(ctx, "", "doctor", "--data", o.Data()); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
