package office

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxTime is the last moment a record may name: 2100-01-01 UTC, in Millis.
const MaxTime = 4102444800000

// CheckText refuses a text that is not UTF-8, has control characters other than
// tab and line end, or has more than max characters. Empty is allowed.
func CheckText(field, s string, max int) error {
	if !utf8.ValidString(s) {
		return Invalid(field, "not UTF-8")
	}
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
			return Invalid(field, "control character U+%04X", r)
		}
	}
	if n := utf8.RuneCountInString(s); n > max {
		return Invalid(field, "%d characters, at most %d", n, max)
	}
	return nil
}

// CheckLine is CheckText for a text of one line; min is the fewest characters
// that are not spaces at its ends.
func CheckLine(field, s string, min, max int) error {
	if err := CheckText(field, s, max); err != nil {
		return err
	}
	if strings.ContainsAny(s, "\n\r\t") {
		return Invalid(field, "one line is needed")
	}
	if utf8.RuneCountInString(strings.TrimSpace(s)) < min {
		return Invalid(field, "at least %d characters", min)
	}
	return nil
}

// CheckID refuses what cannot be the id of a record.
func CheckID(field, id string) error {
	if !ValidID(id) {
		return Invalid(field, "not an id")
	}
	return nil
}

// CheckIDs refuses a list with a bad or repeated id, or more than max of them.
func CheckIDs(field string, ids []string, max int) error {
	if len(ids) > max {
		return Invalid(field, "%d entries, at most %d", len(ids), max)
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if err := CheckID(field, id); err != nil {
			return err
		}
		if seen[id] {
			return Invalid(field, "%s is given twice", id)
		}
		seen[id] = true
	}
	return nil
}

// CheckTime refuses a moment before 1970 or after MaxTime; 0 means "no time".
func CheckTime(field string, ms int64) error {
	if ms < 0 || ms > MaxTime {
		return Invalid(field, "a time between 1970 and 2100 is needed")
	}
	return nil
}

// Plain is the change with an empty text, list or object, zero, false and null
// as "missing", on both sides. Rooms whose bodies leave such values out
// (omitempty) compare changes in this form, so that clearing a field and never
// having set it are the same.
func (ch Change) Plain() Change {
	return Change{Field: ch.Field, Old: plain(ch.Old), New: plain(ch.New)}
}

func plain(raw json.RawMessage) json.RawMessage {
	switch string(compact(raw)) {
	case `""`, "0", "false", "[]", "{}":
		return nil
	}
	return compact(raw)
}

// DecodeChanges reads the new values of changes into a body, whose fields not
// named stay. It refuses no changes at all, a field that is not allowed or
// given twice, a value of another type and a required field that is cleared.
// Rooms check the body so filled, whether or not the values will be taken: what
// goes into a conflict record is checked too.
func DecodeChanges(changes []Change, into any, allowed, required []string) error {
	if len(changes) == 0 {
		return Invalid("changes", "none")
	}
	seen := map[string]bool{}
	for _, ch := range changes {
		if !slices.Contains(allowed, ch.Field) {
			return Invalid(ch.Field, "this field cannot be edited")
		}
		if seen[ch.Field] {
			return Invalid("changes", "%s is given twice", ch.Field)
		}
		seen[ch.Field] = true
		if plain(ch.New) == nil && slices.Contains(required, ch.Field) {
			return Invalid(ch.Field, "cannot be cleared")
		}
		if len(ch.New) == 0 {
			continue
		}
		raw, err := marshal(map[string]json.RawMessage{ch.Field: ch.New})
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			return Invalid(ch.Field, "a value of another type")
		}
	}
	return nil
}
