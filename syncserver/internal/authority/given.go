package authority

import (
	"encoding/json"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// gifts is the detail of a result that tells what only the server gives.
type gifts struct {
	Given []gift `json:"given"`
}

type gift struct {
	Kind string          `json:"k"`
	ID   string          `json:"i"`
	Body json.RawMessage `json:"b"`
}

// maxGifts bounds what a result tells and what is believed of one.
const maxGifts = 20

// given tells what a command got that only the server gives: nil if nothing.
func (a *Authority) given(t *tx, p plan) (json.RawMessage, error) {
	var g gifts
	for _, k := range p.changed {
		r := t.cache[k]
		if kind := a.Kinds.Get(k.kind); kind.Given && r.has && !r.had && len(g.Given) < maxGifts {
			g.Given = append(g.Given, gift{Kind: k.kind, ID: k.id, Body: r.now.Body})
		}
	}
	if len(g.Given) == 0 {
		return nil, nil
	}
	return json.Marshal(g)
}

// formerly is what a command says it once got. What is not well formed counts
// as nothing: it is a desk's word, and the command itself is good.
func (a *Authority) formerly(f *protocol.Former) []office.Record {
	if f == nil || len(f.Detail) == 0 || a.defences.off(NoFormer) {
		return nil
	}
	var g gifts
	if json.Unmarshal(f.Detail, &g) != nil {
		return nil
	}
	var out []office.Record
	for _, x := range g.Given[:min(len(g.Given), maxGifts)] {
		if k := a.Kinds.Get(x.Kind); k != nil && k.Given {
			out = append(out, office.Record{Kind: x.Kind, ID: x.ID, Root: x.ID, Body: x.Body})
		}
	}
	return out
}
