package seal

import (
	"cmp"
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// A Break is the first link of a trace that does not hold.
type Break struct {
	Instance string
	Event    string // id of the event, "" if it is missing
	N        int    // its place in the trace
	What     string // BreakMissing …
}

// What may be wrong with a link.
const (
	BreakMissing   = "missing"   // no event has this number
	BreakTwice     = "twice"     // two have it
	BreakUnsealed  = "unsealed"  // it has no hash
	BreakOrder     = "order"     // it does not follow the one before
	BreakChanged   = "changed"   // it is not what was hashed
	BreakKey       = "key"       // signed by a key nobody published
	BreakSignature = "signature" // not signed by that key
	BreakWords     = "words"     // the words are not those it was made for
	BreakEnd       = "end"       // the trace is shorter or longer than its instance says
)

// String is the break for people, without anything of the contents.
func (b Break) String() string {
	return fmt.Sprintf("instance %s, event %d: %s", b.Instance, b.N, b.What)
}

// Verify holds a trace together and gives the first break, nil if there is none.
// events and opinions are the records under the instance, in any order; opinions
// that are not here, because the reader may not see them, are passed over. An
// error says that a record cannot be read.
func Verify(instance office.Record, events, opinions []office.Record, keys map[string]Key) (*Break, error) {
	var head struct {
		Events int    `json:"events"`
		Head   string `json:"trace_head"`
	}
	if err := decode(instance, &head); err != nil {
		return nil, err
	}
	words := map[string]opinion{}
	for _, r := range opinions {
		var o opinion
		if err := decode(r, &o); err != nil {
			return nil, err
		}
		words[r.ID] = o
	}
	type link struct {
		office.Record
		event
	}
	links := make([]link, len(events))
	for i, r := range events {
		links[i].Record = r
		if err := decode(r, &links[i].event); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.ID, b.ID)) })
	prev := ""
	for i, l := range links {
		at := func(what string) *Break { return &Break{instance.ID, l.ID, l.N, what} }
		switch {
		case l.N > i+1:
			return &Break{instance.ID, "", i + 1, BreakMissing}, nil
		case l.N < i+1:
			return at(BreakTwice), nil
		case l.Hash == "":
			return at(BreakUnsealed), nil
		case l.Prev != prev:
			return at(BreakOrder), nil
		}
		hash, err := Hash(l.Record)
		if err != nil {
			return nil, err
		}
		if hash != l.Hash {
			return at(BreakChanged), nil
		}
		key, ok := keys[l.Key]
		if !ok {
			return at(BreakKey), nil
		}
		if KeyID(key.Public) != l.Key || !Signed(key.Public, l.Hash, l.Sig) {
			return at(BreakSignature), nil
		}
		if o, here := words[l.Opinion]; here && l.Opinion != "" && !o.said(l.event.Sum) {
			return at(BreakWords), nil
		}
		prev = l.Hash
	}
	if len(links) != head.Events || prev != head.Head {
		return &Break{instance.ID, "", len(links) + 1, BreakEnd}, nil
	}
	return nil, nil
}

// said reports whether a sum is of one of the wordings.
func (o opinion) said(sum string) bool {
	for i, w := range o.wordings() {
		if i < len(o.Salts) && Words(o.Salts[i], w) == sum {
			return true
		}
	}
	return false
}

// CheckKeys holds the published keys against each other: each is what its id
// says, the first vouches for itself, each later one is vouched for by the one
// before. It gives the id of the first that is not, "" if all are.
func CheckKeys(keys map[string]Key) string {
	ids := make([]string, 0, len(keys))
	for id := range keys {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(keys[a].Created, keys[b].Created), cmp.Compare(a, b)) })
	for i, id := range ids {
		k := keys[id]
		before, ok := keys[k.By]
		switch {
		case KeyID(k.Public) != id:
			return id
		case i == 0 && k.By == "":
		case !ok || !Signed(before.Public, id, k.Sig):
			return id
		}
	}
	return ""
}
