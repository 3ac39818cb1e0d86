package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

const good = "Tr4vel-by-night-train"

// call runs the program.
func call(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

// must runs the program and wants success.
func must(t *testing.T, in string, args ...string) string {
	t.Helper()
	code, out, errs := call(t, in, args...)
	if code != exitOK {
		t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
	}
	return out
}

// add makes a store with one account.
func add(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	must(t, good+"\n", "user", "add", "linzhiyuan", "--data", dir, "--uid", "lin-zhiyuan", "--person", "林知远", "--roles", "sysadmin")
	return dir
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args string
		code int
		errs string
	}{
		{"", exitUsage, "syncserver serve"},
		{"help", exitOK, ""},
		{"--help", exitOK, ""},
		{"serve --help", exitOK, "-insecure-listen"},
		{"nonsense", exitUsage, `unknown command "nonsense"`},
		{"serve", exitUsage, "--data DIR or --database URL"},
		{"serve --data DIR surplus", exitUsage, "0 arguments"},
		{"serve --data DIR --no-such-flag", exitUsage, "no-such-flag"},
		{"serve --data DIR --listen 0.0.0.0:0", exitFailed, "--tls-cert"},
		{"serve --data DIR --listen nonsense", exitFailed, "host:port"},
		{"serve --data DIR --log-level loud", exitUsage, "--log-level"},
		{"serve --data DIR --log-format xml", exitUsage, "--log-format"},
		{"serve --database mysql://x", exitUsage, "PostgreSQL"},
		{"user", exitUsage, "add, password"},
		{"user nonsense", exitUsage, "add, password"},
		{"user add --data DIR", exitUsage, "1 arguments"},
		{"user add name --data DIR --password " + good, exitUsage, "password"}, // never on the command line
		{"user list --data DIR", exitFailed, "no database"},
		{"user disable x --data DIR", exitFailed, "no database"},
		{"user password x --data DIR", exitFailed, "no database"},
		{"doctor --data DIR", exitFailed, "no database"},
		{"version surplus", exitUsage, "no arguments"},
	} {
		code, _, errs := call(t, "", strings.Fields(strings.ReplaceAll(c.args, "DIR", dir))...)
		if code != c.code || !strings.Contains(errs, c.errs) {
			t.Errorf("%q: exit %d, want %d with %q\n%s", c.args, code, c.code, c.errs, errs)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("made %v, %v", left, err)
	}
	if out := must(t, "", "version"); !strings.Contains(out, protocol.Version) {
		t.Errorf("version: %s", out)
	}
}

func TestUserAdd(t *testing.T) {
	dir := add(t)
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("Another-word-for-it\r\nsecond line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "", "user", "add", "XuNanqiao", "--password-file", file, "--data", dir, "--uid=xu-nanqiao", "--person=许南乔", "--title=副市长")
	for name, c := range map[string]struct {
		in   string
		args []string
		want string
	}{
		"name taken":    {good, []string{"linzhiyuan", "--uid", "xu-nanqiao"}, "exists"},
		"person taken":  {good, []string{"second", "--uid", "lin-zhiyuan"}, "exists"},
		"nobody":        {good, []string{"nobody"}, "not_found"},
		"bad name":      {good, []string{"a b", "--person", "某"}, "invalid"},
		"weak":          {"short", []string{"zhoumuye", "--person", "周牧野"}, "weak_password"},
		"empty":         {"\n", []string{"zhoumuye", "--person", "周牧野"}, "first line is empty"},
		"no such file":  {"", []string{"zhoumuye", "--person", "周牧野", "--password-file", file + "x"}, "no such file"},
		"no such unit":  {good, []string{"zhoumuye", "--person", "周牧野", "--unit", "nowhere"}, "unit"},
		"SQL as a name": {good, []string{"x'; DROP TABLE account; --", "--person", "某"}, "invalid"},
	} {
		code, _, errs := call(t, c.in, append([]string{"user", "add", "--data", dir}, c.args...)...)
		if code != exitFailed || !strings.Contains(errs, c.want) {
			t.Errorf("%s: exit %d %s", name, code, errs)
		}
	}
	out := must(t, "", "user", "list", "--data", dir)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "linzhiyuan  lin-zhiyuan  active") || !strings.HasPrefix(lines[2], "xunanqiao") {
		t.Errorf("list:\n%s", out)
	}
	must(t, "", "doctor", "--data", dir)
}

// server is a running "serve".
type server struct {
	url  string
	stop func() (code int, log string)
}

func serve(t *testing.T, dir string, more ...string) server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	var log bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, more...), strings.NewReader(""), w, &log)
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v, exit %d\n%s", err, <-done, log.String())
	}
	s := server{url: strings.TrimPrefix(strings.TrimSpace(line), "listening on ")}
	stopped := false
	s.stop = func() (int, string) {
		if stopped {
			return 0, ""
		}
		stopped = true
		cancel()
		return <-done, log.String()
	}
	t.Cleanup(func() { s.stop() })
	return s
}

