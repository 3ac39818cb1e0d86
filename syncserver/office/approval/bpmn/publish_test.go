package bpmn_test

import (
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/officetest"
)

// TestPublish: a file becomes a version and is kept as it was drawn; an unknown
// post is named, and so is another process than the one that was meant.
func TestPublish(t *testing.T) {
	heads := &office.Kind{Name: "doc.header", Residence: office.ResidentAlways, Audience: func(office.Record) ([]office.Channel, error) { return nil, nil }}
	ks, err := office.NewKinds(slices.Concat([]*office.Kind{heads}, directory.Kinds(), approval.Kinds())...)
	if err != nil {
		t.Fatal(err)
	}
	mem := officetest.NewMem(ks)
	d := approval.Fawen()
	d.Subjects = []string{"doc.header"}
	raw := bpmn.Encode(d)
	do := func(who office.UserID, x *bpmn.Publish) error {
		_, err := mem.Do(x, office.Context{Actor: who, Mid: "m"})
		return err
	}
	x := &bpmn.Publish{Key: "fawen", XML: raw}
	if err := do("nobody", x); office.CodeOf(err) != office.CodeNotPermitted {
		t.Error(err)
	}
	if err := do(office.System, x); office.CodeOf(err) != office.CodeInvalid || !strings.Contains(err.Error(), approval.PostReviser) {
		t.Errorf("an unknown post: %v", err)
	}
	if _, err := mem.Update(func(tx office.Tx) error {
		for _, p := range []string{approval.PostReviser, approval.PostChecker, approval.PostClerk} {
			if err := directory.Posts.Insert(tx, p, directory.Post{Name: p}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := do(office.System, &bpmn.Publish{Key: "other", XML: raw}); office.CodeOf(err) != office.CodeInvalid {
		t.Error(err)
	}
	if err := do(office.System, x); err != nil {
		t.Fatal(err)
	}
	if err := do(office.System, x); office.CodeOf(err) != office.CodeState {
		t.Errorf("published twice over the same version: %v", err)
	}
	r, ok := mem.Get(approval.Definitions.Name, "fawen.1")
	var got approval.Definition
	if !ok || r.Decode(&got) != nil || bpmn.Export(got) != raw || got.Version != 1 {
		t.Errorf("%+v", got)
	}
}
