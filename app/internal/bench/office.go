package main

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
)

// paper is the record that loads are made of: a list, an order by due time and
// a text to search, as papers and tasks have them.
type paper struct {
	Owner office.UserID `json:"owner"`
	State string        `json:"state"`
	Title string        `json:"title"`
	Due   int64         `json:"due"`
	Text  string        `json:"text"`
}

var papers = office.Of[paper]{Kind: &office.Kind{
	Name: "bench.paper", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "owner", Type: office.Text}, {Name: "state", Type: office.Text}, {Name: "title", Type: office.Text}, {Name: "due", Type: office.Time},
	},
	Views: []office.View{
		{Name: "mine", By: []string{"owner"}, Filters: []string{"state"}, Orders: []string{"due", "title"}},
	},
	Search: []string{"title", "text"}, Title: "title",
	Audience: func(r office.Record) ([]office.Channel, error) {
		var p paper
		err := r.Decode(&p)
		return office.To(p.Owner), err
	},
}}

// load makes many records at once.
type load struct {
	IDs    []string `json:"ids"`
	Papers []paper  `json:"papers"`
}

func (*load) Kind() string      { return "bench.load@1" }
func (x *load) Locks() []string { return nil }
func (x *load) Run(tx office.Tx, c office.Context) error {
	for i, id := range x.IDs {
		if err := papers.Insert(tx, id, x.Papers[i]); err != nil {
			return err
		}
	}
	return nil
}

// create makes one, as a person does.
type create struct {
	ID string `json:"id"`
	P  paper  `json:"p"`
}

func (*create) Kind() string      { return "bench.create@1" }
func (x *create) Locks() []string { return nil }
func (x *create) Run(tx office.Tx, c office.Context) error {
	return papers.Insert(tx, x.ID, x.P)
}

// retitle changes one.
type retitle struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (*retitle) Kind() string      { return "bench.retitle@1" }
func (x *retitle) Locks() []string { return []string{"paper:" + x.ID} }
func (x *retitle) Run(tx office.Tx, c office.Context) error {
	return tx.Patch(papers.Name, x.ID, office.Fields{"title": x.Title})
}

// A task is what an approval is about, an opinion what it leaves under it.
type task struct {
	Owner office.UserID `json:"owner"`
	By    office.UserID `json:"by"`
	State string        `json:"state"`
	Title string        `json:"title"`
}

type opinion struct {
	Author office.UserID `json:"author"`
	Words  string        `json:"words"`
}

var tasks = office.Of[task]{Kind: &office.Kind{
	Name: "bench.task", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "owner", Type: office.Text}, {Name: "state", Type: office.Text}, {Name: "title", Type: office.Text}},
	Views:  []office.View{{Name: "mine", By: []string{"owner"}, Filters: []string{"state"}, Orders: []string{"title"}}},
	Title:  "title",
	Audience: func(r office.Record) ([]office.Channel, error) {
		var t task
		err := r.Decode(&t)
		return office.To(t.Owner, t.By), err
	},
}}

var opinions = office.Of[opinion]{Kind: &office.Kind{Name: "bench.opinion", Parent: "bench.task", Lane: office.LaneTasks, Residence: office.ResidentAlways}}

// send makes a task.
type send struct {
	ID string `json:"id"`
	T  task   `json:"t"`
}

func (*send) Kind() string      { return "bench.send@1" }
func (x *send) Locks() []string { return nil }
func (x *send) Run(tx office.Tx, c office.Context) error {
	return tasks.Insert(tx, x.ID, x.T)
}

// approve ends one's own open task, leaves an opinion and hands on to the next.
type approve struct {
	ID      string        `json:"id"`
	Opinion string        `json:"opinion"`
	Words   string        `json:"words"`
	Next    string        `json:"next"`
	To      office.UserID `json:"to"`
}

func (*approve) Kind() string      { return "bench.approve@1" }
func (x *approve) Locks() []string { return []string{"task:" + x.ID} }
func (x *approve) Run(tx office.Tx, c office.Context) error {
	t, err := tasks.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if t.Owner != c.Actor || t.State != "open" {
		return office.Errorf(office.CodeState, "%s", t.State)
	}
	if err := tx.Patch(tasks.Name, x.ID, office.Fields{"state": "done"}); err != nil {
		return err
	}
	if err := opinions.InsertUnder(tx, x.ID, x.Opinion, opinion{Author: c.Actor, Words: x.Words}); err != nil {
		return err
	}
	return tasks.Insert(tx, x.Next, task{Owner: x.To, By: t.By, State: "open", Title: t.Title})
}

// A notice is for everybody.
type notice struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

var notices = office.Of[notice]{Kind: &office.Kind{
	Name: "bench.notice", Lane: office.LaneTasks, Residence: office.ResidentAlways, Title: "title",
	Audience: func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil },
}}

// tell makes one.
type tell struct {
	ID string `json:"id"`
	N  notice `json:"n"`
}

func (*tell) Kind() string      { return "bench.tell@1" }
func (x *tell) Locks() []string { return nil }
func (x *tell) Run(tx office.Tx, c office.Context) error {
	return notices.Insert(tx, x.ID, x.N)
}

func newCatalog() *catalog.Catalog {
	c, err := catalog.With([]*office.Kind{papers.Kind, tasks.Kind, opinions.Kind, notices.Kind}, []office.Spec{
		{Kind: "bench.load@1", New: func() office.Command { return new(load) }, Class: office.Queued},
		{Kind: "bench.create@1", New: func() office.Command { return new(create) }, Class: office.Queued, Creates: true},
		{Kind: "bench.retitle@1", New: func() office.Command { return new(retitle) }, Class: office.Queued},
		{Kind: "bench.send@1", New: func() office.Command { return new(send) }, Class: office.Queued},
		{Kind: "bench.approve@1", New: func() office.Command { return new(approve) }, Class: office.Queued},
		{Kind: "bench.tell@1", New: func() office.Command { return new(tell) }, Class: office.Queued},
	})
	must(err)
	return c
}
