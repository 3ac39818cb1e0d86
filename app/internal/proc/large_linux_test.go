package proc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/build/trip/script"
)

// A file of the largest size goes from one machine to another, and neither desk
// nor server ever holds more of it than a few pieces.
func TestLargeFile(t *testing.T) {
	if *flagLarge == 0 {
		t.Skip("-proc.large says how large")
	}
	const most = 96 << 10 // KiB of a process, at its peak
	n := *flagLarge << 20
	o := office(t, "lin")
	from, to := in(t, o, "lin", "a"), in(t, o, "lin", "b")
	paper := do(t, from, "document.draft@1", map[string]string{"direction": "out", "genre": "通知", "title": "有大附件的通知"}).ID

	path := filepath.Join(t.TempDir(), "大附件.bin")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(rand.NewChaCha8([32]byte{7}), n)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	sha := hex.EncodeToString(h.Sum(nil))

	run := func(what string, p *script.Person, args ...string) []byte {
		t.Helper()
		cmd := p.Command(t.Context(), args...)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// What the server has, mostly from hashing passwords, does not count: its
		// peak begins anew, and what it grows by is looked at.
		if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", o.PID()), []byte("5"), 0); err != nil {
			t.Fatal(err)
		}
		base := peak(t, o.PID())
		began, desk := time.Now(), 0
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		look := time.NewTicker(50 * time.Millisecond)
		defer look.Stop()
		for {
			select {
			case err := <-ended:
				server := peak(t, o.PID()) - base
				took := time.Since(began)
				t.Logf("%s: %v, %.0f MB/s; the desk takes %d MiB at most, the server grows by %d MiB", what, took.Round(time.Millisecond), float64(n)/1e6/took.Seconds(), desk>>10, server>>10)
				if err != nil {
					t.Fatalf("%s: %v\n%s", what, err, errs.String())
				}
				if desk > most || server > most {
					t.Errorf("%s: the desk takes %d KiB, the server %d KiB more: the file is held in memory", what, desk, server)
				}
				return out.Bytes()
			case <-look.C:
				if m, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid)); err == nil {
					desk = max(desk, highest(m))
				}
			}
		}
	}
	var given struct{ ID string }
	if err := json.Unmarshal(run("brought into the desk", from, "attach", paper, path), &given); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	var up carried
	if err := json.Unmarshal(run("sent", from, "sync"), &up); err != nil || up.Files.Bytes != n || up.Waiting != 0 {
		t.Fatalf("%+v %v", up, err)
	}
	sync(t, to)
	run("fetched", to, "fetch", given.ID)
	got, err := os.Open(filepath.Join(to.Profile, "files", "have", sha))
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	h.Reset()
	if m, err := io.Copy(h, got); err != nil || m != n || hex.EncodeToString(h.Sum(nil)) != sha {
		t.Errorf("%d bytes, %v: another file arrives", m, err)
	}
}

// peak is the most memory a process has had, in KiB.
func peak(t *testing.T, pid int) int {
	t.Helper()
	m, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	return highest(m)
}

// highest reads VmHWM.
func highest(status []byte) (kib int) {
	for line := range strings.Lines(string(status)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			_, _ = fmt.Sscan(v, &kib) // 0 for a process that has just ended
		}
	}
	return kib
}
