package protocol_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	. "qianshao/syncserver/protocol"
)

func codec(t *testing.T, max int) *Zstd {
	t.Helper()
	z, err := NewZstd(max)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestZstdThereAndBack(t *testing.T) {
	z := codec(t, 1<<20)
	for _, s := range []string{"", "x", strings.Repeat("关于老旧小区充电桩安装工作的通知", 5000)} {
		out, err := z.Decompress(z.Compress([]byte(s)))
		if err != nil || string(out) != s {
			t.Errorf("%d bytes came back as %d, %v", len(s), len(out), err)
		}
	}
}

func TestZstdExactlyAtTheLimit(t *testing.T) {
	z := codec(t, 100_000)
	if out, err := z.Decompress(z.Compress(make([]byte, 100_000))); err != nil || len(out) != 100_000 {
		t.Errorf("at the limit: %d bytes, %v", len(out), err)
	}
	if _, err := z.Decompress(z.Compress(make([]byte, 100_001))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("one over the limit: %v", err)
	}
}

// A bomb is refused whether or not its header tells the size, and also when
// it is spread over many frames.
func TestZstdBombs(t *testing.T) {
	z := codec(t, 1<<20)
	zeros := make([]byte, 64<<20)
	var stream bytes.Buffer // a stream's header does not tell the size
	w, err := zstd.NewWriter(&stream)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(zeros); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, bomb := range map[string][]byte{
		"sized":  z.Compress(zeros),
		"stream": stream.Bytes(),
		"frames": bytes.Repeat(z.Compress(make([]byte, 1<<19)), 100),
	} {
		if len(bomb) > 64<<10 {
			t.Fatalf("%s: %d bytes are no bomb", name, len(bomb))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := z.Decompress(bomb); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 24<<20 {
			t.Errorf("%s: took %d MiB before it was refused", name, took>>20)
		}
	}
}

func TestZstdBroken(t *testing.T) {
	z := codec(t, 1<<20)
	whole := z.Compress([]byte(strings.Repeat("字", 4000)))
	for name, body := range map[string][]byte{
		"not zstd": []byte(`{"user":"x"}`), "cut": whole[:len(whole)-3], "garbage after": append(bytes.Clone(whole), "tail"...),
	} {
		if _, err := z.Decompress(body); err == nil || errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
