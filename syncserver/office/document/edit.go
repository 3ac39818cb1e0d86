package document

import (
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
)

// Edit changes elements of a paper or the people of its flow, field by field,
// each with the value its author saw.
type Edit struct {
	ID      string          `json:"id"`
	Changes []office.Change `json:"changes"`
}

func (*Edit) Kind() string      { return "document.edit@1" }
func (x *Edit) Locks() []string { return lockPaper(x.ID) }

// editable are the fields that Edit may change, by direction.
var editable = map[string][]string{
	Outgoing: slices.Concat(common, formFields, []string{"to", "cc", "publicity", "publicity_reason", "issuer", "leader", "signer", "cosigners", "cosign_units", "leaders", "editors"}),
	Internal: append(slices.Clone(common), "to", "cc", "issuer", "leader", "signer", "cosigners", "cosign_units", "leaders", "editors"),
	Incoming: append(slices.Clone(common), "from", "from_number", "received", "handling", "limit", "leaders", "undertakers", "leader"),
}

var common = []string{"genre", "title", "level", "urgency", "copies", "note", "contact", "series"}

// Run merges the changes. Refusals as DraftPaper.Run, and CodeNotPermitted or
// CodeState for whoever may not change the paper now. A field that somebody
// else changed meanwhile is kept twice, in a conflict.
func (x *Edit) Run(tx office.Tx, c office.Context) error {
	h, err := x.before(tx, c)
	if err != nil {
		return err
	}
	if err := x.check(h); err != nil {
		return err
	}
	for _, ch := range x.Changes {
		if ch.Field != "series" {
			continue
		}
		var id string
		if len(ch.New) > 0 && json.Unmarshal(ch.New, &id) != nil {
			return office.Invalid("series", "not an id")
		}
		if h.NumberWish != nil && id != h.NumberWish.Series {
			return office.Errorf(office.CodeState, "a number is put down for the paper")
		}
		if h.NumberSeries != "" && id != h.NumberSeries {
			return office.Errorf(office.CodeState, "the paper has its number")
		}
		if err := checkSeries(tx, id, h.Direction); err != nil {
			return err
		}
	}
	wrote, err := Headers.MergeFields(tx, c, x.ID, x.Changes, editable[h.Direction]...)
	if err != nil || !wrote {
		return err
	}
	return settle(tx, c, x.ID, h)
}

func (x *Edit) before(tx office.Tx, c office.Context) (Header, error) {
	if err := office.CheckID("id", x.ID); err != nil {
		return Header{}, err
	}
	h, err := Headers.Need(tx, x.ID)
	if err != nil {
		return h, err
	}
	return h, mayEdit(h, c.Actor)
}

// check tries the wanted values on the paper: whatever happens to them in the
// merge, none that could not stand may be stored anywhere.
func (x *Edit) check(h Header) error {
	if len(x.Changes) == 0 || len(x.Changes) > maxChanges {
		return office.Invalid("changes", "1 to %d changes", maxChanges)
	}
	set := office.Fields{}
	for _, ch := range x.Changes {
		if !slices.Contains(editable[h.Direction], ch.Field) {
			return office.Invalid(ch.Field, "this field cannot be edited")
		}
		if _, twice := set[ch.Field]; twice {
			return office.Invalid(ch.Field, "changed twice")
		}
		set[ch.Field] = nil
		if len(ch.New) > 0 {
			set[ch.Field] = ch.New
		}
	}
	body, err := office.Canonical(h)
	if err != nil {
		return err
	}
	if body, err = office.Patched(body, set); err != nil {
		return office.Invalid("changes", "not JSON")
	}
	var want Header
	if err := json.Unmarshal(body, &want); err != nil {
		return office.Invalid(badField(err, x.Changes), "a value of another type is needed")
	}
	return want.check()
}

func badField(err error, changes []office.Change) string {
	if t, ok := err.(*json.UnmarshalTypeError); ok && t.Field != "" {
		return t.Field
	}
	return changes[0].Field
}

// settle brings hash, revision and versions in step with a content that was
// just written; old is the header before.
func settle(tx office.Tx, c office.Context, id string, old Header) error {
	h, err := Headers.Need(tx, id)
	if err != nil {
		return err
	}
	body, err := Bodies.Need(tx, id)
	if err != nil {
		return err
	}
	if err := h.check(); err != nil { // sets merged from two sides may be too long
		return err
	}
	_, with, err := files(tx, id)
	if err != nil {
		return err
	}
	set := office.Fields{"updated": office.Millis(c.Now)}
	hash := ContentHash(h.Elements(), body.Blocks, with...)
	if hash != old.ContentHash {
		h.Rev, h.ContentHash = old.Rev+1, hash
		set["rev"], set["content_hash"] = h.Rev, hash
		if err := keep(tx, c, id, h, body.Blocks, with); err != nil {
			return err
		}
	}
	return Headers.Patch(tx, id, set)
}

// Discard deletes a paper that its author never started.
type Discard struct {
	ID string `json:"id"`
}

func (*Discard) Kind() string      { return "document.discard@1" }
func (x *Discard) Locks() []string { return lockPaper(x.ID) }

// Run deletes header, body, attachments and versions. CodeNotPermitted for anybody but the
// author, CodeState for a paper that was started or has a number.
func (x *Discard) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	h, err := Headers.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if h.Drafter != c.Actor {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if h.FlowState != Draft || h.Flow != "" || h.NumberState != NumberNone {
		return office.Errorf(office.CodeState, "the paper is %q", h.FlowState)
	}
	return Headers.Delete(tx, x.ID)
}
