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

func newCatalog() *catalog.Catalog {
	c, err := catalog.With([]*office.Kind{papers.Kind}, []office.Spec{
		{Kind: "bench.load@1", New: func() office.Command { return new(load) }, Class: office.Queued},
		{Kind: "bench.create@1", New: func() office.Command { return new(create) }, Class: office.Queued, Creates: true},
		{Kind: "bench.retitle@1", New: func() office.Command { return new(retitle) }, Class: office.Queued},
	})
	must(err)
	return c
}
