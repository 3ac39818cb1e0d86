package office

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Change is the edit of one field: what the person saw and what they want.
// Commands that edit carry changes, so that the server can tell an edit of an
// unchanged field from one that somebody else changed meanwhile.
type Change struct {
	Field string          `json:"field"`
	Old   json.RawMessage `json:"old,omitempty"` // missing: the field was not set
	New   json.RawMessage `json:"new,omitempty"` // missing: clear the field
}

// Conflict is kept when two people changed one field: the record has Theirs,
// this record keeps Mine until its author has decided. There is one for each
// (record, field, actor); later edits of its author update Mine.
type Conflict struct {
	Kind   string          `json:"kind"`
	ID     string          `json:"id_of"`
	Field  string          `json:"field"`
	Actor  UserID          `json:"actor"`
	Title  string          `json:"title"` // the record's title when the conflict arose
	Base   json.RawMessage `json:"base,omitempty"`
	Mine   json.RawMessage `json:"mine,omitempty"`
	Theirs json.RawMessage `json:"theirs,omitempty"`
	At     int64           `json:"at"`
	State  string          `json:"state"` // ConflictOpen, ConflictClosed
}

// States of a conflict.
const (
	ConflictOpen   = "open"
	ConflictClosed = "closed"
)

// Conflicts are the open questions of one person about their own edits.
var Conflicts = Of[Conflict]{&Kind{
	Name: "office.conflict", Lane: LaneTasks, Residence: ResidentAlways,
	Fields: []Field{{"actor", Text}, {"state", Text}, {"at", Time}, {"kind", Text}, {"id_of", Text}},
	Views: []View{
		{Name: "mine", By: []string{"actor"}, Filters: []string{"state", "kind", "id_of"}, Orders: []string{"at"}},
	},
	Title: "title",
	Audience: func(r Record) ([]Channel, error) {
		var c Conflict
		err := r.Decode(&c)
		return To(c.Actor), err
	},
}}

// ConflictID is the id of the one conflict of (record, field, actor).
func ConflictID(kind, id, field string, actor UserID) string {
	return DeriveID("conflict", kind, id, field, string(actor))
}

// MergeFields applies a person's changes to a record, field by field: a field
// that is still as they saw it is set; one that somebody changed meanwhile is
// merged as the kind declares. Fields not listed in allowed are CodeInvalid.
// It reports whether the record was written. The caller has checked that the
// actor may edit the record.
func (o Of[T]) MergeFields(tx Tx, c Context, id string, changes []Change, allowed ...string) (bool, error) {
	r, p, err := tx.Get(o.Name, id)
	if err != nil {
		return false, err
	}
	if p == Elsewhere {
		return false, ErrElsewhere()
	}
	if p == Absent {
		return false, &Error{Code: CodeNotFound, Field: o.Name, Message: id}
	}
	now, err := r.Fields()
	if err != nil {
		return false, err
	}
	set := Fields{}
	for _, ch := range changes {
		if !slices.Contains(allowed, ch.Field) {
			return false, Invalid(ch.Field, "this field cannot be edited")
		}
		old, want, cur := compact(ch.Old), compact(ch.New), compact(now[ch.Field])
		switch {
		case bytes.Equal(cur, want):
			continue
		case bytes.Equal(cur, old) || o.Kind.Merge[ch.Field] == MergeLast:
			set[ch.Field] = value(want)
			if err := closeOwn(tx, c, o.Name, id, ch.Field); err != nil {
				return false, err
			}
		case o.Kind.Merge[ch.Field] == MergeSet:
			merged, err := mergeSets(old, want, cur)
			if err != nil {
				return false, Invalid(ch.Field, "a list of strings is needed")
			}
			set[ch.Field] = merged
			tx.Note(NoteMerged)
		default:
			if err := KeepConflict(tx, c, o.Name, id, ch.Field, titleOf(o.Kind, now), old, want, cur); err != nil {
				return false, err
			}
		}
	}
	if len(set) == 0 {
		return false, nil
	}
	return true, tx.Patch(o.Name, id, set)
}

// KeepConflict keeps both values of a field: the record stays as it is, mine
// goes into the conflict of (record, field, actor), which is made, reopened or
// updated.
func KeepConflict(tx Tx, c Context, kind, id, field, title string, base, mine, theirs json.RawMessage) error {
	tx.Note(NoteConflict)
	cid := ConflictID(kind, id, field, c.Actor)
	_, p, err := tx.Get(Conflicts.Name, cid)
	if err != nil {
		return err
	}
	if p == Present {
		return tx.Patch(Conflicts.Name, cid, Fields{
			"mine": value(mine), "theirs": value(theirs), "at": Millis(c.Now), "state": ConflictOpen, "title": title,
		})
	}
	return Conflicts.Insert(tx, cid, Conflict{
		Kind: kind, ID: id, Field: field, Actor: c.Actor, Title: title,
		Base: base, Mine: mine, Theirs: theirs, At: Millis(c.Now), State: ConflictOpen,
	})
}

// closeOwn ends the actor's own conflict on a field they have now set knowing
// the present value.
func closeOwn(tx Tx, c Context, kind, id, field string) error {
	cid := ConflictID(kind, id, field, c.Actor)
	cf, p, err := Conflicts.Get(tx, cid)
	if err != nil || p != Present || cf.State != ConflictOpen {
		return err
	}
	return Conflicts.Patch(tx, cid, Fields{"state": ConflictClosed})
}

func titleOf(k *Kind, now map[string]json.RawMessage) string {
	var s string
	if k.Title != "" {
		_ = json.Unmarshal(now[k.Title], &s) // a title of another type is no title
	}
	return s
}

// value is an encoded field as a Fields value: nil removes.
func value(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}

// compact brings an encoded value into its canonical form; null is "missing".
func compact(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return raw
	}
	out, err := marshal(v)
	if err != nil {
		return raw
	}
	return out
}

func mergeSets(old, want, cur json.RawMessage) ([]string, error) {
	var o, w, n []string
	for _, p := range []struct {
		raw json.RawMessage
		out *[]string
	}{{old, &o}, {want, &w}, {cur, &n}} {
		if len(p.raw) > 0 {
			if err := json.Unmarshal(p.raw, p.out); err != nil {
				return nil, err
			}
		}
	}
	out := []string{}
	for _, s := range n {
		if removed := slices.Contains(o, s) && !slices.Contains(w, s); !removed && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, s := range w {
		if !slices.Contains(o, s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// CloseConflict is the command by which its author ends a conflict, after
// having taken either side (taking Mine is an edit of its own).
type CloseConflict struct {
	ID string `json:"id"`
}

func (*CloseConflict) Kind() string      { return "conflict.close@1" }
func (x *CloseConflict) Locks() []string { return []string{"conflict:" + x.ID} }

// Run closes the conflict; closing it twice is no change.
func (x *CloseConflict) Run(tx Tx, c Context) error {
	cf, err := Conflicts.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if cf.Actor != c.Actor {
		return &Error{Code: CodeNotPermitted}
	}
	if cf.State == ConflictClosed {
		return nil
	}
	return Conflicts.Patch(tx, x.ID, Fields{"state": ConflictClosed})
}
