package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// row is a line of the table.
type row struct {
	what   string // the work
	ours   string // the product's figure
	beside string // the peer or limit, and its figure
	ratio  string
	goal   string
	met    string // yes, no, or "" where no goal is set
}

// report collects rows and tells each as soon as it is there.
type report struct{ rows []row }

func (r *report) add(x row) {
	r.rows = append(r.rows, x)
	fmt.Printf("%s: %s | %s | %s | %s %s\n", x.what, x.ours, x.beside, x.ratio, x.goal, x.met)
}

func yes(ok bool) string {
	if ok {
		return "yes"
	}
	return "NO"
}

// write writes the table as Markdown.
func (r *report) write(path, head string) error {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("\n| work | ours | beside | ratio | to reach | reached |\n|---|---|---|---|---|---|\n")
	for _, x := range r.rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", x.what, x.ours, x.beside, cmp.Or(x.ratio, "—"), cmp.Or(x.goal, "—"), cmp.Or(x.met, "—"))
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// quantile of durations: q in 0…1.
func quantile(ds []time.Duration, q float64) time.Duration {
	s := slices.Sorted(slices.Values(ds))
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

func perSecond(n int, d time.Duration) string {
	return fmt.Sprintf("%.0f/s", float64(n)/d.Seconds())
}

// repeat times f n times.
func repeat(n int, f func(i int)) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = since(func() { f(i) })
	}
	return out
}
