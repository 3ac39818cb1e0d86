package proc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"qianshao/build/trip/script"
)

var (
	flagFiles = flag.Int("proc.files", 1, "files of TestKillsWithFiles")
	flagLarge = flag.Int64("proc.large", 0, "MiB of the file of TestLargeFile; 0 leaves it out, 2048 is the most there may be")
)

// carried is what a sync tells of files.
type carried struct {
	Waiting int `json:"waiting"`
	Files   struct {
		Sent, Got, Left int
		Bytes           int64
	} `json:"files"`
}

// files is a test in which files are on their way while everything dies.
type files struct {
	kills
	from, to *script.Person // two machines of one person
	paper    string
}

// content makes a file of its own, n bytes.
func (f *files) content(n int) []byte {
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(f.rng.Uint32())
	}
	out := make([]byte, n)
	_, _ = rand.NewChaCha8(seed).Read(out) // never fails
	return out
}

// Attachments are brought and fetched while desks and server are killed at
// random moments: each arrives whole, nothing half of one is ever to be seen,
// and what had come goes on from where it was.
func TestKillsWithFiles(t *testing.T) {
	o := office(t, "lin")
	f := &files{kills: kills{t: t, office: o, rng: rand.New(rand.NewPCG(*flagSeed, 78)), given: map[string]given{}, deaths: map[string]int{}}}
	f.from, f.to = in(t, o, "lin", "a"), in(t, o, "lin", "b")
	f.paper = do(t, f.from, "document.draft@1", map[string]string{"direction": "out", "genre": "通知", "title": "有附件的通知"}).ID
	f.measure(f.from)
	sync(t, f.to)
	f.round("空的 'x' $(rm -rf .); [1]&#.txt", nil, 1)
	// A transfer may be over before the axe falls: then another file.
	shown := func() bool { return f.deaths["uploads that went on"] > 0 && f.deaths["downloads that went on"] > 0 }
	for n := 0; n < *flagFiles || !shown() && n < *flagFiles+8; n++ {
		f.round(fmt.Sprintf("附件 %d.bin", n), f.content(16<<20+f.rng.IntN(16<<20)), 2)
	}
	t.Logf("deaths and what went on: %v", f.deaths)
	if !shown() {
		t.Error("no transfer was broken off: the test shows nothing")
	}
	doctor(t, t.Context(), o, f.from, f.to)
}

// round brings one file from one machine to the other, with so many violent
// tries on each part of its way.
func (f *files) round(name string, content []byte, tries int) {
	f.t.Helper()
	ctx := f.t.Context()
	path := filepath.Join(f.t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		f.t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	sha := hex.EncodeToString(sum[:])
	id := f.attach(name, path, tries > 0)
	f.seen()
	for range tries {
		f.try(f.from, func() int64 { return f.staged(sha) }, len(content), "sync")
		f.seen()
	}
	if err := f.office.Start(ctx); err != nil {
		f.t.Fatal(err)
	}
	staged := f.staged(sha)
	r := f.clean(f.from)
	if r.Waiting != 0 || r.Files.Left != 0 {
		f.t.Fatalf("%s did not get through: %+v", name, r)
	}
	if want := int64(len(content)) - staged; staged > 0 && r.Files.Bytes != want {
		f.t.Errorf("%s: %d bytes were there, and %d of %d were sent again", name, staged, r.Files.Bytes, len(content))
	}
	if staged > 0 {
		f.deaths["uploads that went on"]++
	}
	f.seen()

	f.clean(f.to)
	for range tries {
		f.try(f.to, func() int64 { return size(filepath.Join(f.to.Profile, "files", "part", sha)) }, len(content), "fetch", id)
		f.seen()
	}
	if err := f.office.Start(ctx); err != nil {
		f.t.Fatal(err)
	}
	part := size(filepath.Join(f.to.Profile, "files", "part", sha))
	here := size(filepath.Join(f.to.Profile, "files", "have", sha))
	before := f.sent()
	out := filepath.Join(f.t.TempDir(), "out")
	cmd := f.to.Command(ctx, "fetch", id, "--to", out)
	if told, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("%s: %v\n%s", name, err, told)
	}
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, content) {
		f.t.Errorf("%s: other bytes arrive: %v", name, err)
	}
	if want := int64(len(content)) - max(part, 0) - max(here, 0); f.sent()-before != want {
		f.t.Errorf("%s: %d bytes were here, and %d of %d were fetched again", name, part, f.sent()-before, len(content))
	}
	if part > 0 {
		f.deaths["downloads that went on"]++
	}
	f.seen()
}

