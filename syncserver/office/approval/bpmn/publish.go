package bpmn

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// Publish makes the next version of a flow from a file (W39). The file is kept
// as it was drawn.
type Publish struct {
	Base int    `json:"base"` // the newest version its author saw; 0 for a new flow
	Key  string `json:"key"`  // of the flow: that of the file's process
	XML  string `json:"xml"`
}

func (*Publish) Kind() string { return "approval.publish_bpmn@1" }
func (x *Publish) Locks() []string {
	return (&approval.Publish{Definition: approval.Definition{Key: x.Key}}).Locks()
}

// Run reads, validates and stores the version. Refusals: those of
// approval.Publish, and CodeInvalid naming the element that is not understood.
func (x *Publish) Run(tx office.Tx, c office.Context) error {
	d, err := Decode(x.XML)
	if err != nil {
		return err
	}
	if d.Key != x.Key {
		return office.Invalid("key", "the process of the file is %q", d.Key)
	}
	d.Source = x.XML
	return (&approval.Publish{Base: x.Base, Definition: d}).Run(tx, c)
}

// Specs are the commands of this room.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "approval.publish_bpmn@1", New: func() office.Command { return new(Publish) }, Class: office.Online},
		{Kind: "approval.draft_save@1", New: func() office.Command { return new(SaveDraft) }, Class: office.Queued},
		{Kind: "approval.draft_publish@1", New: func() office.Command { return new(PublishDraft) }, Class: office.Online},
		{Kind: "approval.draft_drop@1", New: func() office.Command { return new(DropDraft) }, Class: office.Online},
	}
}
