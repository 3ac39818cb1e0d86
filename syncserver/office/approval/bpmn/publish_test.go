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

// newOffice is an office with kinds and nobody.
func newOffice(t *testing.T) *officetest.Mem {
	t.Helper()
	heads := &office.Kind{Name: "doc.header", Residence: office.ResidentAlways, Audience: func(office.Record) ([]office.Channel, error) { return nil, nil }}
	ks, err := office.NewKinds(slices.Concat([]*office.Kind{heads}, directory.Kinds(), approval.Kinds())...)
	if err != nil {
		t.Fatal(err)
	}
	return officetest.NewMem(ks)
}

// TestPublish: a file becomes a version and is kept as it was drawn; an unknown
// post is named, and so is another process than the one that was meant.
func TestPublish(t *testing.T) {
	mem := newOffice(t)
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

// TestDrafts: a flow is kept while it is drawn, right or wrong, for the 流程管理员
// alone; two who draw do not overwrite each other; what is right is published and
// the draft is gone.
func TestDrafts(t *testing.T) {
	mem := newOffice(t)
	if _, err := mem.Update(func(tx office.Tx) error {
		for _, u := range []string{"yao", "fang"} {
			if err := directory.People.Insert(tx, u, directory.Official{Name: u, Roles: []string{approval.RoleFlowAdmin}, State: directory.Active}); err != nil {
				return err
			}
		}
		return directory.Roles.Insert(tx, approval.RoleFlowAdmin, directory.Role{Name: "流程管理员", Holders: []office.UserID{"yao", "fang"}})
	}); err != nil {
		t.Fatal(err)
	}
	do := func(who office.UserID, x office.Command, want office.Code) {
		t.Helper()
		if _, err := mem.Do(x, office.Context{Actor: who, Mid: "m"}); office.CodeOf(err) != want {
			t.Fatalf("%s of %s: %v, want %q", x.Kind(), who, err, want)
		}
	}
	draft := func() (d approval.Definition) {
		t.Helper()
		r, ok := mem.Get(approval.Definitions.Name, bpmn.DraftID("liuzhuan"))
		if !ok || r.Decode(&d) != nil {
			t.Fatal("no draft")
		}
		chans, err := mem.Kinds.Channels(r, r)
		if err != nil || !slices.Equal(chans, []office.Channel{office.ToRole(approval.RoleFlowAdmin)}) {
			t.Errorf("read by %v, %v", chans, err)
		}
		return d
	}
	x := &bpmn.SaveDraft{Key: "liuzhuan", Name: "流转", XML: "<definitions>"}
	do("li", x, office.CodeNotPermitted)
	do("yao", &bpmn.SaveDraft{Key: "Liu Zhuan", Name: "流转"}, office.CodeInvalid)
	do("yao", x, "")
	if d := draft(); d.Fault == "" || d.Rev != 1 || d.State != approval.DefinitionDraft || d.Source != x.XML {
		t.Errorf("%+v", d)
	}
	do("yao", &bpmn.PublishDraft{Key: "liuzhuan", Rev: 1}, office.CodeInvalid)
	do("fang", x, office.CodeStaleBody) // began anew over yao's
	flow := approval.FreeFlow()
	flow.Key = "liuzhuan"
	x.Rev, x.XML = 1, bpmn.Encode(approval.FreeFlow())
	do("fang", x, "")
	if d := draft(); !strings.Contains(d.Fault, "ziyou") {
		t.Errorf("another process: %q", d.Fault)
	}
	do("yao", x, office.CodeStaleBody)
	x.Rev, x.XML = 2, bpmn.Encode(flow)
	do("yao", x, "")
	if d := draft(); d.Fault != "" || d.Rev != 3 {
		t.Errorf("%+v", d)
	}
	do("fang", &bpmn.PublishDraft{Key: "liuzhuan", Rev: 2}, office.CodeStaleBody)
	do("li", &bpmn.PublishDraft{Key: "liuzhuan", Rev: 3}, office.CodeNotPermitted)
	do("fang", &bpmn.PublishDraft{Key: "liuzhuan", Rev: 3}, "")
	if _, ok := mem.Get(approval.Definitions.Name, bpmn.DraftID("liuzhuan")); ok {
		t.Error("the draft is still there")
	}
	if r, ok := mem.Get(approval.Definitions.Name, "liuzhuan.1"); !ok || !strings.Contains(string(r.Body), "流转") {
		t.Error("it was not published")
	}
	do("yao", &bpmn.DropDraft{Key: "liuzhuan"}, office.CodeNotFound)
	x.Rev, x.Base = 0, 1
	do("yao", x, "")
	do("li", &bpmn.DropDraft{Key: "liuzhuan"}, office.CodeNotPermitted)
	do("yao", &bpmn.DropDraft{Key: "liuzhuan"}, "")
}
