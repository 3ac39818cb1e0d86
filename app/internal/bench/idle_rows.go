package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

// serveArg makes this program a server in a process of its own, so that its
// memory is nobody else's.
const serveArg = "serve-for-bench"

const streamsEach = 16 // what one person may have open

func idleUser(i int) servertest.User {
	return servertest.User{UID: office.UserID(fmt.Sprintf("idle%d", i)), Unit: "x"}
}

// serve answers a word a line: "users N", "memory" in bytes, "tell ID" in
// microseconds, "rows" that all announcements have written.
func serve(dir string) {
	s := newStage(context.Background(), dir, "")
	fmt.Println(s.srv.URL)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		word, arg, _ := strings.Cut(in.Text(), " ")
		switch word {
		case "users":
			var n int
			got(fmt.Sscan(arg, &n))
			for i := range n {
				must(s.srv.AddUser(idleUser(i)))
			}
			fmt.Println("ready")
		case "memory":
			debug.FreeOSMemory()
			fmt.Println(resident())
		case "rows":
			fmt.Println(len(got(s.srv.Dump("mut", "chan_row", "chan_hist", s.srv.TableOf(notices.Name)))))
		case "tell":
			fmt.Println(since(func() {
				must(s.srv.As(office.System).Must(&tell{ID: arg, N: notice{Title: "关于召开全体会议的通知", Text: s.texts.text(300)}}))
			}).Microseconds())
		}
	}
}

// resident is the memory of this process that is in use.
func resident() int {
	b := got(os.ReadFile("/proc/self/statm"))
	var size, pages int
	got(fmt.Fscan(bytes.NewReader(b), &size, &pages))
	return pages * os.Getpagesize()
}

// child is the server's process.
type child struct {
	cmd *exec.Cmd
	in  *bufio.Writer
	out *bufio.Scanner
	url string
}

func (b *bench) child() *child {
	c := &child{cmd: exec.Command(got(os.Executable()), serveArg, b.at("idle"))}
	c.cmd.Stderr = os.Stderr
	c.in = bufio.NewWriter(got(c.cmd.StdinPipe()))
	c.out = bufio.NewScanner(got(c.cmd.StdoutPipe()))
	must(c.cmd.Start())
	c.out.Scan()
	c.url = c.out.Text()
	return c
}

func (c *child) ask(word string, to any) {
	got(c.in.WriteString(word + "\n"))
	must(c.in.Flush())
	if !c.out.Scan() {
		panic("the server's process ended")
	}
	got(fmt.Sscan(c.out.Text(), to))
}

func (c *child) close() {
	must(c.cmd.Process.Kill())
	_ = c.cmd.Wait() // killed: it says so
}

