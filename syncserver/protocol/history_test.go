package protocol_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "qianshao/syncserver/protocol"
)

func TestHistoryIsDatedAndOrdered(t *testing.T) {
	h := History()
	if h[len(h)-1].Version != Version {
		t.Errorf("Version is %s, the last line of History %s", Version, h[len(h)-1].Version)
	}
	if !slices.ContainsFunc(h, func(c Change) bool { return c.Version == MinVersion }) {
		t.Errorf("MinVersion %s has no line", MinVersion)
	}
	for i, c := range h {
		if _, err := time.Parse(time.DateOnly, c.Version); err != nil {
			t.Error(err)
		}
		if strings.TrimSpace(c.What) == "" || strings.Contains(c.What, "\n") {
			t.Errorf("%s: one line is needed", c.Version)
		}
		if i > 0 && h[i-1].Version >= c.Version {
			t.Errorf("%s does not follow %s", c.Version, h[i-1].Version)
		}
	}
}

func TestSupported(t *testing.T) {
	for v, want := range map[string]bool{"": false, "2020-01-01": false, Version: true, "2999-01-01": true} {
		if Supported(v) != want {
			t.Errorf("Supported(%q) = %t", v, !want)
		}
	}
}

// The frozen files have one digest per version: a changed file without a new
// line of History fails here.
func TestFrozenFilesBelongToTheVersion(t *testing.T) {
	digests := map[string]string{
		"2026-11-23": "d338f1bf701b3a1f",
		"2026-11-27": "65697847f021d22e",
		"2026-11-28": "4e83dcee2a20f5fc",
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	h := sha256.New()
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		h.Write([]byte(filepath.Base(f)))
		h.Write(b)
	}
	got := hex.EncodeToString(h.Sum(nil)[:8])
	if digests[Version] != got {
		t.Errorf("the files of testdata have digest %s, version %s has %s: add a line to History", got, Version, digests[Version])
	}
}
