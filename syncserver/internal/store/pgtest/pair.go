package pgtest

import (
	"bytes"
	"context"
	"database/sql"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Pair is a primary and a synchronous standby: what the primary has committed,
// the standby has too. They are made for one test and go with it.
type Pair struct {
	t       testing.TB
	bin     string
	dir     string
	user    *credential
	servers [2]*node
}

// node is one of the two.
type node struct {
	cmd  *exec.Cmd
	log  bytes.Buffer
	gone chan struct{}
}

// NewPair makes one.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	bin, err := programs()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	p := &Pair{t: t, bin: bin}
	if p.dir, err = os.MkdirTemp("", "pgpair"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	if p.user, err = ordinaryUser(p.dir); err != nil {
		t.Fatal(err)
	}
	p.run("initdb", "-D", p.data(0), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
	p.start(0)
	p.run("pg_basebackup", "-D", p.data(1), "-R", "-X", "stream", "--no-sync", "-c", "fast",
		"-d", "host="+p.socket(0)+" port=5432 user=postgres application_name=standby")
	p.start(1)
	db, err := sql.Open("pgx", p.url("postgres", 0))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE office"); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	p.until("the standby is synchronous", func() bool {
		var state string
		return db.QueryRow("SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby'").Scan(&state) == nil && state == "sync"
	})
	return p
}

func (p *Pair) data(i int) string   { return filepath.Join(p.dir, "data"+strconv.Itoa(i)) }
func (p *Pair) socket(i int) string { return filepath.Join(p.dir, "socket"+strconv.Itoa(i)) }

// run runs one of PostgreSQL's programs to its end.
func (p *Pair) run(name string, args ...string) {
	p.t.Helper()
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.SysProcAttr = p.dir, attributes(p.user)
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func (p *Pair) start(i int) {
	p.t.Helper()
	if err := os.MkdirAll(p.socket(i), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := give(p.user, p.socket(i)); err != nil {
		p.t.Fatal(err)
	}
	n := &node{gone: make(chan struct{})}
	// A crash here is one of the process, not of the machine: without fsync
	// nothing that was answered is lost by it.
	n.cmd = exec.Command(filepath.Join(p.bin, "postgres"), "-D", p.data(i), "-k", p.socket(i), "-p", "5432",
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=32MB",
		"-c", "wal_level=replica", "-c", "max_wal_senders=4", "-c", "hot_standby=on", "-c", "synchronous_commit=on")
	n.cmd.Dir, n.cmd.SysProcAttr = p.dir, attributes(p.user)
	n.cmd.Stdout, n.cmd.Stderr = &n.log, &n.log
	if err := n.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() { n.cmd.Wait(); close(n.gone) }()
	p.servers[i] = n
	db, err := sql.Open("pgx", p.url("postgres", i))
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	p.until("it answers", func() bool { return db.Ping() == nil })
}

// until waits for something that happens soon.
func (p *Pair) until(what string, done func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			p.t.Fatalf("waited in vain until %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *Pair) url(db string, hosts ...int) string {
	list, ports := "", ""
	for i, h := range hosts {
		if i > 0 {
			list, ports = list+",", ports+","
		}
		list, ports = list+p.socket(h), ports+"5432"
	}
	q := url.Values{"host": {list}, "port": {ports}, "user": {"postgres"}, "sslmode": {"disable"}}
	if len(hosts) > 1 {
		q.Set("target_session_attrs", "read-write")
	}
	return "postgres:///" + db + "?" + q.Encode()
}

// URL names both; whoever connects gets the one that takes writes.
func (p *Pair) URL() string { return p.url("office", 0, 1) }

// Crash ends the primary at once and without ceremony.
func (p *Pair) Crash() {
	p.t.Helper()
	if err := p.servers[0].cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		p.t.Fatal(err)
	}
	<-p.servers[0].gone
}

// Promote makes the standby the primary, which waits for no other.
func (p *Pair) Promote() {
	p.t.Helper()
	db, err := sql.Open("pgx", p.url("postgres", 1))
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("SELECT pg_promote(true, 30)"); err != nil {
		p.t.Fatalf("promote: %v\n%s", err, p.servers[1].log.String())
	}
	for _, q := range []string{"ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"} {
		if _, err := db.Exec(q); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *Pair) stop() {
	for _, n := range p.servers {
		if n == nil {
			continue
		}
		select {
		case <-n.gone:
		default:
			n.cmd.Process.Signal(syscall.SIGQUIT)
			<-n.gone
		}
	}
	os.RemoveAll(p.dir)
}
