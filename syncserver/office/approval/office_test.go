package approval_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/officetest"
	"qianshao/syncserver/office/worktime"
)

// paper is the least a record needs to take part in approval.
type paper struct {
	Title       string          `json:"title"`
	Drafter     office.UserID   `json:"drafter"`
	Unit        string          `json:"unit"`
	Genre       string          `json:"genre,omitempty"`
	Direction   string          `json:"direction,omitempty"`
	Handling    string          `json:"handling,omitempty"`
	Leader      office.UserID   `json:"leader,omitempty"`
	Signer      office.UserID   `json:"signer,omitempty"`
	Cosigners   []office.UserID `json:"cosigners,omitempty"`
	CosignUnits []string        `json:"cosign_units,omitempty"`
	Leaders     []office.UserID `json:"leaders,omitempty"`
	Undertakers []office.UserID `json:"undertakers,omitempty"`
	Series      string          `json:"series,omitempty"`
	Publicity   string          `json:"publicity,omitempty"`
	ContentHash string          `json:"content_hash"`
	Number      string          `json:"number,omitempty"`

	FlowState   string          `json:"flow_state"`
	FlowStep    string          `json:"flow_step,omitempty"`
	FlowHolders []office.UserID `json:"flow_holders,omitempty"`
	FlowEditors []office.UserID `json:"flow_editors,omitempty"`
	FlowDue     int64           `json:"flow_due,omitempty"`
	Readers     []office.UserID `json:"readers,omitempty"`
}

var papers = office.Of[paper]{Kind: &office.Kind{
	Name: "test.paper", Residence: office.ResidentAlways,
	Audience: func(r office.Record) ([]office.Channel, error) {
		var p paper
		err := r.Decode(&p)
		return office.To(append(p.Readers, p.Drafter)...), err
	},
}}

// years is the kind of the published holidays, as the calendar room declares it.
var years = office.Of[map[string]any]{Kind: &office.Kind{
	Name: worktime.KindYear, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "year", Type: office.Int}},
	Views:  []office.View{{Name: "all", Orders: []string{"year"}}},
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.Org}, nil
	},
}}

// bench is an office in memory where commands run as on the server.
type bench struct {
	t       testing.TB
	mem     *officetest.Mem
	now     time.Time
	n       int // commands given
	numbers int
	jobs    []office.Job

	machines map[office.UserID][]approval.Machine
	from     string // machine that commands come from
}

const paperID = "p1"

// newBench has 秘书四科 (li drafts, wang heads, zhao is its 文书), the posts of
// the default flows, four leaders, and the flow administrator.
func newBench(t testing.TB, defs ...approval.Definition) *bench {
	t.Helper()
	ks, err := office.NewKinds(slices.Concat([]*office.Kind{papers.Kind, years.Kind, office.Conflicts.Kind}, directory.Kinds(), approval.Kinds())...)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, mem: officetest.NewMem(ks), now: time.UnixMilli(1_793_580_000_000).UTC()}
	b.must(b.update(func(tx office.Tx) error {
		for i, p := range []struct {
			id           office.UserID
			unit         string
			posts, roles []string
		}{
			{"li", "si", nil, nil}, {"wang", "si", nil, nil}, {"zhao", "si", []string{"si-wenshu"}, nil},
			{"chu", "yi", []string{"hegao"}, nil}, {"shao", "yi", []string{"fuhe"}, nil},
			{"ma", "yi", []string{"wenshu"}, nil}, {"ding", "yi", []string{"wenshu"}, nil},
			{"chen", "", nil, nil}, {"lin", "", nil, nil}, {"xu", "", nil, nil}, {"shen", "", nil, nil},
			{"han", "jian", nil, nil}, {"qian", "cai", []string{"cai-wenshu"}, nil},
			{"admin", "", nil, []string{approval.RoleFlowAdmin}},
		} {
			if err := directory.People.Insert(tx, string(p.id), directory.Official{
				Name: string(p.id), Unit: p.unit, Posts: p.posts, Roles: p.roles, Order: i, State: directory.Active,
			}); err != nil {
				return err
			}
		}
		for id, u := range map[string]directory.Unit{
			"si": {Name: "秘书四科", Head: "wang", Clerk: "si-wenshu"}, "yi": {Name: "秘书一科", Head: "shao"},
			"jian": {Name: "住建局", Head: "han"}, "cai": {Name: "财政局", Clerk: "cai-wenshu"},
		} {
			if err := directory.Units.Insert(tx, id, u); err != nil {
				return err
			}
		}
		for id, who := range map[string][]office.UserID{
			"si-wenshu": {"zhao"}, "hegao": {"chu"}, "fuhe": {"shao"}, "wenshu": {"ma", "ding"}, "cai-wenshu": {"qian"},
		} {
			if err := directory.Posts.Insert(tx, id, directory.Post{Name: id, Holders: who}); err != nil {
				return err
			}
		}
		return directory.Roles.Insert(tx, approval.RoleFlowAdmin, directory.Role{Name: "流程管理员", Holders: []office.UserID{"admin"}})
	}))
	for _, d := range defs {
		d.Subjects = []string{papers.Name}
		b.ok(office.System, &approval.Publish{Definition: d})
	}
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) update(f func(office.Tx) error) error {
	_, err := b.mem.Update(f)
	return err
}

