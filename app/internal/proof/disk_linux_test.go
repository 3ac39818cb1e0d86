package proof

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

// disk is a file system of its own, so small that it can be filled.
type disk struct {
	t   *testing.T
	dir string
}

// tinyDisk mounts one. Where this process may not mount, the packages vault and
// store let SQLite itself refuse to grow; that is all that can be tried there.
func tinyDisk(t *testing.T, bytes int) *disk {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", bytes)); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return &disk{t, dir}
}

// fill leaves about so many bytes free.
func (d *disk) fill(free int64) {
	d.t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &st); err != nil {
		d.t.Fatal(err)
	}
	n := int64(st.Bavail)*st.Bsize - free
	if n <= 0 {
		return
	}
	f, err := os.OpenFile(filepath.Join(d.dir, "filler"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(make([]byte, n)); err != nil && !errors.Is(err, syscall.ENOSPC) {
		d.t.Fatal(err)
	}
}

func (d *disk) empty() {
	d.t.Helper()
	if err := os.Remove(filepath.Join(d.dir, "filler")); err != nil {
		d.t.Fatal(err)
	}
}

func start(t *testing.T, dir string) *servertest.Server {
	t.Helper()
	s, err := servertest.Start(servertest.Options{Dir: dir, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.AddUser(lin); err != nil {
		t.Fatal(err)
	}
	return s
}

// The desk's disk is full: each step that is not taken says so with a code,
// each that was taken stays, and with room again all goes on, wherever it
// stopped.
func TestTheDesksDiskIsFull(t *testing.T) {
	for _, free := range []int64{0, 12 << 10, 40 << 10, 100 << 10, 200 << 10} {
		t.Run(fmt.Sprint(free>>10, " KB left"), func(t *testing.T) {
			ctx := context.Background()
			s := start(t, t.TempDir())
			d := tinyDisk(t, 6<<20)
			m := signIn(t, s, lin, filepath.Join(d.dir, "profile"), "i").open()
			m.sync()
			var titles []string
			give := func(n int) (refused int) {
				for range n {
					title := fmt.Sprintf("第 %d 件 %s", len(titles), strings.Repeat("字", 180))
					_, _, err := m.create(title)
					switch {
					case err == nil:
						titles = append(titles, title)
					case office.CodeOf(err) == engine.CodeFull:
						refused++
					default:
						t.Fatalf("%v", err)
					}
				}
				return refused
			}
			give(3)
			d.fill(free)
			refused := 0
			for range 20 {
				if refused += give(10); refused > 0 {
					break
				}
			}
			if refused == 0 {
				t.Fatal("the disk never is full")
			}
			if err := m.SaveDraft(ctx, "big", []byte(`"`+strings.Repeat("草", 200_000)+`"`)); office.CodeOf(err) != engine.CodeFull {
				t.Errorf("a draft: %v", err)
			}
			if _, err := m.Sync(ctx); err != nil && office.CodeOf(err) != engine.CodeFull {
				t.Errorf("sync: %v", err)
			} else if err != nil && m.Status().LastError != engine.CodeFull {
				t.Errorf("status: %+v", m.Status())
			}
			d.empty()
			give(2)
			m.sync()
			m.sync()
			sound(t, s, m, titles...)
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			m.open() // the files are good after all that
			sound(t, s, m, titles...)
		})
	}
}

// The server's disk is full: desks are told so, keep their work, and with room
// again deliver it without anybody's act.
func TestTheServersDiskIsFull(t *testing.T) {
	ctx := context.Background()
	d := tinyDisk(t, 8<<20)
	s := start(t, filepath.Join(d.dir, "data"))
	m := signIn(t, s, lin, t.TempDir(), "i").open()
	m.sync()
	d.fill(20 << 10)
	var titles []string
	var told office.Code
	for i := range 60 {
		title := fmt.Sprintf("第 %d 件 %s", i, strings.Repeat("字", 180))
		if _, _, err := m.create(title); err != nil {
			t.Fatal(err)
		}
		titles = append(titles, title)
		if _, err := m.Sync(ctx); err != nil {
			if told = office.CodeOf(err); told != protocol.CodeServerFull {
				t.Fatalf("%v", err)
			}
		}
	}
	if told == "" || m.Status().LastError != protocol.CodeServerFull || m.Status().Waiting == 0 {
		t.Fatalf("the server never is full: %q %+v", told, m.Status())
	}
	d.empty()
	m.sync()
	m.sync()
	sound(t, s, m, titles...)
}
