package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol/client"
)

// bench is one run.
type bench struct {
	report
	ctx        context.Context
	dir        string
	cat        *catalog.Catalog
	notes      []string
	loads      map[int]time.Duration
	quietBytes map[int]int64
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
	fmt.Printf("  "+format+"\n", args...)
}

func (s *stage) srvClient(d *desk, c *counter) *client.Client {
	return client.New(client.Options{BaseURL: s.srv.URL, RoundTripper: c, Token: d.client.Token()})
}

func main() {
	n := flag.Int("records", 100_000, "records of the large desk")
	edits := flag.Int("edits", 5000, "offline edits")
	sizes := flag.String("sizes", "1000,10000,100000", "sizes for the curves; add 1000000 for the long run")
	out := flag.String("out", "build/bin/bench", "folder of the table and the curves")
	rounds := flag.Int("rounds", 1000, "rounds of scripted use, about four seconds of a person each: 1000 are an hour")
	script := flag.String("peer", "", "build/peer/peer.cjs, to measure beside it (needs parts load and push)")
	only := flag.String("only", "", "comma-separated parts: load, read, push, paper, visible, quiet; empty = all")
	profile := flag.String("cpuprofile", "", "write a CPU profile here, for go tool pprof")
	flag.Parse()
	if *profile != "" {
		f := got(os.Create(*profile))
		must(pprof.StartCPUProfile(f))
		defer func() { pprof.StopCPUProfile(); must(f.Close()) }()
	}
	dir := got(os.MkdirTemp("", "qianshao-bench-"))
	defer os.RemoveAll(dir)
	b := &bench{ctx: context.Background(), dir: dir, cat: newCatalog(), loads: map[int]time.Duration{}, quietBytes: map[int]int64{}}
	parts := strings.Split(*only, ",")
	want := func(p string) bool { return *only == "" || slices.Contains(parts, p) }
	at := func(name string) string { return filepath.Join(dir, name) }

	if want("load") || want("read") {
		s := newStage(b.ctx, at("load"), "")
		d := b.firstLoad(s, *n)
		if want("read") {
			b.reading(s, d, *n)
			b.document(s, d, 40)
			b.day(s, d, *rounds)
		}
		d.close()
		s.close()
	}
	if want("push") {
		s := newStage(b.ctx, at("push"), "")
		pushed := b.pushing(s, *edits)
		s.close()
		if *script != "" && want("load") {
			b.besidePeer(*script, *n, *edits, pushed)
		}
	}
	if want("paper") {
		s := newStage(b.ctx, at("paper"), "")
		d := s.desk(people[0], "paper")
		got(d.Sync(b.ctx))
		b.press(s, d)
		d.close()
		s.close()
	}
	if want("visible") {
		s := newStage(b.ctx, at("visible"), "")
		b.visible(s, 100*time.Millisecond, "one server")
		s.close()
	}
	if want("quiet") {
		s := newStage(b.ctx, at("quiet"), "")
		for x := range strings.SplitSeq(*sizes, ",") {
			var size int
			got(fmt.Sscan(x, &size))
			b.quiet(s, size)
		}
		s.close()
	}
	must(os.MkdirAll(*out, 0o755))
	head := fmt.Sprintf("# Measured on %d cores, %s, %s\n\n", runtime.NumCPU(), runtime.Version(), time.Now().Format("2006-01-02 15:04"))
	for _, x := range b.notes {
		head += "- " + x + "\n"
	}
	path := filepath.Join(*out, "table.md")
	must(b.write(path, head))
	fmt.Println("table", path)
}