func (b *bench) context(who office.UserID) office.Context {
	b.n++
	b.now = b.now.Add(time.Minute)
	return office.Context{
		Actor: who, Now: b.now, Claimed: b.now.Add(-time.Hour), Mid: office.DeriveID("mid", fmt.Sprint(b.n)),
	}
}

// do gives a command as on the server: Run, then what only the server does.
func (b *bench) do(who office.UserID, cmd office.Command) error {
	c := b.context(who)
	out, err := b.mem.Update(func(tx office.Tx) error {
		if err := cmd.Run(tx, c); err != nil {
			return err
		}
		return approval.After(tx, c, cmd, approval.Effects{
			Apply:    b.apply,
			Machines: func(_ office.Tx, who office.UserID, _ int64) ([]approval.Machine, error) { return b.machines[who], nil },
			From:     func(office.Tx) string { return b.from },
		})
	})
	b.jobs = append(b.jobs, out.Jobs...)
	return err
}

// apply gives the paper a number once.
func (b *bench) apply(tx office.Tx, c office.Context, e approval.Effect) error {
	if e.Name == approval.EffectVoid {
		return papers.Patch(tx, e.Subject, office.Fields{"number": "void"})
	}
	if !e.Signed || !e.Reviewed {
		return office.Errorf(office.CodeState, "not signed or not reviewed")
	}
	p, err := papers.Need(tx, e.Subject)
	if err != nil || p.Number != "" {
		return err
	}
	b.numbers++
	return papers.Patch(tx, e.Subject, office.Fields{"number": fmt.Sprint(b.numbers)})
}

func (b *bench) ok(who office.UserID, cmd office.Command) {
	b.t.Helper()
	if err := b.do(who, cmd); err != nil {
		b.t.Fatalf("%s by %s: %v", cmd.Kind(), who, err)
	}
}

func (b *bench) refused(who office.UserID, cmd office.Command, code office.Code) {
	b.t.Helper()
	if err := b.do(who, cmd); office.CodeOf(err) != code {
		b.t.Fatalf("%s by %s: %v, want %s", cmd.Kind(), who, err, code)
	}
}

// draft makes li's paper.
func (b *bench) draft(p paper) {
	b.t.Helper()
	p.Title, p.Drafter, p.Unit, p.ContentHash, p.Genre = "关于充电桩的通知", "li", "si", "h1", "通知"
	b.must(b.update(func(tx office.Tx) error { return papers.Insert(tx, paperID, p) }))
}

func (b *bench) paper() paper {
	b.t.Helper()
	var p paper
	r, _ := b.mem.Get(papers.Name, paperID)
	b.must(r.Decode(&p))
	return p
}

// change is somebody's edit of the text.
func (b *bench) change(hash string) {
	b.t.Helper()
	b.must(b.update(func(tx office.Tx) error { return papers.Patch(tx, paperID, office.Fields{"content_hash": hash}) }))
}

const instanceID = "i1"

func (b *bench) start(flow string) {
	b.t.Helper()
	b.ok("li", &approval.Start{ID: instanceID, Flow: flow, SubjectKind: papers.Name, Subject: paperID})
}

func (b *bench) instance() approval.Instance {
	b.t.Helper()
	r, ok := b.mem.Get(approval.Instances.Name, instanceID)
	if !ok {
		b.t.Fatal("no instance")
	}
	var i approval.Instance
	b.must(r.Decode(&i))
	return i
}

