package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
)

type fieldJSON struct {
	Name string           `json:"name"`
	Type office.FieldType `json:"type"`
}

type viewJSON struct {
	Name    string   `json:"name"`
	By      []string `json:"by,omitempty"`
	Filters []string `json:"filters,omitempty"`
	Orders  []string `json:"orders"`
}

type kindJSON struct {
	Name      string           `json:"name"`
	Parent    string           `json:"parent,omitempty"`
	Lane      office.Lane      `json:"lane"`
	Residence office.Residence `json:"residence"`
	Title     string           `json:"title,omitempty"`
	Fields    []fieldJSON      `json:"fields"`
	Views     []viewJSON       `json:"views"`
}

// kinds prints the declarations of all kinds of records.
func kinds(_ context.Context, c *call) error {
	cat, err := catalog.New()
	if err != nil {
		return err
	}
	var out []kindJSON
	for _, k := range cat.Kinds().All() {
		x := kindJSON{Name: k.Name, Parent: k.Parent, Lane: k.Lane, Residence: k.Residence, Title: k.Title, Fields: []fieldJSON{}, Views: []viewJSON{}}
		for _, f := range k.Fields {
			x.Fields = append(x.Fields, fieldJSON(f))
		}
		for _, v := range k.Views {
			x.Views = append(x.Views, viewJSON(v))
		}
		out = append(out, x)
	}
	if c.json {
		return writeJSON(c.out, out)
	}
	for i, k := range cat.Kinds().All() {
		head := k.Name
		if k.Parent != "" {
			head += " ⊂ " + k.Parent
		}
		var fields []string
		for _, f := range out[i].Fields {
			fields = append(fields, f.Name+":"+string(f.Type))
		}
		fmt.Fprintf(c.out, "%s\n  字段 %s\n  视图 %s\n", head, strings.Join(fields, " "), describeViews(k))
	}
	return nil
}

type commandJSON struct {
	Command string          `json:"command"`
	Class   office.Class    `json:"class"` // Q may wait off line, I may be asked off line, N needs the server now
	Creates bool            `json:"creates,omitempty"`
	Acts    []actJSON       `json:"acts,omitempty"` // what it stands for in approval
	Args    json.RawMessage `json:"args"`           // JSON schema
}

// actJSON is one row of the approval's table of actions.
type actJSON struct {
	ID     string   `json:"id"` // "W7"
	Name   string   `json:"name"`
	Act    string   `json:"act,omitempty"`    // what a task's list of acts calls it
	Where  string   `json:"where"`            // what it is about: task, instance, copy …
	Who    []string `json:"who"`              // who may, as far as roles go
	States []string `json:"states,omitempty"` // of the task or the instance in which it may be given
}

// actsOf are the rows of one command.
func actsOf(kind string) []actJSON {
	var out []actJSON
	for _, a := range approval.Actions() {
		if a.Command == kind {
			out = append(out, actJSON{ID: a.ID, Name: a.Name, Act: a.Act, Where: a.Where, Who: a.Who, States: a.States})
		}
	}
	return out
}

// commands prints all commands with the JSON schemas of their arguments.
func commands(_ context.Context, c *call) error {
	cat, err := catalog.New()
	if err != nil {
		return err
	}
	var out []commandJSON
	for _, s := range cat.Commands() {
		schema, err := cat.Schema(s.Kind)
		if err != nil {
			return err
		}
		out = append(out, commandJSON{Command: s.Kind, Class: s.Class, Creates: s.Creates, Acts: actsOf(s.Kind), Args: schema})
	}
	if c.json {
		return writeJSON(c.out, out)
	}
	for _, x := range out {
		var acts []string
		for _, a := range x.Acts {
			acts = append(acts, a.ID+a.Name)
		}
		fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\n", x.Command, x.Class, strings.Join(acts, " "), x.Args)
	}
	return nil
}
