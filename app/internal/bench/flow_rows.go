package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/rowsql"
	"qianshao/syncserver/servertest"
)

// flowSteps are how many people act on each paper here.
const flowSteps = 5

// flowOf is a flow of some steps, wang and lin in turn.
func flowOf(key string, steps int) approval.Definition {
	d := approval.Definition{Key: key, Name: "签报", Subjects: []string{document.Headers.Name}, First: "s0", Steps: []approval.Step{
		{ID: "s0", Name: "起草", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Lines: []approval.Line{{To: "s1"}}},
	}}
	for i := 1; i <= steps; i++ {
		who, next := "wang", fmt.Sprintf("s%d", i+1)
		if i%2 == 0 {
			who = "lin"
		}
		if i == steps {
			next = "end"
		}
		d.Steps = append(d.Steps, approval.Step{
			ID: fmt.Sprintf("s%d", i), Name: fmt.Sprintf("第%d步", i), Handlers: []approval.Handler{{By: approval.ByPerson, ID: who}},
			Area: "office", AreaName: "意见", Lines: []approval.Line{{To: next}},
		})
	}
	d.Steps = append(d.Steps, approval.Step{ID: "end", Name: "办结", Type: approval.StepEnd})
	return d
}

// flowOffice is a server with the flow, in memory of nothing else.
func (b *bench) flowOffice(dir string) *servertest.Server {
	cat := got(catalog.New())
	must(os.MkdirAll(dir, 0o755))
	s := got(servertest.Start(servertest.Options{Catalog: cat, Now: time.Now, LoginBurst: 100000, Dir: dir}))
	for _, u := range people {
		must(s.AddUser(u))
	}
	must(s.As(office.System).Must(&approval.Publish{Definition: flowOf("bench", flowSteps)}))
	must(s.As(office.System).Must(&approval.Publish{Definition: flowOf(shortFlow, 1)}))
	return s
}

// paperOnItsWay drafts and sends a paper.
func paperOnItsWay(s *servertest.Server, id, flow string) {
	must(s.As("lin").Must(&document.DraftPaper{
		ID: id, Direction: document.Internal, Genre: "签报", Title: "关于压测事项的签报",
		Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "妥否，请批示。"}},
	}))
	must(s.As("lin").Must(&approval.Start{ID: "i-" + id, Flow: flow, SubjectKind: document.Headers.Name, Subject: id}))
}

// act is one approval: Decide, Advance, seal, channels, commit.
func act(s *servertest.Server, id string, step int, hash string) time.Duration {
	who := office.UserID("wang")
	if step%2 == 0 {
		who = "lin"
	}
	cmd := &approval.Approve{Task: taskAt(s, id, step), Subject: id, TaskRev: 1, Step: fmt.Sprintf("s%d", step), SeenHash: hash, Words: "同意，请按程序办理。"}
	return since(func() { must(s.As(who).Must(cmd)) })
}

// taskAt finds the open task of a paper: its id is made of the command before,
// which the trace names.
func taskAt(s *servertest.Server, id string, step int) string {
	page := got(s.View(approval.Tasks.Name, "instance", "i-"+id))
	for _, r := range page {
		var t approval.Task
		must(r.Decode(&t))
		if t.Step == fmt.Sprintf("s%d", step) && t.State == approval.TaskOpen {
			return r.ID
		}
	}
	panic("nobody is asked")
}

func hashOf(s *servertest.Server, id string) string {
	r, ok, err := s.Get(document.Headers.Name, id)
	must(err)
	if !ok {
		panic("no paper")
	}
	var h document.Header
	must(r.Decode(&h))
	return h.ContentHash
}

// acts lets n papers go all their way and tells how long each act took.
func acts(s *servertest.Server, n int) []time.Duration {
	var out []time.Duration
	for range n {
		id := newID(time.Now())
		paperOnItsWay(s, id, "bench")
		hash := hashOf(s, id)
		for step := 1; step <= flowSteps; step++ {
			out = append(out, act(s, id, step, hash))
		}
	}
	return out
}

// steps measures the engine beside raw inserts of the same rows: as many
// transactions, each durable, on the same tables with the same indexes.
func (b *bench) steps(dir string, papers int) {
	s := b.flowOffice(filepath.Join(dir, "steps"))
	defer func() { must(s.Close()) }()
	acts(s, 5)
	ours := acts(s, papers)
	var sum time.Duration
	for _, d := range ours {
		sum += d
	}
	kinds := []*office.Kind{approval.Instances.Kind, approval.Tasks.Kind, approval.Opinions.Kind, approval.Events.Kind, document.Headers.Kind}
	var rows []office.Record
	for _, k := range kinds {
		rows = append(rows, got(s.Records(k.Name))...)
	}
	raw := b.rawActs(filepath.Join(dir, "raw"), s.Kinds(), rows, len(ours))
	b.add(row{
		what: fmt.Sprintf("steps of the approval engine, %d acts on %d papers", len(ours), papers), ours: perSecond(len(ours), sum),
		beside: fmt.Sprintf("raw inserts of the %d rows it leaves, as many commits: %s", len(rows), perSecond(len(ours), raw)),
		ratio:  fmt.Sprintf("%.1f ×", sum.Seconds()/raw.Seconds()),
	})
}

