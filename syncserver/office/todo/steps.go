package todo

import (
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
)

// joined is a change of the steps brought onto the steps that are there now:
// steps added, removed, ticked or reworded on both sides join by their ids. If
// one step was reworded differently on both sides, or reworded here and removed
// there, the change stays as it is and becomes a conflict that keeps both.
func joined(tx office.Tx, cur []Step, ch office.Change) office.Change {
	var old, want []Step
	if len(ch.Old) > 0 && json.Unmarshal(ch.Old, &old) != nil || len(ch.New) > 0 && json.Unmarshal(ch.New, &want) != nil {
		return ch
	}
	if slices.Equal(old, cur) {
		return ch
	}
	out, ok := mergeSteps(old, want, cur)
	if !ok {
		return ch
	}
	var was, now json.RawMessage
	if len(cur) > 0 {
		was, _ = json.Marshal(cur) // plain strings and booleans always encode
	}
	if len(out) > 0 {
		now, _ = json.Marshal(out)
	}
	if !slices.Equal(out, want) {
		tx.Note(office.NoteMerged)
	}
	return office.Change{Field: ch.Field, Old: was, New: now}
}

func mergeSteps(old, want, cur []Step) ([]Step, bool) {
	find := func(l []Step, id string) (Step, bool) {
		i := slices.IndexFunc(l, func(s Step) bool { return s.ID == id })
		if i < 0 {
			return Step{}, false
		}
		return l[i], true
	}
	var out []Step
	for _, s := range cur {
		o, had := find(old, s.ID)
		w, wanted := find(want, s.ID)
		switch {
		case !wanted && had && s.Text != o.Text: // removed here, reworded there
			return nil, false
		case !wanted && had: // removed here
			continue
		case !wanted: // added there
			out = append(out, s)
			continue
		}
		if w.Text != o.Text {
			if had && s.Text != o.Text && s.Text != w.Text || !had && s.Text != w.Text {
				return nil, false
			}
			s.Text = w.Text
		}
		if w.Done != o.Done {
			s.Done = w.Done
		}
		out = append(out, s)
	}
	for i, w := range want {
		if _, here := find(cur, w.ID); here {
			continue
		}
		if o, had := find(old, w.ID); had {
			if w.Text != o.Text { // reworded here, removed there
				return nil, false
			}
			continue // removed there
		}
		// Added here: behind the step it followed.
		at := len(out)
		for j := i - 1; j >= 0; j-- {
			if k := slices.IndexFunc(out, func(s Step) bool { return s.ID == want[j].ID }); k >= 0 {
				at = k + 1
				break
			}
		}
		out = slices.Insert(out, at, w)
	}
	return out, true
}
