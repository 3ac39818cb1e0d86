// Package catalog is the explicit list of every kind of record and every command
// that desk and server both know, and the strict way from a command's name and
// JSON arguments to the command.
package catalog

import (
	"encoding/json"
	"fmt"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/office/rules"
	"qianshao/syncserver/office/seal"
	"qianshao/syncserver/office/todo"
)

// SchemaVersion counts the changes of the record declarations that an older
// desk cannot follow; desks tell theirs in hello.
const SchemaVersion = 1

// MaxArguments is the most bytes one command's arguments may have; the same as
// protocol.MaxCommand.
const MaxArguments = 1 << 20

// Kinds are all kinds of record, room by room.
func Kinds() []*office.Kind {
	return slices.Concat(
		[]*office.Kind{office.Conflicts.Kind, office.Pins.Kind},
		directory.Kinds(),
		approval.Kinds(),
		document.Kinds(),
		layout.Kinds(),
		rules.Kinds(),
		seal.Kinds(),
		todo.Kinds(),
		calendar.Kinds(),
		contact.Kinds(),
	)
}

// Commands are all commands, room by room.
func Commands() []office.Spec {
	return slices.Concat(
		[]office.Spec{{Kind: "conflict.close@1", New: func() office.Command { return new(office.CloseConflict) }, Class: office.Queued},
			{Kind: "pin.set@1", New: func() office.Command { return new(office.SetPin) }, Class: office.Queued},
			{Kind: "pin.clear@1", New: func() office.Command { return new(office.ClearPin) }, Class: office.Queued},
		},
		directory.Specs(),
		approval.Specs(),
		bpmn.Specs(),
		document.Specs(),
		layout.Specs(),
		rules.Specs(),
		seal.Specs(),
		todo.Specs(),
		calendar.Specs(),
		contact.Specs(),
	)
}

// A Converter makes arguments of a former version of a command into those of
// the next one. Converters are kept at least 400 days (sync.md §4).
type Converter struct {
	To   string // the version the result is for
	Args func(json.RawMessage) (json.RawMessage, error)
}

// Converters are those of all former versions, by the former name. No released
// command has a former version yet.
func Converters() map[string]Converter { return map[string]Converter{} }

// Witness makes the command by which a desk tells a restored server what it
// knows of numbers; nil if it knows nothing. list reads what the desk holds.
func Witness(list func(office.Query) ([]office.Record, error)) (office.Command, error) {
	return document.Witness(list)
}

// Erased are the commands by which a desk confirms that what it was told to
// purge is gone from it.
func Erased(list func(office.Query) ([]office.Record, error), holds func(kind, id string) (bool, error), who office.UserID, machine string) ([]office.Command, error) {
	return approval.Erased(list, holds, who, machine)
}

// Catalog is the checked list. It is read-only and safe for concurrent use.
type Catalog struct {
	kinds  *office.Kinds
	specs  []office.Spec
	byName map[string]office.Spec
	former map[string]Converter
}

// New checks the lists. An error is a mistake of the program.
func New() (*Catalog, error) { return build(Kinds(), Commands(), Converters()) }

func build(kinds []*office.Kind, specs []office.Spec, former map[string]Converter) (*Catalog, error) {
	ks, err := office.NewKinds(kinds...)
	if err != nil {
		return nil, err
	}
	c := &Catalog{kinds: ks, specs: specs, byName: map[string]office.Spec{}, former: former}
	for _, s := range specs {
		if _, twice := c.byName[s.Kind]; twice {
			return nil, fmt.Errorf("command %q: listed twice", s.Kind)
		}
		if s.New == nil || s.New().Kind() != s.Kind {
			return nil, fmt.Errorf("command %q: calls itself otherwise", s.Kind)
		}
		if s.Class != office.Queued && s.Class != office.Intent && s.Class != office.Online {
			return nil, fmt.Errorf("command %q: class %q", s.Kind, s.Class)
		}
		if _, hasID := arguments(s)["id"]; s.Creates && !hasID {
			return nil, fmt.Errorf("command %q: makes a record without the argument id", s.Kind)
		}
		c.byName[s.Kind] = s
	}
	for name, conv := range former {
		if _, current := c.byName[name]; current {
			return nil, fmt.Errorf("command %q: former and current", name)
		}
		for range len(former) + 1 {
			next, again := former[conv.To]
			if !again {
				break
			}
			conv = next
		}
		if _, ends := c.byName[conv.To]; !ends {
			return nil, fmt.Errorf("command %q: its converters lead to no command", name)
		}
	}
	return c, nil
}

// Kinds are the kinds, checked.
func (c *Catalog) Kinds() *office.Kinds { return c.kinds }

// Commands are the commands in the order of the list.
func (c *Catalog) Commands() []office.Spec { return slices.Clone(c.specs) }

// Spec finds a command.
func (c *Catalog) Spec(kind string) (office.Spec, bool) {
	s, ok := c.byName[kind]
	return s, ok
}

// Creates reports whether a command makes a record whose id is its argument "id".
func (c *Catalog) Creates(kind string) bool { return c.byName[kind].Creates }

// Class says whether a command may be given off line; an unknown one may not.
func (c *Catalog) Class(kind string) office.Class {
	if s, ok := c.byName[kind]; ok {
		return s.Class
	}
	return office.Online
}
