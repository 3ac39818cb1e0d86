package office

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Lane is the order in which a new desk is filled; it is part of a channel's
// key, each lane with its own counter.
type Lane int

const (
	LaneTasks   Lane = 0 // to-dos and approvals
	LaneHeaders Lane = 1
	LaneBodies  Lane = 2
	LaneRest    Lane = 3
)

// Residence says which authorised records of a kind live on desks.
type Residence string

const (
	ResidentAlways Residence = "always"
	ResidentWindow Residence = "window" // open work and the last months
	ResidentPinned Residence = "pinned"
	ResidentNever  Residence = "never" // read on line only
)

// Day in Millis.
const Day = 24 * 60 * 60 * 1000

// Terms for which finished work stays on desks.
const (
	StayLong  = 396 * Day // papers that are done, and what belongs to them: a year and a month
	StayShort = 60 * Day  // former versions of a text
)

// Channel is a named stream of records that people subscribe to: "u:<uid>",
// "unit:<id>", "post:<id>", "role:<id>" or "org".
type Channel string

// Org is the channel of everybody.
const Org Channel = "org"

// To makes the channels of people.
func To(people ...UserID) []Channel {
	out := make([]Channel, 0, len(people))
	for _, p := range people {
		if p != "" {
			out = append(out, Channel("u:"+string(p)))
		}
	}
	return out
}

// ToUnit, ToPost and ToRole make the channels of a unit, a post, a role.
func ToUnit(id string) Channel { return Channel("unit:" + id) }
func ToPost(id string) Channel { return Channel("post:" + id) }
func ToRole(id string) Channel { return Channel("role:" + id) }

// FieldType is the type of a declared field's column.
type FieldType string

const (
	Text FieldType = "text"
	Int  FieldType = "int"  // integers and booleans (1, 0)
	Time FieldType = "time" // milliseconds since 1970, see Millis
	Real FieldType = "real"
	// Set is a list of texts, such as people: lists may ask for those that hold
	// one of some values (Has), and never order by it.
	Set FieldType = "set"
)

// Field is a body field that lists may filter and order by. A missing field
// counts as "", 0.
type Field struct {
	Name string
	Type FieldType
}

// View is one way to list a kind. Filters and Orders name declared fields;
// "id" is always the last order. Each order gets an index (By…, order, id).
type View struct {
	Name    string
	By      []string // equality conditions that every query of the view gives; may be empty
	Filters []string // further conditions a query may give
	Orders  []string // the first is the default; a query may ask any, either way
}

// Merge says what happens when a field that a command sets was meanwhile
// changed by someone else (see [MergeFields]).
type Merge string

const (
	MergeConflict Merge = ""     // keep both values, in a conflict record
	MergeLast     Merge = "last" // the last writer wins: flags, positions
	MergeSet      Merge = "set"  // lists of strings: additions and removals of both sides hold
)

// Kind declares a kind of record, in one place beside its Go struct. The same
// declaration makes the tables, indexes and views of the replica and of the
// server's store.
type Kind struct {
	Name      string // "room.noun", such as "approval.task"
	Parent    string // name of the root kind; "" for a root
	Lane      Lane
	Residence Residence
	Fields    []Field
	Views     []View
	// Search names the body fields, strings or lists of strings, whose text
	// search finds; Title the one shown for a hit.
	Search []string
	Title  string
	// SearchText adds words that are not plain fields; may be nil.
	SearchText func(Record) string
	// Audience of a root: a pure function of its own fields to the channels
	// that see it and its children.
	Audience func(Record) ([]Channel, error)
	// Narrow of a child, optional: the channels that may see it; only those
	// that the root has too count. It never widens; nil narrows nothing.
	Narrow func(Record) ([]Channel, error)
	Merge  map[string]Merge
	// Window of a kind with ResidentWindow: until when a record lives on desks,
	// in Millis; 0 = as long as it stays as it is. A pure function of the
	// record's own fields. A child leaves with its root at the latest.
	Window func(Record) (int64, error)
	// Blobs names the body fields that refer to files; see BlobsOf.
	Blobs []string
	// Given says that only the server makes records of the kind, as numbers are
	// given: a command's result names those it got, and sent again to a server
	// that has forgotten them it asks for the same (Context.Given).
	Given bool
}

// IsRoot reports whether records of the kind are roots.
func (k *Kind) IsRoot() bool { return k.Parent == "" }

// RootKind is the name of the kind of the root.
func (k *Kind) RootKind() string {
	if k.Parent == "" {
		return k.Name
	}
	return k.Parent
}

// View finds a declared view.
func (k *Kind) View(name string) (View, bool) {
	for _, v := range k.Views {
		if v.Name == name {
			return v, true
		}
	}
	return View{}, false
}