// rawActs inserts rows in n durable transactions.
func (b *bench) rawActs(dir string, ks *office.Kinds, rs []office.Record, n int) time.Duration {
	rows := rowsql.Rows{Kinds: ks, Dialect: rowsql.SQLite}
	profile := vault.Profile{Dir: dir, Now: time.Now}
	db := got(profile.Write(b.ctx, vault.Outbox)) // synced at each commit, as the server's is
	defer func() { must(db.Close()) }()
	for _, q := range rows.Schema() {
		got(db.ExecContext(b.ctx, q))
	}
	type put struct {
		query string
		args  []any
	}
	puts := make([]put, len(rs))
	for i, r := range rs {
		cols, args := []string{"id", "root", "ver", "body", "sum"}, []any{r.ID, r.Root, r.Ver, string(r.Body), int64(i)}
		for j, c := range got(office.Columns(ks.Get(r.Kind), r)) {
			cols, args = append(cols, "f_"+ks.Get(r.Kind).Fields[j].Name), append(args, c)
		}
		puts[i] = put{fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", rows.Table(r.Kind), strings.Join(cols, ", "), strings.Repeat(", ?", len(cols)-1)), args}
	}
	return since(func() {
		for i := range n {
			tx := got(db.BeginTx(b.ctx, nil))
			for _, p := range puts[i*len(puts)/n : (i+1)*len(puts)/n] {
				got(tx.ExecContext(b.ctx, p.query, p.args...))
			}
			must(tx.Commit())
		}
	})
}

// flat measures an act while the number of instances that have ended grows: what
// an office has behind it must not make today's work slower.
func (b *bench) flat(dir string, sizes []int) {
	s := b.flowOffice(filepath.Join(dir, "flat"))
	defer func() { must(s.Close()) }()
	years := newPast(s)
	var first time.Duration
	for _, size := range sizes {
		years.fill(size)
		acts(s, 5)
		p := quantile(acts(s, 40), 0.5)
		x := row{what: fmt.Sprintf("one act beside %d ended instances", size), ours: "median " + ms(p)}
		if first == 0 {
			first, x.beside = p, "the first size"
		} else {
			r := p.Seconds() / first.Seconds()
			x.beside, x.ratio = fmt.Sprintf("beside %d: %s", sizes[0], ms(first)), fmt.Sprintf("%.2f ×", r)
			x.goal, x.met = "≤ 1.5 ×", yes(r <= 1.5)
		}
		b.add(x)
	}
}

// readers are how many people a paper is circulated to.
const readers = 500

// circulation measures a 传阅 to many: what the server writes, and what one of
// the readers pulls for it.
func (b *bench) circulation(dir string) {
	s := newStage(b.ctx, filepath.Join(dir, "circulation"), "")
	defer s.close()
	var to []office.UserID
	for i := range readers {
		u := servertest.User{UID: office.UserID(fmt.Sprintf("reader-%03d", i)), Unit: "x"}
		must(s.srv.AddUser(u))
		to = append(to, u.UID)
	}
	must(s.srv.As("lin").Must(&document.DraftPaper{
		ID: "paper", Direction: document.Internal, Genre: "签报", Title: "关于近期值班抽查情况的通报",
		Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: s.texts.text(600)}},
	}))
	one := servertest.User{UID: to[readers/2], Unit: "x"}
	d := s.desk(one, "reader")
	got(d.Sync(b.ctx))
	c := &counter{next: http.DefaultTransport}
	d.close()
	d.options.Transport = s.srvClient(d, c)
	d.open(b.ctx)
	defer d.close()
	got(d.Sync(b.ctx)) // the device is introduced again
	before := s.rows()
	took := since(func() {
		must(s.srv.As("lin").Must(&approval.Circulate{ID: "round", SubjectKind: document.Headers.Name, Subject: "paper", To: to, Must: true}))
		for got(s.srv.RunJobs()) > 0 {
		}
	})
	writes := s.rows() - before
	c.bytes.Store(0)
	report := got(d.Sync(b.ctx))
	bytes := c.bytes.Load()
	b.add(row{
		what: fmt.Sprintf("传阅 to %d people, until each has a copy", readers), ours: ms(took),
		beside: fmt.Sprintf("%d records more, %d of them the copies", writes, readers), goal: "one for each reader", met: yes(writes == readers),
	})
	b.add(row{
		what: fmt.Sprintf("what one of %d readers pulls: copy, paper, text", readers), ours: fmt.Sprintf("%d bytes, %d records", bytes, report.Pulled),
		beside: "a pull with nothing new: ≤ 1024 bytes", goal: "≤ 16384 bytes", met: yes(bytes <= 16384),
	})
}

// rows counts the records of the kinds a circulation may touch.
func (s *stage) rows() (n int) {
	for _, k := range []*office.Kind{approval.Copies.Kind, document.Headers.Kind, document.Bodies.Kind, approval.Instances.Kind, approval.Tasks.Kind, approval.Events.Kind} {
		n += len(got(s.srv.Records(k.Name)))
	}
	return n
}

// flowPart are the rows about approval.
func (b *bench) flowPart() {
	dir, sizes := b.at("flow"), b.o.sizes
	b.steps(dir, 200)
	b.flat(dir, sizes)
	b.circulation(dir)
}