type task struct {
	id string
	approval.Task
}

func (b *bench) tasks() []task {
	var out []task
	for _, r := range b.mem.All(approval.Tasks.Name) {
		t := task{id: r.ID}
		b.must(r.Decode(&t.Task))
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(x, y task) int { return int(x.Created - y.Created) })
	return out
}

// open are the people with an open task, in order of arrival and name.
func (b *bench) open() []office.UserID {
	var out []office.UserID
	for _, t := range b.tasks() {
		if t.State == approval.TaskOpen {
			out = append(out, t.Person)
		}
	}
	slices.Sort(out)
	return out
}

// task is a person's open task, or else their newest.
func (b *bench) task(who office.UserID) task {
	b.t.Helper()
	ts := b.tasks()
	if i := slices.IndexFunc(ts, func(t task) bool { return t.Person == who && t.State == approval.TaskOpen }); i >= 0 {
		return ts[i]
	}
	for i := len(ts) - 1; i >= 0; i-- {
		if ts[i].Person == who {
			return ts[i]
		}
	}
	b.t.Fatalf("%s has no task", who)
	return task{}
}

// approve is what a person who looks at the paper now would send.
func (b *bench) approve(who office.UserID) *approval.Approve {
	b.t.Helper()
	t := b.task(who)
	return &approval.Approve{Task: t.id, Subject: t.Subject, TaskRev: t.Rev, Step: t.Step, SeenHash: b.paper().ContentHash, Words: "同意"}
}

func (b *bench) back(who office.UserID, to string) *approval.Return {
	b.t.Helper()
	t := b.task(who)
	return &approval.Return{Task: t.id, Subject: t.Subject, TaskRev: t.Rev, Step: t.Step, SeenHash: b.paper().ContentHash, Words: "请修改", To: to}
}

func (b *bench) give(who, to office.UserID) *approval.Transfer {
	b.t.Helper()
	t := b.task(who)
	return &approval.Transfer{Task: t.id, Subject: t.Subject, TaskRev: t.Rev, Step: t.Step, To: to}
}

func (b *bench) takeBack() *approval.TakeBack {
	return &approval.TakeBack{Instance: instanceID, Subject: paperID}
}

// pass has people approve, one after the other.
func (b *bench) pass(people ...office.UserID) {
	b.t.Helper()
	for _, who := range people {
		b.ok(who, b.approve(who))
	}
}

func (b *bench) wantOpen(people ...office.UserID) {
	b.t.Helper()
	slices.Sort(people)
	if got := b.open(); !slices.Equal(got, people) {
		b.t.Fatalf("open: %v, want %v", got, people)
	}
}

func (b *bench) wantAt(step string) {
	b.t.Helper()
	i := b.instance()
	got := "end"
	if len(i.Tokens) > 0 {
		got = i.Tokens[0].Step
	}
	if got != step {
		b.t.Fatalf("at %s, want %s", got, step)
	}
}

func (b *bench) opinions() []approval.Opinion {
	var out []approval.Opinion
	for _, r := range b.mem.All(approval.Opinions.Name) {
		var o approval.Opinion
		b.must(r.Decode(&o))
		out = append(out, o)
	}
	slices.SortFunc(out, func(x, y approval.Opinion) int { return int(x.Effective - y.Effective) })
	return out
}

func (b *bench) events() []approval.Event {
	var out []approval.Event
	for _, r := range b.mem.All(approval.Events.Name) {
		var e approval.Event
		b.must(r.Decode(&e))
		out = append(out, e)
	}
	slices.SortFunc(out, func(x, y approval.Event) int { return x.N - y.N })
	return out
}

// dump is everything there is, for comparing two runs.
func (b *bench) dump() string {
	var out []office.Record
	for _, k := range b.mem.Kinds.All() {
		out = append(out, b.mem.All(k.Name)...)
	}
	raw, err := json.MarshalIndent(out, "", " ")
	b.must(err)
	return string(raw)
}

// fawen is an ordinary 发文 without 会签, up for approval.
func fawen(t testing.TB) *bench {
	t.Helper()
	b := newBench(t, approval.Fawen())
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin"})
	b.start("fawen")
	return b
}
