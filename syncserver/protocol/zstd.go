package protocol

import (
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// Encoding is the Content-Encoding of compressed bodies.
const Encoding = "zstd"

// CompressFrom is the size in bytes from which bodies are compressed; smaller
// ones gain nothing.
const CompressFrom = 1 << 10

// ErrTooLarge says that a body is, or would be after decompression, larger
// than allowed.
var ErrTooLarge = errors.New("body too large")

// Zstd compresses and decompresses whole bodies. Safe for concurrent use.
type Zstd struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
	max int
}

// NewZstd makes a codec that decompresses at most max bytes: a small body that
// would swell beyond it ("bomb") costs no more memory than that.
func NewZstd(max int) (*Zstd, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("make zstd encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(2),
		zstd.WithDecoderMaxMemory(uint64(max)),
		zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, fmt.Errorf("make zstd decoder: %w", err)
	}
	return &Zstd{enc: enc, dec: dec, max: max}, nil
}

// Compress is body as one zstd frame.
func (z *Zstd) Compress(body []byte) []byte {
	return z.enc.EncodeAll(body, make([]byte, 0, len(body)/3+64))
}

// Decompress is the content of the frames in body; ErrTooLarge if there is
// more of it than the codec allows.
func (z *Zstd) Decompress(body []byte) ([]byte, error) {
	out, err := z.dec.DecodeAll(body, nil)
	switch {
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded), len(out) > z.max:
		return nil, ErrTooLarge
	case err != nil:
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return out, nil
}
