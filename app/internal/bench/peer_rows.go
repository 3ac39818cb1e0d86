package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"qianshao/syncserver/office"
)

// peer measures PouchDB with the same documents; see build/peer.
type peer struct {
	script, dir, port string
	server            *exec.Cmd
}

func newPeer(script, dir string) *peer {
	p := &peer{script: script, dir: dir}
	must(os.MkdirAll(dir, 0o755))
	p.server = exec.Command("node", script, "serve", filepath.Join(dir, "server"))
	p.server.Stderr = os.Stderr
	out := got(p.server.StdoutPipe())
	must(p.server.Start())
	p.port = strings.TrimSpace(got(bufio.NewReader(out).ReadString('\n')))
	return p
}

func (p *peer) close() {
	must(p.server.Process.Kill())
	_ = p.server.Wait() // killed: it says so
}

// run gives the time of the batch size that does best.
func (p *peer) run(what string, n int, doc func(i int) any) (took time.Duration, batch int) {
	file := filepath.Join(p.dir, what+".jsonl")
	f := got(os.Create(file))
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	for i := range n {
		must(e.Encode(doc(i)))
	}
	must(w.Flush())
	must(f.Close())
	cmd := exec.Command("node", p.script, what, filepath.Join(p.dir, what), p.port, file)
	cmd.Stderr = os.Stderr
	var out struct {
		Docs      int     `json:"docs"`
		MS        float64 `json:"ms"`
		BatchSize int     `json:"batch_size"`
	}
	must(json.Unmarshal(got(cmd.Output()), &out))
	if out.Docs != n {
		panic(fmt.Sprintf("the peer has %d documents of %d", out.Docs, n))
	}
	return time.Duration(out.MS * float64(time.Millisecond)), out.BatchSize
}

// document is a record as the peer keeps it.
type peerDocument struct {
	ID string `json:"_id"`
	paper
}

func (b *bench) besidePeer(script string, loads, edits int, pushed time.Duration) {
	p := newPeer(script, filepath.Join(b.dir, "peer"))
	defer p.close()
	const goal = 8
	add := func(what string, n int, ours, theirs time.Duration, batch int) {
		times := theirs.Seconds() / ours.Seconds()
		b.add(row{what: what, ours: fmt.Sprintf("%.1f s, %s", ours.Seconds(), perSecond(n, ours)),
			beside: fmt.Sprintf("PouchDB 9 ← express-pouchdb over LevelDB (batch %d): %.1f s, %s", batch, theirs.Seconds(), perSecond(n, theirs)),
			ratio:  fmt.Sprintf("%.1f ×", times), goal: fmt.Sprintf("≥ %d ×", goal), met: yes(times >= goal)})
	}
	texts := newCorpus(1)
	took, batch := p.run("load", loads, func(i int) any { return peerDocument{paperID(i), texts.paper(i)} })
	add(fmt.Sprintf("first load of %d records", loads), loads, b.loads[loads], took, batch)
	texts = newCorpus(2)
	took, batch = p.run("push", edits, func(i int) any {
		return peerDocument{office.DeriveID("pushed", fmt.Sprint(i)), texts.paper(i)}
	})
	add(fmt.Sprintf("pushing %d offline edits", edits), edits, pushed, took, batch)
}