func (s server) login(t *testing.T, user, password string) (*client.Client, protocol.LoginReply, error) {
	t.Helper()
	c := client.New(client.Options{BaseURL: s.url})
	r, err := c.Login(t.Context(), protocol.LoginRequest{User: user, Password: password, Install: "i", Name: "测试机"})
	return c, r, err
}

func TestServe(t *testing.T) {
	dir := add(t)
	s := serve(t, dir, "--log-format", "json")
	c, r, err := s.login(t, "linzhiyuan", good)
	if err != nil || r.Name != "林知远" {
		t.Fatal(r, err)
	}
	hello := protocol.HelloRequest{Device: r.Device, Install: "i", Schema: 1, Version: protocol.Version}
	if h, err := c.Hello(t.Context(), hello); err != nil || h.Verdict != protocol.VerdictOK {
		t.Errorf("%+v, %v", h, err)
	}

	code, _, errs := call(t, "", "serve", "--data", dir, "--listen", "127.0.0.1:0")
	if code != exitFailed || !strings.Contains(errs, "another server works on") {
		t.Errorf("a second server on one folder: exit %d %s", code, errs)
	}

	// The running server feels what the commands do.
	if out := must(t, "", "user", "devices", "linzhiyuan", "--data", dir); !strings.Contains(out, r.Device) || !strings.Contains(out, "测试机") {
		t.Errorf("devices:\n%s", out)
	}
	over := func(what string) {
		t.Helper()
		if _, err := c.Hello(t.Context(), hello); office.CodeOf(err) != protocol.CodeSession {
			t.Errorf("after %s: %v", what, err)
		}
	}
	must(t, "", "user", "end-sessions", "linzhiyuan", "--data", dir)
	over("end-sessions")
	if c, r, err = s.login(t, "linzhiyuan", good); err != nil {
		t.Fatal(err)
	}
	must(t, "", "user", "disable", "linzhiyuan", "--data", dir)
	over("disable")
	if _, _, err := s.login(t, "linzhiyuan", good); office.CodeOf(err) != protocol.CodeCredentials {
		t.Errorf("a disabled account: %v", err)
	}
	must(t, "", "user", "enable", "linzhiyuan", "--data", dir)
	if c, r, err = s.login(t, "linzhiyuan", good); err != nil {
		t.Fatal(err)
	}
	must(t, "Another-word-for-it\n", "user", "password", "linzhiyuan", "--data", dir)
	over("password")
	if c, r, err = s.login(t, "linzhiyuan", "Another-word-for-it"); err != nil {
		t.Fatal(err)
	}
	must(t, "", "user", "revoke", r.Device, "--data", dir)
	hello.Device = r.Device
	if h, err := c.Hello(t.Context(), hello); err != nil || h.Verdict != protocol.VerdictWiped {
		t.Errorf("after revoke: %+v, %v", h, err)
	}
	for _, act := range []string{"disable", "enable", "end-sessions", "devices", "revoke"} {
		if code, _, errs := call(t, "", "user", act, "nobody", "--data", dir); code != exitFailed || !strings.Contains(errs, "not_found") {
			t.Errorf("%s nobody: exit %d %s", act, code, errs)
		}
	}

	code, log := s.stop()
	if code != exitOK || !strings.Contains(log, `"msg":"stopped"`) {
		t.Errorf("stopped with %d\n%s", code, log)
	}
	for _, secret := range []string{good, "Another-word-for-it", c.Token()} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	must(t, "", "doctor", "--data", dir)
	serve(t, dir) // the lock is free again
}

func TestDemo(t *testing.T) {
	dir := t.TempDir()
	if code, _, errs := call(t, "weak\n", "demo", "--data", dir); code != exitFailed || !strings.Contains(errs, "weak_password") {
		t.Errorf("weak password: exit %d %s", code, errs)
	}
	out := must(t, good+"\n", "demo", "--data", dir)
	if !strings.Contains(out, "filled in") {
		t.Error(out)
	}
	before := must(t, "", "doctor", "--data", dir)
	if out := must(t, "", "demo", "--data", dir); !strings.Contains(out, "already") {
		t.Error(out)
	}
	if after := must(t, "", "doctor", "--data", dir); after != before {
		t.Errorf("filling again changed\n%s\nto\n%s", before, after)
	}
	if _, r, err := serve(t, dir).login(t, "linzhiyuan", good); err != nil || r.Name != "林知远" {
		t.Errorf("%+v, %v", r, err)
	}

	own := add(t)
	if code, _, errs := call(t, good+"\n", "demo", "--data", own); code != exitFailed || !strings.Contains(errs, "other data") {
		t.Errorf("into an office's own store: exit %d %s", code, errs)
	}
}