// idlePart measures what desks cost that do nothing, and how an announcement
// reaches all of them.
func (b *bench) idlePart() {
	c := b.child()
	defer c.close()
	users := (b.o.desks + streamsEach - 1) / streamsEach
	var word string
	c.ask(fmt.Sprintf("users %d", users), &word)
	var clients []*client.Client
	var devices []string
	for i := range users {
		x := client.New(client.Options{BaseURL: c.url, RoundTripper: http.DefaultTransport})
		r := got(x.Login(b.ctx, protocol.LoginRequest{User: string(idleUser(i).UID), Password: servertest.Password, Install: office.DeriveID("idle", fmt.Sprint(i))}))
		clients, devices = append(clients, x), append(devices, r.Device)
	}
	var micros int
	tell := func(name string) (took []time.Duration, rows int) {
		var from, to int
		c.ask("rows", &from)
		took = make([]time.Duration, 21)
		for i := range took {
			c.ask("tell "+office.DeriveID(name, fmt.Sprint(i)), &micros)
			took[i] = time.Duration(micros) * time.Microsecond
		}
		c.ask("rows", &to)
		return took, (to - from) / len(took)
	}
	alone, rowsAlone := tell("notice")
	// What each desk has read so far; later it asks from here.
	cursors := make([]protocol.PullReply, users)
	for i := range users {
		cursors[i] = pullAll(b.ctx, clients[i], devices[i])
	}
	var before, after int
	c.ask("memory", &before)
	streams := make([]*bufio.Reader, b.o.desks)
	for i := range streams {
		streams[i] = b.listen(c.url, clients[i/streamsEach].Token())
	}
	c.ask("memory", &after)
	each := float64(after-before) / float64(len(streams)) / 1000
	b.add(row{what: fmt.Sprintf("%d idle desks on one server, memory each", len(streams)), ours: fmt.Sprintf("%.1f KB", each), beside: fmt.Sprintf("the server's process %.0f MB before, %.0f MB with them", float64(before)/1e6, float64(after)/1e6), goal: "≤ 60 KB", met: yes(each <= 60)})

	// An announcement: told when the command begins, read when the row is here.
	poked := make(chan int, len(streams))
	for i, r := range streams {
		go func() {
			if waitPoke(r) {
				poked <- i
			}
		}()
	}
	began := time.Now()
	c.ask("tell "+office.DeriveID("notice", "to all"), &micros)
	var group sync.WaitGroup
	var heard time.Duration
	line := make(chan int, len(streams))
	for range 8 {
		group.Go(func() {
			for i := range line {
				u := i / streamsEach
				r := got(clients[u].Pull(b.ctx, protocol.PullRequest{Device: devices[u], Epoch: cursors[u].Epoch, Cursors: cursors[u].Cursors}))
				if len(r.Rows) != 1 {
					panic(fmt.Sprintf("the announcement came as %d rows", len(r.Rows)))
				}
			}
		})
	}
	for range streams {
		line <- <-poked
		heard = time.Since(began)
	}
	close(line)
	group.Wait()
	last := time.Since(began)
	b.add(row{what: fmt.Sprintf("an announcement to %d desks, until the last has pulled it", len(streams)), ours: fmt.Sprintf("%.2f s", last.Seconds()), beside: fmt.Sprintf("the last poke after %.2f s", heard.Seconds()), goal: "≤ 5 s", met: yes(last <= 5*time.Second)})

	with, rows := tell("more")
	b.add(row{
		what: fmt.Sprintf("writing an announcement with %d readers", len(streams)), ours: fmt.Sprintf("%d rows, median %s with their pokes", rows, ms(quantile(with, 0.5))),
		beside: fmt.Sprintf("with none %d rows, %s", rowsAlone, ms(quantile(alone, 0.5))), ratio: fmt.Sprintf("%.1f ×", float64(rows)/float64(rowsAlone)), goal: "as many rows", met: yes(rows == rowsAlone),
	})
}

// pullAll reads to a checkpoint and gives a reply with all the cursors.
func pullAll(ctx context.Context, c *client.Client, dev string) protocol.PullReply {
	at := map[protocol.ChanLane]protocol.Cursor{}
	for {
		req := protocol.PullRequest{Device: dev}
		for _, x := range at {
			req.Cursors = append(req.Cursors, x)
		}
		r := got(c.Pull(ctx, req))
		for _, x := range r.Cursors {
			at[protocol.ChanLane{Chan: x.Chan, Lane: x.Lane}] = x
		}
		if r.More {
			continue
		}
		r.Cursors = nil
		for _, x := range at {
			r.Cursors = append(r.Cursors, x)
		}
		return r
	}
}

// listen opens a stream of pokes as a desk does, without the weight of a client.
func (b *bench) listen(url, token string) *bufio.Reader {
	conn := got(net.Dial("tcp", strings.TrimPrefix(url, "http://")))
	got(fmt.Fprintf(conn, "GET /sync/poke HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n%s: %s\r\n\r\n", token, protocol.HeaderVersion, protocol.Version))
	r := bufio.NewReaderSize(conn, 512)
	for {
		line := got(r.ReadString('\n'))
		if strings.HasPrefix(line, "event: ready") {
			return r
		}
		if strings.HasPrefix(line, "HTTP/1.1") && !strings.Contains(line, " 200 ") {
			panic(line)
		}
	}
}

func waitPoke(r *bufio.Reader) bool {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false // the run is over
		}
		if strings.HasPrefix(line, "event: poke") {
			return true
		}
	}
}

// curvesFile is where growPart draws.
func (b *bench) curvesFile() string { return filepath.Join(b.out, "curves.svg") }
