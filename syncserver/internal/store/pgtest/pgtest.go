// Package pgtest gives tests a PostgreSQL cluster of their own: made in a
// temporary folder, reached by a Unix socket in it, run as an ordinary user and
// removed afterwards. It is for tests alone; PostgreSQL's programs must be
// installed (Debian: postgresql), or every test that needs them fails.
package pgtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Cluster is a database server that starts when its first database is asked
// for. The zero value is ready. A test binary keeps one:
//
//	var pg pgtest.Cluster
//	func TestMain(m *testing.M) { code := m.Run(); pg.Stop(); os.Exit(code) }
type Cluster struct {
	// Durable makes commits wait for the disk, as in the product: for measuring.
	Durable bool

	mu   sync.Mutex
	dir  string
	cmd  *exec.Cmd
	log  bytes.Buffer
	gone chan struct{} // closed when the server has ended
	err  error
	n    int
}

// Database makes an empty database and gives its URL. The database goes with
// the cluster.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	url, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// Open is Database outside of tests.
func (c *Cluster) Open() (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cmd == nil && c.err == nil {
		c.err = c.start()
	}
	if c.err != nil {
		return "", fmt.Errorf("PostgreSQL for tests: %w", c.err)
	}
	c.n++
	name := "t" + strconv.Itoa(c.n)
	db, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		return "", fmt.Errorf("make database: %w", err)
	}
	return c.url(name), nil
}

func (c *Cluster) url(db string) string {
	q := url.Values{"host": {c.dir}, "port": {"5432"}, "user": {"postgres"}, "sslmode": {"disable"}}
	return "postgres:///" + db + "?" + q.Encode()
}

// Stop ends the server at once and removes its folder.
func (c *Cluster) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cmd != nil {
		c.cmd.Process.Signal(syscall.SIGQUIT) // its "immediate" shutdown: nothing is worth keeping
		<-c.gone
		c.cmd = nil
	}
	if c.dir != "" {
		os.RemoveAll(c.dir)
	}
}

func (c *Cluster) start() error {
	bin, err := programs()
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "pgtest"); err != nil {
		return err
	}
	user, err := ordinaryUser(c.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(c.dir, "data")
	// A locale that orders otherwise than by code point: statements that forget
	// COLLATE "C" are found out.
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh")
	initdb.Dir, initdb.SysProcAttr = c.dir, attributes(user)
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	durable := "off"
	if c.Durable {
		durable = "on"
	}
	c.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", c.dir, "-p", "5432",
		"-c", "listen_addresses=", "-c", "fsync="+durable, "-c", "full_page_writes="+durable, "-c", "synchronous_commit="+durable,
		"-c", "max_connections=100", "-c", "autovacuum=off", "-c", "shared_buffers=64MB", "-c", "deadlock_timeout=100ms")
	c.cmd.Dir, c.cmd.SysProcAttr = c.dir, attributes(user)
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	if err := c.cmd.Start(); err != nil {
		c.cmd = nil
		return fmt.Errorf("start postgres: %w", err)
	}
	c.gone = make(chan struct{})
	go func() {
		c.cmd.Wait()
		close(c.gone)
	}()
	return c.wait()
}

// wait asks the server until it answers.
func (c *Cluster) wait() error {
	db, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-c.gone:
			return fmt.Errorf("postgres ended: %s", c.log.String())
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// programs is the folder of the newest PostgreSQL that is installed.
func programs() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil { // its siblings lie beside it, not beside a link to it
			return filepath.Dir(p), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("initdb is not installed; install PostgreSQL 15 or newer (Debian: apt-get install postgresql)")
	}
	sort.Slice(found, func(i, j int) bool { return version(found[i]) < version(found[j]) })
	return filepath.Dir(found[len(found)-1]), nil
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}