// The demonstration's traces hold, under an old key and a new one; a changed word
// and a number that went missing are named, and nothing of their contents.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	must(t, good+"\n", "demo", "--data", dir)
	if out := must(t, "", "verify", "--data", dir); !strings.Contains(out, "all hold") || !strings.Contains(out, "1 keys") {
		t.Error(out)
	}
	must(t, "", "key", "rotate", "--data", dir)
	if out := must(t, "", "key", "list", "--data", dir); strings.Count(out, "sm2-") != 2 || strings.Count(out, "retired") != 1 {
		t.Error(out)
	}
	if out := must(t, "", "verify", "--data", dir); !strings.Contains(out, "all hold") || !strings.Contains(out, "2 keys") {
		t.Error(out)
	}
	if code, _, _ := call(t, "", "key", "burn", "--data", dir); code != exitUsage {
		t.Errorf("exit %d", code)
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, store.File))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{
		`UPDATE r_approval_opinion SET body = replace(body, '燃料库存要盯紧', '燃料库存不用管')`,
		`DELETE FROM r_doc_number WHERE body LIKE '%"text":"清政办发〔%〕21号"%'`,
	} {
		if r, err := db.Exec(q); err != nil {
			t.Fatal(err)
		} else if n, err := r.RowsAffected(); err != nil || n == 0 {
			t.Fatal(q, n, err)
		}
	}
	code, out, _ := call(t, "", "verify", "--data", dir)
	if code != exitFailed || strings.Count(out, "BROKEN:") != 2 || !strings.Contains(out, ": words") || !strings.Contains(out, "series qzbf") || strings.Contains(out, "燃料") {
		t.Errorf("exit %d\n%s", code, out)
	}
	info, err := os.Stat(filepath.Join(dir, store.File))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file that holds the key: %v %v", info.Mode(), err)
	}
}

func TestDoctorFindsFaults(t *testing.T) {
	dir := add(t)
	db, err := sql.Open("sqlite3", filepath.Join(dir, store.File))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE r_dir_person SET body = replace(body, '林知远', '某某某')`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA foreign_keys=0; INSERT INTO account (name, uid, hash, state, created, changed) VALUES ('ghost', 'ghost', '', 'active', 1, 1)`); err != nil {
		t.Fatal(err)
	}
	code, out, _ := call(t, "", "doctor", "--data", dir)
	if code != exitFailed || !strings.Contains(out, "FAULT: dir.person lin-zhiyuan") || !strings.Contains(out, "FAULT: 1 accounts are of nobody") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// Backup, restore and move, as an operator calls them.
func TestKeep(t *testing.T) {
	dir := add(t)
	shelf := filepath.Join(t.TempDir(), "shelf")
	out := must(t, "", "backup", "--data", dir, "--to", shelf)
	if !strings.Contains(out, "read back and good") {
		t.Error(out)
	}
	for range 3 {
		out = must(t, "", "backup", "--data", dir, "--to", shelf, "--keep", "2")
	}
	es, err := os.ReadDir(shelf)
	if err != nil || len(es) != 2 || !strings.Contains(out, "removed backup-") {
		t.Errorf("%v %v %s", es, err, out)
	}
	backup := filepath.Join(shelf, es[1].Name())
	fresh := filepath.Join(t.TempDir(), "new")
	if out := must(t, "", "restore", "--from", backup, "--data", fresh); !strings.Contains(out, "reopen_series") {
		t.Error(out)
	}
	if out := must(t, "", "doctor", "--data", fresh); !strings.Contains(out, "no faults") || !strings.Contains(out, "last verified backup") {
		t.Error(out)
	}
	if out := must(t, "", "user", "list", "--data", fresh); !strings.Contains(out, "linzhiyuan") {
		t.Error(out)
	}
	for _, x := range []struct {
		args []string
		code int
		errs string
	}{
		{[]string{"restore", "--from", backup, "--data", fresh}, exitFailed, "not empty"},
		{[]string{"restore", "--from", shelf, "--data", filepath.Join(t.TempDir(), "x")}, exitFailed, "no backup"},
		{[]string{"restore", "--data", fresh}, exitUsage, "--from"},
		{[]string{"backup", "--data", dir}, exitUsage, "--to"},
		{[]string{"backup", "--data", filepath.Join(t.TempDir(), "none"), "--to", shelf}, exitFailed, "no database"},
		{[]string{"migrate", "--from", dir}, exitUsage, "--to"},
		{[]string{"migrate", "--from", t.TempDir(), "--to", "postgres://x"}, exitFailed, "no database"},
	} {
		if code, _, errs := call(t, "", x.args...); code != x.code || !strings.Contains(errs, x.errs) {
			t.Errorf("%v: exit %d: %s", x.args, code, errs)
		}
	}
}
