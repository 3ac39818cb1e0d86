package replica

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"qianshao/syncserver/office"
)

// Foresight of a waiting command.
const (
	Runs      = ""          // it ran: its effects are visible
	Elsewhere = "elsewhere" // it needs records that this desk does not hold
	Fails     = "fails"     // it was refused here; the server will judge
)

// Command is a waiting command, ready to run.
type Command struct {
	Ord int64
	Mid string
	Run func(tx office.Tx) error
}

// Outcome is how a command ran and what it touched.
type Outcome struct {
	Foresight string
	Err       *office.Error // why it fails
	Note      office.Code
	Fault     error // what is behind an Err of CodeInternal: for the log, it may quote contents

	// Saw are the records the command read by name, as it first found them.
	Saw []office.Record

	rows  map[Key]bool // true = written; false = read only
	scans []scan
}

// Wrote reports whether the command wrote the row.
func (o Outcome) Wrote(k Key) bool { return o.rows[k] }

// Try runs a command over the visible rows. Of one that fails, or cannot be
// foreseen, nothing remains but what it touched. An error is a fault of the
// database: the transaction is lost.
func (t *Tx) Try(c Command) (Outcome, error) {
	if err := t.exec("SAVEPOINT run"); err != nil {
		return Outcome{}, err
	}
	v := &view{t: t, out: Outcome{rows: map[Key]bool{}}}
	err := safely(func() error { return c.Run(v) })
	if v.fault != nil {
		return Outcome{}, v.fault
	}
	if err == nil {
		return v.out, t.exec("RELEASE run")
	}
	if err := t.exec("ROLLBACK TO run"); err != nil {
		return Outcome{}, err
	}
	if err := t.exec("RELEASE run"); err != nil {
		return Outcome{}, err
	}
	for k := range v.out.rows {
		v.out.rows[k] = false
	}
	v.out.Note = ""
	v.out.Err = office.AsError(err)
	if v.out.Err.Code == office.CodeInternal {
		v.out.Fault = err
	}
	v.out.Foresight = Fails
	if v.out.Err.Code == office.CodeElsewhere {
		v.out.Foresight, v.out.Err = Elsewhere, nil
	}
	return v.out, nil
}

// Panic is the fault of a command that panicked. Its text holds nothing of
// what the command worked on.
type Panic struct {
	What  string
	Stack []byte
}

func (p *Panic) Error() string { return "the command panicked: " + p.What }

// safely makes a panic of a command an error: one bad command must not stop
// the desk.
func safely(f func() error) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		broke := &Panic{What: fmt.Sprintf("%T", p), Stack: debug.Stack()}
		var known runtime.Error
		if e, ok := p.(error); ok && errors.As(e, &known) {
			broke.What = known.Error()
		}
		err = broke
	}()
	return f()
}

// view is the office.Tx that a command runs over: it records what it touches.
type view struct {
	t     *Tx
	out   Outcome
	fault error // of the database, whatever Run made of it
}

// broken notes a fault of the database.
func (v *view) broken(err error) error {
	if v.fault == nil {
		v.fault = err
	}
	return err
}

func (v *view) kind(name string) (*office.Kind, error) {
	if k := v.t.r.kinds.Get(name); k != nil {
		return k, nil
	}
	return nil, office.Invalid("kind", "unknown kind %q", name)
}

// get reads a row and what is known of it.
func (v *view) get(k Key) (office.Record, office.Presence, error) {
	r, ok, err := v.t.visible(k)
	if err != nil {
		return r, office.Absent, v.broken(err)
	}
	if _, again := v.out.rows[k]; !again {
		v.out.rows[k] = false
		if ok {
			v.out.Saw = append(v.out.Saw, r)
		}
	}
	if ok {
		return r, office.Present, nil
	}
	// A row that is not here was either removed by a waiting command, then the
	// base has an entry for it, or it never came.
	_, _, known, err := v.t.baseEntry(k)
	if err != nil {
		return r, office.Absent, v.broken(err)
	}
	if known {
		return office.Record{}, office.Absent, nil
	}
	return office.Record{}, office.Elsewhere, nil
}

