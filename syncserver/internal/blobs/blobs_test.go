package blobs_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"qianshao/syncserver/internal/blobs"
)

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func write(t *testing.T, b []byte) string {
	t.Helper()
	f := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(f, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

// exercise is what every Store must pass.
func exercise(t *testing.T, s blobs.Store) {
	ctx := t.Context()
	large := make([]byte, 20<<20)
	rand.Read(large)
	for name, b := range map[string][]byte{"empty": {}, "short": []byte("汛前物资"), "large": large} {
		sha := sum(b)
		if _, err := s.Stat(ctx, sha); !errors.Is(err, blobs.ErrAbsent) {
			t.Fatalf("%s before: %v", name, err)
		}
		if _, _, err := s.Open(ctx, sha, 0); !errors.Is(err, blobs.ErrAbsent) {
			t.Fatalf("%s before: %v", name, err)
		}
		for range 2 {
			if err := s.Put(ctx, sha, write(t, b), int64(len(b))); err != nil {
				t.Fatal(name, err)
			}
		}
		if n, err := s.Stat(ctx, sha); err != nil || n != int64(len(b)) {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
		for _, at := range []int64{0, 1, int64(len(b)) / 2, int64(len(b))} {
			if at > int64(len(b)) {
				continue
			}
			r, n, err := s.Open(ctx, sha, at)
			if err != nil || n != int64(len(b)) {
				t.Fatalf("%s from %d: %d, %v", name, at, n, err)
			}
			got, err := io.ReadAll(r)
			if err = errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, b[at:]) {
				t.Errorf("%s from %d: %d bytes, %v", name, at, len(got), err)
			}
		}
	}
	names := map[string]bool{}
	list := func() error {
		clear(names)
		return s.List(ctx, func(sha string, at time.Time) error {
			names[sha] = true
			return nil
		})
	}
	if err := list(); err != nil || len(names) != 3 || !names[sum(large)] {
		t.Errorf("%v %v", names, err)
	}
	for range 2 {
		if err := s.Remove(ctx, sum(large)); err != nil {
			t.Fatal(err)
		}
	}
	if err := list(); err != nil || len(names) != 2 || names[sum(large)] {
		t.Errorf("after removing: %v %v", names, err)
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := blobs.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	exercise(t, s)
	// What a kill left half made is no content.
	if err := os.WriteFile(filepath.Join(dir, sum(nil)[:2], "new-1"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.List(t.Context(), func(sha string, _ time.Time) error {
		if strings.HasPrefix(sha, "new") {
			t.Error("a half-made file is listed")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestS3 needs npm's s3rver, which build/test installs. No other S3 was tried.
func TestS3(t *testing.T) {
	server, err := filepath.Abs("../../../build/s3rver/node_modules/.bin/s3rver")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(server); err != nil || runtime.GOOS == "windows" {
		t.Skip("s3rver is not installed: npm ci --prefix build/s3rver")
	}
	ctx, cancel := context.WithCancel(t.Context())
	c := exec.CommandContext(ctx, server, "--directory", t.TempDir(), "--address", "127.0.0.1", "--port", "0", "--configure-bucket", "office")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = c.Wait() })
	var port string
	lines := bufio.NewScanner(out)
	for port == "" && lines.Scan() {
		if m := regexp.MustCompile(`listening on \S*:(\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			port = m[1]
		}
	}
	if port == "" {
		t.Fatal("s3rver says no port")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	at := fmt.Sprintf("s3://S3RVER:S3RVER@127.0.0.1:%s/office/files?tls=off&region=us-east-1", port)
	s, err := blobs.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	exercise(t, s)
	for _, bad := range []string{
		strings.Replace(at, "/office/", "/nowhere/", 1), strings.Replace(at, "S3RVER:S3RVER@", "", 1), "s3://", "s3://a:%zz@h/b",
	} {
		if _, err := blobs.Open(t.Context(), bad); err == nil || strings.Contains(err.Error(), "S3RVER:S3RVER") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestStaging(t *testing.T) {
	ctx := t.Context()
	store, err := blobs.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := blobs.OpenStaging(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := []byte("一份附件的内容")
	sha, size := sum(b), int64(len(b))
	// What arrives before the line breaks stays; the rest follows.
	at, err := s.Append("lin", sha, 0, size, io.MultiReader(bytes.NewReader(b[:5]), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if at != 5 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(at, err)
	}
	if at, err := s.Append("lin", sha, 3, size, bytes.NewReader(b[3:])); at != 5 || !errors.Is(err, blobs.ErrOffset) {
		t.Fatal(at, err)
	}
	if n, err := s.Offset("xu", sha); n != 0 || err != nil {
		t.Error("another person's upload shows", n, err)
	}
	if n, err := s.Pending("lin", ""); n != 5 || err != nil {
		t.Error(n, err)
	}
	if at, err := s.Append("lin", sha, 5, size, bytes.NewReader(append(b[5:], "mehr"...))); at != size || err != nil {
		t.Fatal(at, err)
	}
	if err := s.Finish(ctx, "lin", sha, size, true, func(f string) error { return store.Put(ctx, sha, f, size) }); err != nil {
		t.Fatal(err)
	}
	if n, err := store.Stat(ctx, sha); n != size || err != nil {
		t.Error(n, err)
	}
	if n, err := s.Offset("lin", sha); n != 0 || err != nil {
		t.Error("a finished upload stays", n, err)
	}
	// Another content under the name is thrown away.
	other := sum([]byte("anderes"))
	if _, err := s.Append("lin", other, 0, size, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(ctx, "lin", other, size, true, func(f string) error { return store.Put(ctx, other, f, size) }); !errors.Is(err, blobs.ErrHash) {
		t.Error(err)
	}
	if _, err := store.Stat(ctx, other); !errors.Is(err, blobs.ErrAbsent) {
		t.Error("a wrong content is there", err)
	}
	if _, err := s.Append("lin", other, 0, size, bytes.NewReader(b[:2])); err != nil {
		t.Fatal(err)
	}
	if err := s.Expire(time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Offset("lin", other); n != 0 || err != nil {
		t.Error("an old upload stays", n, err)
	}
}
