package approval

import (
	"encoding/json"
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// States of a subject, in its field flow_state.
const (
	FlowNone     = "" // never started: a draft
	FlowRunning  = "running"
	FlowReturned = "returned" // back in the starter's hands
	FlowDone     = "done"
)

// A Subject is the part of a record's body by which it takes part in approval.
// This package reads these fields of any kind and patches those that begin with
// flow, and readers; it knows nothing else of the record.
type Subject struct {
	Title        string          `json:"title"`
	Urgency      string          `json:"urgency"`
	Drafter      office.UserID   `json:"drafter"` // who may start a flow with it
	Unit         string          `json:"unit"`
	ContentHash  string          `json:"content_hash"` // what an act is held against; "": nothing
	Rev          int64           `json:"rev"`
	Readers      []office.UserID `json:"readers"`
	Flow         string          `json:"flow"` // id of the instance
	FlowState    string          `json:"flow_state"`
	FlowStep     string          `json:"flow_step"`    // name of the present step
	FlowStepID   string          `json:"flow_step_id"` // its id in the definition
	FlowHolders  []office.UserID `json:"flow_holders"` // who is asked now
	FlowEditors  []office.UserID `json:"flow_editors"` // who may change the text now
	FlowDue      int64           `json:"flow_due"`
	Corrected    []Correction    `json:"corrected"` // texts that 复核 found to be corrections of one another (L9)
	fields       map[string]json.RawMessage
	kind, record string
}

// A Correction says that the text To is the text From with nothing but wording
// or format corrected: what was signed as From is signed as To.
type Correction struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Carries reports whether the present text is the one of a hash, but for
// corrections that 复核 has classified as such (L9).
func (s Subject) Carries(hash string) bool {
	for range len(s.Corrected) + 1 {
		if hash == s.ContentHash {
			return true
		}
		i := slices.IndexFunc(s.Corrected, func(c Correction) bool { return c.From == hash })
		if i < 0 {
			return false
		}
		hash = s.Corrected[i].To
	}
	return false
}

// subjectOf reads a subject. The kind comes from the wire: the Tx refuses
// names that are not declared, and Start those that no definition lists.
func subjectOf(tx office.Tx, kind, id string) (Subject, error) {
	r, p, err := tx.Get(kind, id)
	switch {
	case err != nil:
		return Subject{}, err
	case p == office.Elsewhere:
		return Subject{}, office.ErrElsewhere()
	case p == office.Absent:
		return Subject{}, &office.Error{Code: office.CodeNotFound, Field: "subject", Message: id}
	}
	s := Subject{kind: kind, record: id}
	if err := r.Decode(&s); err != nil {
		return Subject{}, err
	}
	s.fields, err = r.Fields()
	return s, err
}

// text is a field of the subject that is a text, "" if it is none.
func (s Subject) text(field string) string {
	var out string
	if json.Unmarshal(s.fields[field], &out) != nil {
		return ""
	}
	return out
}

// holds evaluates a condition.
func (s Subject) holds(c *Cond) bool {
	if c == nil {
		return true
	}
	raw := s.fields[c.Field]
	switch c.Op {
	case OpSet:
		return isSet(raw)
	case OpUnset:
		return !isSet(raw)
	case OpIs:
		return plain(raw) == c.Value
	case OpNot:
		return plain(raw) != c.Value
	case OpHas:
		return slices.Contains(s.list(c.Field), c.Value)
	case OpIn:
		return slices.Contains(strings.Split(c.Value, "|"), plain(raw))
	}
	return false // Publish lets no other comparison through
}

// list is a field as a list of texts: a text is a list of one.
func (s Subject) list(field string) []string {
	raw := s.fields[field]
	var many []string
	if json.Unmarshal(raw, &many) == nil {
		return many
	}
	if one := plain(raw); one != "" {
		return []string{one}
	}
	return nil
}

func isSet(raw json.RawMessage) bool {
	switch strings.TrimSpace(string(raw)) {
	case "", "null", `""`, "[]", "{}", "0", "false":
		return false
	}
	return true
}

// plain is a text's characters, or the JSON of anything else; a missing value is "".
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// union adds people to a list, each once, in order.
func union(list []office.UserID, more ...office.UserID) []office.UserID {
	out := slices.Clone(list)
	for _, u := range more {
		if u != "" && u != office.System && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}