func (v *view) put(k Key, r office.Record, present bool) error {
	v.out.rows[k] = true
	if err := v.t.overlay(k, r, present); err != nil {
		return v.broken(err)
	}
	return nil
}

func (v *view) Get(kind, id string) (office.Record, office.Presence, error) {
	if _, err := v.kind(kind); err != nil {
		return office.Record{}, office.Absent, err
	}
	return v.get(Key{kind, id})
}

func (v *view) List(q office.Query) ([]office.Record, error) {
	c, err := v.t.r.kinds.Check(q)
	if err != nil {
		return nil, err
	}
	v.out.scans = append(v.out.scans, scan{kind: c.Kind, where: c.Where})
	rs, err := v.t.r.rows.List(v.t.ctx, v.t.tx, c)
	if err != nil {
		return nil, v.broken(err)
	}
	return rs, nil
}

func (v *view) Insert(kind, id, root string, body any) error {
	k, err := v.kind(kind)
	if err != nil {
		return err
	}
	if k.IsRoot() && root == "" {
		root = id
	}
	if !office.ValidID(id) || !office.ValidID(root) || k.IsRoot() && root != id {
		return office.Invalid("id", "bad id %q under %q", id, root)
	}
	key := Key{kind, id}
	_, p, err := v.get(key)
	if err != nil {
		return err
	}
	if p == office.Present {
		return &office.Error{Code: office.CodeExists, Field: kind, Message: id}
	}
	b, err := office.Canonical(body)
	if err != nil {
		return err
	}
	r := office.Record{Kind: kind, ID: id, Root: root, Body: b}
	if _, err := office.Columns(k, r); err != nil {
		return err // a refusal: what no table takes
	}
	return v.put(key, r, true)
}

func (v *view) Patch(kind, id string, set office.Fields) error {
	k, err := v.kind(kind)
	if err != nil {
		return err
	}
	key := Key{kind, id}
	r, p, err := v.get(key)
	if err != nil {
		return err
	}
	if err := missing(key, p); err != nil {
		return err
	}
	b, err := office.Patched(r.Body, set)
	if err != nil {
		return err
	}
	if string(b) == string(r.Body) {
		return nil
	}
	r.Body = b
	if _, err := office.Columns(k, r); err != nil {
		return err
	}
	if r.Ver > 0 {
		r.Ver++ // what the server will count, if nobody else writes meanwhile
	}
	return v.put(key, r, true)
}

func (v *view) Delete(kind, id string) error {
	k, err := v.kind(kind)
	if err != nil {
		return err
	}
	key := Key{kind, id}
	_, p, err := v.get(key)
	if err != nil {
		return err
	}
	if err := missing(key, p); err != nil {
		return err
	}
	if k.IsRoot() {
		for _, ck := range v.t.r.kinds.Children(kind) {
			v.out.scans = append(v.out.scans, scan{kind: ck, where: []office.Cond{{Field: "root", Op: office.Eq, Value: id}}})
			cs, err := v.t.r.rows.Children(v.t.ctx, v.t.tx, ck.Name, id)
			if err != nil {
				return v.broken(err)
			}
			for _, c := range cs {
				if err := v.put(Key{c.Kind, c.ID}, office.Record{}, false); err != nil {
					return err
				}
			}
		}
	}
	return v.put(key, office.Record{}, false)
}

func missing(k Key, p office.Presence) error {
	switch p {
	case office.Absent:
		return &office.Error{Code: office.CodeNotFound, Field: k.Kind, Message: k.ID}
	case office.Elsewhere:
		return office.ErrElsewhere()
	}
	return nil
}

func (v *view) Note(code office.Code) {
	if v.out.Note != office.NoteConflict {
		v.out.Note = code
	}
}

// Emit drops the job: only the server does jobs.
func (v *view) Emit(office.Job) {}
