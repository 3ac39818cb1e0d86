package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

// bench is one run.
type bench struct {
	report
	ctx    context.Context
	o      settings
	dir    string
	out    string
	cat    *catalog.Catalog
	notes  []string
	loads  map[int]time.Duration // first loads by their size
	loaded bool
	pg     servertest.Postgres
}

// postgres makes an empty database on a server that waits for the disk.
func (b *bench) postgres() (string, error) {
	b.pg.Durable = true
	return b.pg.Open()
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
	fmt.Printf("  "+format+"\n", args...)
}

func (s *stage) srvClient(d *desk, c *counter) *client.Client {
	return client.New(client.Options{BaseURL: s.srv.URL, RoundTripper: c, Token: d.client.Token()})
}

// The usual run takes a few minutes, the full one most of an hour.
var (
	usual = settings{records: 100_000, edits: 5000, rounds: 200, peerRecords: 10_000, sizes: []int{1000, 10_000, 100_000}, desks: 5000}
	full  = settings{records: 100_000, edits: 5000, rounds: 1000, peerRecords: 100_000, sizes: []int{1000, 10_000, 100_000, 1_000_000}, desks: 5000}
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == serveArg {
		serve(os.Args[2])
		return
	}
	all := flag.Bool("full", false, "everything in full: the peer with as many records, curves up to 1,000,000, an hour of use")
	n := flag.Int("records", 0, "records of the large desk; 0 = 100,000")
	edits := flag.Int("edits", 0, "offline edits; 0 = 5,000")
	desks := flag.Int("desks", 0, "idle desks; 0 = 5,000")
	sizes := flag.String("sizes", "", "sizes for the curves, with commas; empty = 1000,10000,100000, with -full 1000000 too")
	rounds := flag.Int("rounds", 0, "rounds of scripted use, about four seconds of a person each: 1000 are an hour; 0 = 200, with -full 1000")
	out := flag.String("out", "build/bin/bench", "folder of the table and the curves")
	script := flag.String("peer", "", "build/peer/peer.cjs, to measure beside it")
	only := flag.String("only", "", "comma-separated parts: "+names()+"; empty = all; window (see build/bench-window) stands alone")
	profile := flag.String("cpuprofile", "", "write a CPU profile here, for go tool pprof")
	flag.Parse()
	o := usual
	if *all {
		o = full
	}
	for _, x := range []struct{ from, to *int }{{n, &o.records}, {edits, &o.edits}, {desks, &o.desks}, {rounds, &o.rounds}} {
		if *x.from > 0 {
			*x.to = *x.from
		}
	}
	o.peerRecords = min(o.peerRecords, o.records)
	o.script = *script
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	if *sizes != "" {
		o.sizes = nil
		for x := range strings.SplitSeq(*sizes, ",") {
			var size int
			got(fmt.Sscan(x, &size))
			o.sizes = append(o.sizes, size)
		}
	}
	if *profile != "" {
		f := got(os.Create(*profile))
		must(pprof.StartCPUProfile(f))
		defer func() { pprof.StopCPUProfile(); must(f.Close()) }()
	}
	dir := got(os.MkdirTemp("", "qianshao-bench-"))
	defer os.RemoveAll(dir)
	b := &bench{ctx: context.Background(), o: o, dir: dir, out: *out, cat: newCatalog(), loads: map[int]time.Duration{}}
	defer b.pg.Stop()
	if *only == "window" { // it serves until it is ended
		b.window(o.records, flag.Args())
		return
	}
	must(os.MkdirAll(*out, 0o755))
	for _, p := range parts {
		if o.want(p.name) {
			fmt.Println("—", p.what)
			p.run(b)
		}
	}
	head := fmt.Sprintf("# Measured on %d cores, %s, %s\n\n", runtime.NumCPU(), runtime.Version(), time.Now().Format("2006-01-02 15:04"))
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		b.note("load of the machine at the end, this run included: %s", strings.Join(strings.Fields(string(load))[:3], " "))
	}
	for _, x := range b.notes {
		head += "- " + x + "\n"
	}
	path := filepath.Join(*out, "table.md")
	must(b.write(path, head))
	fmt.Println("table", path)
}
