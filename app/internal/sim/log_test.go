package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// journal is what happened in a run, one line per event. Its hash says whether
// two runs were the same; its end explains a failure.
type journal struct {
	sum  hash.Hash
	n    int
	tail []string // the last lines
	all  bool     // keep every line
}

// tailLength is how many lines a failing run shows.
const tailLength = 60

func newJournal() *journal { return &journal{sum: sha256.New()} }

func (j *journal) add(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	j.n++
	fmt.Fprintln(j.sum, line)
	j.tail = append(j.tail, fmt.Sprintf("%5d %s", j.n, line))
	if !j.all && len(j.tail) > 2*tailLength {
		j.tail = append(j.tail[:0], j.tail[len(j.tail)-tailLength:]...)
	}
}

func (j *journal) hash() string { return hex.EncodeToString(j.sum.Sum(nil)[:8]) }

func (j *journal) end() string {
	return strings.Join(j.tail[max(0, len(j.tail)-tailLength):], "\n")
}