// attach adds a file to the paper, if it must by trying again.
func (f *files) attach(name, path string, violent bool) (id string) {
	f.t.Helper()
	ctx := f.t.Context()
	args := []string{"attach", f.paper, path, "--name", name}
	for n := range 20 {
		if violent && n < 2 {
			f.dying(f.from.Command(ctx, args...), "", 2*f.doing)
		} else if out, err := f.from.Command(ctx, args...).CombinedOutput(); err != nil {
			f.t.Fatalf("%v\n%s", err, out)
		}
		items, err := f.from.Outbox(ctx)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, it := range items {
			var a struct{ ID, Name string }
			if err := json.Unmarshal(it.Args, &a); err == nil && a.Name == name {
				id = a.ID
			}
		}
		if id != "" {
			return id
		}
	}
	f.t.Fatalf("%s is never added", name)
	return ""
}

// try lets a desk work until the file on its way, n bytes in all, has grown to a
// chance size: then it, the server or both die.
func (f *files) try(p *script.Person, grown func() int64, n int, args ...string) {
	f.t.Helper()
	ctx := f.t.Context()
	if err := f.office.Start(ctx); err != nil {
		f.t.Fatal(err)
	}
	least := int64(-1)
	if n > 0 {
		least = f.rng.Int64N(int64(n) / 2)
	}
	who := f.rng.IntN(3)
	cmd := p.Command(ctx, args...)
	if err := cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	look := time.NewTicker(200 * time.Microsecond)
	defer look.Stop()
	for done := false; !done; {
		select {
		case <-ended: // it was faster than the axe
			f.deaths["nobody"]++
			return
		case <-look.C:
			done = grown() > least
		}
	}
	if who != 1 {
		_ = cmd.Process.Kill() // it may just have ended
		f.deaths["desk"]++
	}
	if who != 0 {
		f.office.Kill()
		f.deaths["server"]++
	}
	<-ended
}

// clean is a sync that nothing disturbs.
func (f *files) clean(p *script.Person) (r carried) {
	f.t.Helper()
	var errs bytes.Buffer
	cmd := p.Command(f.t.Context(), "sync")
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &r)
	}
	if err != nil {
		f.t.Fatalf("sync: %v\n%s", err, errs.String())
	}
	return r
}

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// seen holds that whatever goes by the name of a content, at the server and on
// both machines, is that content whole.
func (f *files) seen() {
	f.t.Helper()
	for _, dir := range []string{
		filepath.Join(f.office.Data(), "blobs"),
		filepath.Join(f.from.Profile, "files", "own"), filepath.Join(f.from.Profile, "files", "have"),
		filepath.Join(f.to.Profile, "files", "own"), filepath.Join(f.to.Profile, "files", "have"),
	} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !hash.MatchString(d.Name()) {
				return err
			}
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			h := sha256.New()
			if _, err := io.Copy(h, file); err != nil {
				return err
			}
			if hex.EncodeToString(h.Sum(nil)) != d.Name() {
				f.t.Errorf("half a file is to be seen: %s", path)
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			f.t.Fatal(err)
		}
	}
}

// staged is how much of an upload is at the server.
func (f *files) staged(sha string) int64 {
	found, err := filepath.Glob(filepath.Join(f.office.Data(), "uploads", "*-"+sha))
	if err != nil || len(found) == 0 {
		return 0
	}
	return size(found[0])
}

// size is a file's, -1 if there is none.
func size(path string) int64 {
	fi, err := os.Stat(path)
	if err != nil {
		return -1
	}
	return fi.Size()
}

// sent is how many bytes of files the server has given out since it began.
func (f *files) sent() int64 {
	f.t.Helper()
	r, err := http.Get(f.office.URL() + "/metrics")
	if err != nil {
		f.t.Fatal(err)
	}
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if v, ok := strings.CutPrefix(line, "qianshao_blob_bytes_total "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
			if err != nil {
				f.t.Fatal(err)
			}
			return int64(n)
		}
	}
	f.t.Fatal("the server does not count bytes of files")
	return 0
}
