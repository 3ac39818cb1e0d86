package officetest

import (
	"errors"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

// Begin runs f in a transaction of the store under test and commits it if f
// returns nil. f's error undoes all writes and comes back so that errors.As
// finds it.
type Begin func(f func(tx office.Tx) error) (Outcome, error)

// Exercised is one store under test.
type Exercised struct {
	Begin Begin
	// Desk: the store holds only part of the records. A record it does not
	// have is office.Elsewhere, and it drops jobs.
	Desk bool
}

// Exercise is the suite that every implementation of office.Tx passes: in
// memory, on the desk, on the server over either database. open makes an empty
// store of these kinds.
func Exercise(t *testing.T, open func(t *testing.T, ks *office.Kinds) Exercised) {
	ks, err := office.NewKinds(ExerciseKinds()...)
	if err != nil {
		t.Fatal(err)
	}
	x := &exercise{Exercised: open(t, ks), ks: ks}
	for _, part := range []struct {
		name string
		test func(*exercise, *testing.T)
	}{
		{"get", (*exercise).get},
		{"insert", (*exercise).insert},
		{"patch", (*exercise).patch},
		{"delete", (*exercise).delete},
		{"children", (*exercise).children},
		{"own writes", (*exercise).ownWrites},
		{"rollback", (*exercise).rollback},
		{"swallowed errors", (*exercise).swallowed},
		{"notes", (*exercise).notes},
		{"jobs", (*exercise).jobs},
		{"canonical bodies", (*exercise).canonical},
		{"unknown fields", (*exercise).unknownFields},
		{"odd text", (*exercise).oddText},
		{"refused text", (*exercise).refusedText},
		{"big numbers", (*exercise).bigNumbers},
		{"conditions", (*exercise).conditions},
		{"wrong types", (*exercise).wrongTypes},
		{"orders", (*exercise).orders},
		{"pages", (*exercise).pages},
		{"bad queries", (*exercise).badQueries},
		{"order of text", (*exercise).textOrder},
		{"aliasing", (*exercise).aliasing},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(x, t) })
	}
}

// ExerciseKinds are the kinds of the suite.
func ExerciseKinds() []*office.Kind {
	org := func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil }
	return []*office.Kind{
		{
			Name: "ex.card", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
			Fields: []office.Field{
				{Name: "grp", Type: office.Text}, {Name: "title", Type: office.Text}, {Name: "due", Type: office.Time},
				{Name: "rank", Type: office.Int}, {Name: "weight", Type: office.Real}, {Name: "tags", Type: office.Set},
			},
			Views: []office.View{
				{Name: "all", By: []string{"grp"}, Filters: []string{"title", "due", "rank", "weight", "tags"}, Orders: []string{"title", "due", "rank", "weight", "root"}},
				{Name: "bare", Orders: []string{"due"}},
			},
			Title: "title", Search: []string{"title"}, Audience: org,
		},
		{
			Name: "ex.line", Parent: "ex.card", Lane: office.LaneBodies, Residence: office.ResidentAlways,
			Fields: []office.Field{{Name: "no", Type: office.Int}, {Name: "words", Type: office.Text}},
			Views:  []office.View{{Name: "of", By: []string{"root"}, Filters: []string{"words"}, Orders: []string{"no"}}},
		},
		{Name: "ex.mark", Parent: "ex.card", Lane: office.LaneRest, Residence: office.ResidentAlways},
		{Name: "ex.other", Lane: office.LaneRest, Residence: office.ResidentAlways, Audience: org},
	}
}

// ExerciseJob is the kind of job that the suite emits; a server under test
// must know it.
const ExerciseJob = "exercise.job"

type exercise struct {
	Exercised
	ks *office.Kinds
}

type body map[string]any

// do runs f and wants no error.
func (x *exercise) do(t *testing.T, f func(tx office.Tx) error) Outcome {
	t.Helper()
	out, err := x.Begin(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// refused runs f in a transaction of its own and wants a refusal.
func (x *exercise) refused(t *testing.T, code office.Code, f func(tx office.Tx) error) *office.Error {
	t.Helper()
	_, err := x.Begin(f)
	var e *office.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("error %v, want %s", err, code)
		return &office.Error{}
	}
	return e
}

// missing is the refusal of a write to a record that the store lacks.
func (x *exercise) missing() office.Code {
	if x.Desk {
		return office.CodeElsewhere
	}
	return office.CodeNotFound
}

// want reads a record and compares its body, given as JSON, and version.
func want(t *testing.T, tx office.Tx, kind, id, body string) office.Record {
	t.Helper()
	r, p, err := tx.Get(kind, id)
	if err != nil || p != office.Present {
		t.Fatalf("%s %s: presence %d, %v", kind, id, p, err)
	}
	if string(r.Body) != body {
		t.Errorf("%s %s: body %s, want %s", kind, id, r.Body, body)
	}
	if r.Kind != kind || r.ID != id {
		t.Errorf("asked for %s %s, got %s %s", kind, id, r.Kind, r.ID)
	}
	return r
}

func (x *exercise) wantGone(t *testing.T, tx office.Tx, kind, id string) {
	t.Helper()
	_, p, err := tx.Get(kind, id)
	if err != nil || p == office.Present || p == office.Elsewhere && !x.Desk {
		t.Errorf("%s %s: presence %d, %v; want it gone", kind, id, p, err)
	}
}

// list reads a view of a group of cards and gives their ids.
func (x *exercise) list(t *testing.T, tx office.Tx, grp string, q office.Query) string {
	t.Helper()
	q.Kind, q.View = "ex.card", "all"
	q.Where = append([]office.Cond{office.Where("grp", grp)}, q.Where...)
	rs, err := tx.List(q)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return ids(rs, grp+"-")
}

func ids(rs []office.Record, prefix string) string {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = strings.TrimPrefix(r.ID, prefix)
	}
	return strings.Join(out, " ")
}
