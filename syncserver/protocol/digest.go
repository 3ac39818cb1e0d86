package protocol

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Digest is the hash over all (channel, lane, head, chain) that a desk has seen
// and drained: equal to the server's, nothing is new. A desk that has not
// drained a channel (Pos ≠ Head) has no digest: "".
func Digest(cursors []Cursor) string {
	cs := slices.Clone(cursors)
	slices.SortFunc(cs, func(a, b Cursor) int {
		if n := strings.Compare(string(a.Chan), string(b.Chan)); n != 0 {
			return n
		}
		return int(a.Lane) - int(b.Lane)
	})
	h := sha256.New()
	for _, c := range cs {
		if c.Pos != c.Head {
			return ""
		}
		fmt.Fprintf(h, "%s\x00%d\x00%d\x00%s\n", c.Chan, c.Lane, c.Head, c.Hash)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Bucket is the bucket of a record in digests, 0 to Buckets-1.
func Bucket(kind, id string) int {
	h := sha256.Sum256([]byte(kind + "\x00" + id))
	return int(h[0])
}
