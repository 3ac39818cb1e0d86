package calendar

import (
	"encoding/json"
	"maps"

	"qianshao/syncserver/office"
)

// joined is a change of the overrides brought onto those that are there now: what
// both sides say of different days holds. If both said different things of one
// day the change stays as it is and becomes a conflict that keeps both.
func joined(tx office.Tx, cur map[string]Override, ch office.Change) office.Change {
	var old, want map[string]Override
	if len(ch.Old) > 0 && json.Unmarshal(ch.Old, &old) != nil || len(ch.New) > 0 && json.Unmarshal(ch.New, &want) != nil {
		return ch
	}
	if maps.Equal(old, cur) {
		return ch
	}
	out, ok := mergeDays(old, want, cur)
	if !ok {
		return ch
	}
	if !maps.Equal(out, want) {
		tx.Note(office.NoteMerged)
	}
	return office.Change{Field: ch.Field, Old: encoded(cur), New: encoded(out)}
}

// mergeDays merges per day; the zero Override is a day without one.
func mergeDays(old, want, cur map[string]Override) (map[string]Override, bool) {
	out := maps.Clone(cur)
	if out == nil {
		out = map[string]Override{}
	}
	for _, m := range []map[string]Override{old, want} {
		for day := range m {
			o, w, n := old[day], want[day], cur[day]
			switch {
			case w == o || w == n:
			case n != o:
				return nil, false
			case w == (Override{}):
				delete(out, day)
			default:
				out[day] = w
			}
		}
	}
	return out, true
}

func encoded(m map[string]Override) json.RawMessage {
	if len(m) == 0 {
		return nil
	}
	raw, _ := json.Marshal(m) // strings and numbers always encode
	return raw
}
