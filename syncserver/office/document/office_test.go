package document_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/officetest"
)

// bench is an office in memory.
type bench struct {
	t   testing.TB
	mem *officetest.Mem
	now time.Time
	n   int
}

const id = "d1"

// newBench has li of 秘书四科 who drafts, ding the 收发员, sys the system
// administrator, others without any right, and two number series.
func newBench(t testing.TB) *bench {
	t.Helper()
	ks, err := office.NewKinds(slices.Concat([]*office.Kind{office.Conflicts.Kind}, directory.Kinds(), document.Kinds())...)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, mem: officetest.NewMem(ks), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	b.update(func(tx office.Tx) error {
		for who, p := range map[string]directory.Official{
			"li": {Unit: "si", Units: []string{"zong"}}, "ding": {Unit: "yi", Roles: []string{document.RoleRegistrar}}, "sys": {Roles: []string{directory.RoleSysAdmin}},
			"chu": {Unit: "yi"}, "lin": {}, "xu": {}, "gone": {Unit: "si", Roles: []string{document.RoleRegistrar}},
		} {
			p.Name, p.State = who, directory.Active
			if who == "gone" {
				p.State = directory.Disabled
			}
			if err := directory.People.Insert(tx, who, p); err != nil {
				return err
			}
		}
		return nil
	})
	b.ok(office.System, &document.PutSeries{ID: "qzbf", Code: "清政办发", Name: "办公室文件", Direction: document.Outgoing, Style: document.StyleOfficial, Year: 2026, Next: 21})
	b.ok(office.System, &document.PutSeries{ID: "shang", Code: "上收", Name: "上级来文", Direction: document.Incoming, Style: document.StyleRegister})
	return b
}

func (b *bench) update(f func(office.Tx) error) {
	b.t.Helper()
	if _, err := b.mem.Update(f); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) context(who office.UserID) office.Context {
	b.n++
	b.now = b.now.Add(time.Minute)
	return office.Context{Actor: who, Now: b.now, Claimed: b.now.Add(-time.Hour), Mid: office.DeriveID("mid", fmt.Sprint(b.n))}
}

func (b *bench) do(who office.UserID, cmd office.Command) (officetest.Outcome, error) {
	return b.mem.Do(cmd, b.context(who))
}

func (b *bench) ok(who office.UserID, cmd office.Command) office.Code {
	b.t.Helper()
	out, err := b.do(who, cmd)
	if err != nil {
		b.t.Fatalf("%s by %s: %v", cmd.Kind(), who, err)
	}
	return out.Note
}

func (b *bench) refused(who office.UserID, cmd office.Command, code office.Code) {
	b.t.Helper()
	if _, err := b.do(who, cmd); office.CodeOf(err) != code {
		b.t.Fatalf("%s by %s: %v, want %s", cmd.Kind(), who, err, code)
	}
}

func (b *bench) header() document.Header {
	b.t.Helper()
	var h document.Header
	r, ok := b.mem.Get(document.Headers.Name, id)
	if !ok {
		b.t.Fatal("no header")
	}
	if err := r.Decode(&h); err != nil {
		b.t.Fatal(err)
	}
	return h
}

func (b *bench) blocks() []document.Block {
	b.t.Helper()
	var x document.Body
	r, ok := b.mem.Get(document.Bodies.Name, id)
	if !ok {
		b.t.Fatal("no body")
	}
	if err := r.Decode(&x); err != nil {
		b.t.Fatal(err)
	}
	return x.Blocks
}

// text is the body as "id:text id:text".
func (b *bench) text() string {
	var out []string
	for _, x := range b.blocks() {
		out = append(out, x.ID+":"+x.Text)
	}
	return strings.Join(out, " ")
}

func (b *bench) versions() []document.Version {
	var out []document.Version
	for _, r := range b.mem.All(document.Versions.Name) {
		var v document.Version
		if err := r.Decode(&v); err != nil {
			b.t.Fatal(err)
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(x, y document.Version) int { return int(x.Rev - y.Rev) })
	return out
}

func (b *bench) conflicts(who office.UserID) []office.Conflict {
	var out []office.Conflict
	for _, r := range b.mem.All(office.Conflicts.Name) {
		var c office.Conflict
		if err := r.Decode(&c); err != nil {
			b.t.Fatal(err)
		}
		if c.Actor == who && c.State == office.ConflictOpen {
			out = append(out, c)
		}
	}
	return out
}

// flow sets what package approval would.
func (b *bench) flow(state string, editors ...office.UserID) {
	b.update(func(tx office.Tx) error {
		return document.Headers.Patch(tx, id, office.Fields{"flow": "i1", "flow_state": state, "flow_editors": editors})
	})
}

func para(id, text string) document.Block {
	return document.Block{ID: id, Type: document.BlockText, Text: text}
}

func draft() *document.DraftPaper {
	return &document.DraftPaper{
		ID: id, Direction: document.Outgoing, Genre: "通知", Title: "关于开展充电桩安装工作的通知", To: []string{"各县(区)人民政府"},
		Leader: "xu", Signer: "lin", Series: "qzbf", Publicity: "主动公开",
		Blocks: []document.Block{para("b1", "加快小区充电桩安装工作。"), para("b2", "完成120个点位。")},
	}
}

func register() *document.Register {
	return &document.Register{
		ID: id, Series: "shang", Genre: "函", Title: "关于报送台账的函", From: "省住房城乡建设主管部门", FromNumber: "岚建函〔2026〕118号",
		Received: 1_793_580_000_000, Copies: 2, Handling: document.HandlingAct,
	}
}

func set(block, old, now string) document.Op {
	o, n := para(block, old), para(block, now)
	return document.Op{Op: document.OpSet, Block: block, Old: &o, New: &n}
}

func insert(block, after, text string) document.Op {
	n := para(block, text)
	return document.Op{Op: document.OpInsert, Block: block, After: after, New: &n}
}

func remove(block, old string) document.Op {
	o := para(block, old)
	return document.Op{Op: document.OpDelete, Block: block, Old: &o}
}

func save(base int64, ops ...document.Op) *document.SaveBody {
	return &document.SaveBody{ID: id, BaseRev: base, Ops: ops}
}

func edit(field string, old, now any) *document.Edit {
	raw := func(v any) json.RawMessage {
		if v == nil {
			return nil
		}
		x, _ := json.Marshal(v)
		return x
	}
	return &document.Edit{ID: id, Changes: []office.Change{{Field: field, Old: raw(old), New: raw(now)}}}
}