// Field finds a declared field.
func (k *Kind) Field(name string) (Field, bool) {
	for _, f := range k.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

var (
	kindName  = regexp.MustCompile(`^[a-z][a-z0-9]*\.[a-z][a-z0-9_]*$`)
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`)
	reserved  = []string{"id", "root", "ver", "body", "sum"}
)

// Kinds is an explicit list of kinds, checked once by NewKinds.
type Kinds struct {
	list   []*Kind
	byName map[string]*Kind
}

// NewKinds checks the declarations and makes the list both ends use.
func NewKinds(list ...*Kind) (*Kinds, error) {
	ks := &Kinds{list: list, byName: map[string]*Kind{}}
	for _, k := range list {
		if !kindName.MatchString(k.Name) {
			return nil, fmt.Errorf("kind %q: bad name", k.Name)
		}
		if ks.byName[k.Name] != nil {
			return nil, fmt.Errorf("kind %q: declared twice", k.Name)
		}
		ks.byName[k.Name] = k
	}
	for _, k := range list {
		if err := ks.check(k); err != nil {
			return nil, fmt.Errorf("kind %q: %w", k.Name, err)
		}
	}
	return ks, nil
}

func (ks *Kinds) check(k *Kind) error {
	if k.IsRoot() {
		if k.Audience == nil || k.Narrow != nil {
			return fmt.Errorf("a root has an audience and no narrowing")
		}
	} else {
		p := ks.byName[k.Parent]
		if p == nil || !p.IsRoot() {
			return fmt.Errorf("parent %q is not a root kind", k.Parent)
		}
		if k.Audience != nil {
			return fmt.Errorf("only a root has an audience")
		}
	}
	if k.Lane < 0 || k.Lane > 3 {
		return fmt.Errorf("lane %d", k.Lane)
	}
	switch k.Residence {
	case ResidentAlways, ResidentWindow, ResidentPinned, ResidentNever:
	default:
		return fmt.Errorf("residence %q", k.Residence)
	}
	if (k.Residence == ResidentWindow) != (k.Window != nil) {
		return fmt.Errorf("a window and residence %q", k.Residence)
	}
	for _, f := range k.Blobs {
		if !fieldName.MatchString(f) {
			return fmt.Errorf("field of files %q: bad name", f)
		}
	}
	seen := map[string]bool{}
	for _, f := range k.Fields {
		if !fieldName.MatchString(f.Name) || slices.Contains(reserved, f.Name) || seen[f.Name] {
			return fmt.Errorf("field %q: bad or repeated name", f.Name)
		}
		seen[f.Name] = true
		switch f.Type {
		case Text, Int, Time, Real, Set:
		default:
			return fmt.Errorf("field %q: type %q", f.Name, f.Type)
		}
	}
	for _, v := range k.Views {
		for _, f := range slices.Concat(v.By, v.Filters, v.Orders) {
			if !seen[f] && f != "root" {
				return fmt.Errorf("view %q: field %q is not declared", v.Name, f)
			}
		}
		for _, f := range slices.Concat(v.By, v.Orders) {
			if x, ok := k.Field(f); ok && x.Type == Set {
				return fmt.Errorf("view %q: field %q is a set, which is only filtered by", v.Name, f)
			}
		}
		if !fieldName.MatchString(v.Name) || len(v.Orders) == 0 {
			return fmt.Errorf("view %q: bad name or no order", v.Name)
		}
	}
	return nil
}

// Get finds a kind by its name; nil if it is not in the list.
func (ks *Kinds) Get(name string) *Kind { return ks.byName[name] }

// All are the kinds in the order of the list.
func (ks *Kinds) All() []*Kind { return ks.list }

// Children are the kinds whose parent is root.
func (ks *Kinds) Children(root string) []*Kind {
	var out []*Kind
	for _, k := range ks.list {
		if k.Parent == root {
			out = append(out, k)
		}
	}
	return out
}

// Channels is who sees a record: a root's audience, sorted and without
// repetition; for a child, the root's audience narrowed.
func (ks *Kinds) Channels(r Record, root Record) ([]Channel, error) {
	k := ks.Get(r.Kind)
	if k == nil {
		return nil, fmt.Errorf("unknown kind %q", r.Kind)
	}
	rk := ks.Get(k.RootKind())
	if root.ID == "" || root.Kind != rk.Name {
		return nil, fmt.Errorf("%s %s: no root", r.Kind, r.ID)
	}
	chans, err := rk.Audience(root)
	if err != nil {
		return nil, err
	}
	chans = normal(chans)
	if k.Narrow != nil {
		only, err := k.Narrow(r)
		if err != nil {
			return nil, err
		}
		if only != nil {
			chans = slices.DeleteFunc(chans, func(c Channel) bool { return !slices.Contains(only, c) })
		}
	}
	return chans, nil
}

func normal(cs []Channel) []Channel {
	out := slices.Clone(cs)
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(c Channel) bool { return c == "" || strings.HasSuffix(string(c), ":") })
}
