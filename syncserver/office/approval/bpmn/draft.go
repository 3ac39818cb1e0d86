package bpmn

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// SaveDraft keeps a flow that is being drawn, right or wrong; nothing runs by it
// until it is published (W39). The 流程管理员 may, off line too.
type SaveDraft struct {
	Key  string `json:"key"`  // of the flow
	Base int    `json:"base"` // the newest version its author began from; 0 for a new flow
	Rev  int    `json:"rev"`  // of the draft as its author saw it; 0 for a new one
	Name string `json:"name"`
	XML  string `json:"xml"`
}

func (*SaveDraft) Kind() string      { return "approval.draft_save@1" }
func (x *SaveDraft) Locks() []string { return locks(x.Key) }

// DraftID is the id of the draft of a flow: there is one at a time.
func DraftID(key string) string { return key + ".draft" }

func locks(key string) []string {
	return (&approval.Publish{Definition: approval.Definition{Key: key}}).Locks()
}

// Run keeps it, with what stands in the way of publishing it. CodeStaleBody if
// somebody else has saved it meanwhile, CodeTooLarge for a file beyond MaxBytes.
func (x *SaveDraft) Run(tx office.Tx, c office.Context) error {
	if err := approval.MayDraft(tx, c, x.Key); err != nil {
		return err
	}
	if err := office.CheckLine("name", x.Name, 1, 100); err != nil {
		return err
	}
	if len(x.XML) > MaxBytes {
		return office.Errorf(office.CodeTooLarge, "%d bytes, at most %d", len(x.XML), MaxBytes)
	}
	d := approval.Definition{
		Key: x.Key, Name: x.Name, State: approval.DefinitionDraft, Source: x.XML, Base: x.Base, Rev: x.Rev + 1,
		Published: office.Millis(c.Now), By: string(c.Actor), Fault: fault(x.Key, x.XML),
	}
	old, at, err := approval.Definitions.Get(tx, DraftID(x.Key))
	if err != nil {
		return err
	}
	if at != office.Present && x.Rev == 0 { // what the 流程管理员 may change is on his desk: there it is a new one
		return approval.Definitions.Insert(tx, DraftID(x.Key), d)
	}
	if at == office.Elsewhere {
		return office.ErrElsewhere()
	}
	if old.Rev != x.Rev {
		return &office.Error{Code: office.CodeStaleBody, Field: "rev", Message: old.By}
	}
	set := office.Fields{"name": d.Name, "source": d.Source, "base": d.Base, "rev": d.Rev, "published": d.Published, "by": d.By, "fault": nil}
	if d.Fault != "" {
		set["fault"] = d.Fault
	}
	return approval.Definitions.Patch(tx, DraftID(x.Key), set)
}

// fault is the first thing that stands in the way, as far as the file tells.
func fault(key, xml string) string {
	d, err := Decode(xml)
	if err != nil {
		return office.AsError(err).Error()
	}
	if d.Key != key {
		return office.Invalid("key", "the process of the file is %q", d.Key).Error()
	}
	return ""
}

// PublishDraft makes the draft the next version and ends it.
type PublishDraft struct {
	Key string `json:"key"`
	Rev int    `json:"rev"` // as its author saw it
}

func (*PublishDraft) Kind() string      { return "approval.draft_publish@1" }
func (x *PublishDraft) Locks() []string { return locks(x.Key) }

// Run validates and stores the version. Refusals: those of Publish, and
// CodeStaleBody if somebody else has saved the draft meanwhile.
func (x *PublishDraft) Run(tx office.Tx, c office.Context) error {
	d, err := draftOf(tx, c, x.Key)
	if err != nil {
		return err
	}
	if d.Rev != x.Rev {
		return &office.Error{Code: office.CodeStaleBody, Field: "rev", Message: d.By}
	}
	if err := (&Publish{Base: d.Base, Key: x.Key, XML: d.Source}).Run(tx, c); err != nil {
		return err
	}
	return approval.Definitions.Delete(tx, DraftID(x.Key))
}

// DropDraft throws the draft away.
type DropDraft struct {
	Key string `json:"key"`
}

func (*DropDraft) Kind() string      { return "approval.draft_drop@1" }
func (x *DropDraft) Locks() []string { return locks(x.Key) }

// Run removes it. CodeNotFound if there is none.
func (x *DropDraft) Run(tx office.Tx, c office.Context) error {
	if _, err := draftOf(tx, c, x.Key); err != nil {
		return err
	}
	return approval.Definitions.Delete(tx, DraftID(x.Key))
}

func draftOf(tx office.Tx, c office.Context, key string) (approval.Definition, error) {
	if err := approval.MayDraft(tx, c, key); err != nil {
		return approval.Definition{}, err
	}
	return approval.Definitions.Need(tx, DraftID(key))
}

// Draft is what a draft would be published as; false if there is none or it
// cannot be read.
func Draft(tx office.Tx, key string) (approval.Definition, bool) {
	if !office.ValidID(DraftID(key)) {
		return approval.Definition{}, false
	}
	d, at, err := approval.Definitions.Get(tx, DraftID(key))
	if err != nil || at != office.Present {
		return approval.Definition{}, false
	}
	out, err := Decode(d.Source)
	return out, err == nil
}
