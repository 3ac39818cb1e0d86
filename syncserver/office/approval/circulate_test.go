package approval_test

import (
	"fmt"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
)

func (b *bench) copies() map[office.UserID]approval.Copy {
	out := map[office.UserID]approval.Copy{}
	for _, r := range b.mem.All(approval.Copies.Name) {
		var c approval.Copy
		b.must(r.Decode(&c))
		out[c.To] = c
	}
	return out
}

// TestCirculate: W25. Copies do not hold the paper up, survive a return, work
// after the end, and nothing a reader does touches the instance.
func TestCirculate(t *testing.T) {
	b := fawen(t)
	send := func(id string, to ...office.UserID) *approval.Circulate {
		return &approval.Circulate{ID: id, SubjectKind: papers.Name, Subject: paperID, To: to, Must: true, Words: "请阅"}
	}
	b.ok("li", send("c1", "chen", "shen", "li"))
	b.ok("wang", send("c2", "chen", "han")) // chen has an unread copy
	cs := b.copies()
	if len(b.mem.All(approval.Copies.Name)) != 3 || cs["chen"].Circulation != "c1" || cs["han"].From != "wang" || cs["shen"].State != approval.CopyUnread || !cs["shen"].Must {
		t.Fatalf("%+v", cs)
	}
	b.pass("wang")
	b.ok("chu", b.back("chu", "nigao"))
	if cs = b.copies(); cs["chen"].State != approval.CopyUnread {
		t.Error("a return killed a copy")
	}
	b.pass("li", "wang", "chu", "xu", "lin", "shao", "ma")
	before, _ := b.mem.Get(approval.Instances.Name, instanceID)
	opinions := len(b.opinions())
	id := approval.CopyID("c1", "chen")
	b.ok("chen", &approval.Read{ID: id})
	b.ok("chen", &approval.Read{ID: id, Words: "很好"})
	b.ok("chen", &approval.Read{ID: id, Words: "请抓紧"})
	c := b.copies()["chen"]
	if c.State != approval.CopyRead || len(c.Remarks) != 2 || c.Remarks[1].Words != "请抓紧" || c.Read == 0 || c.ReadClaimed == 0 {
		t.Errorf("%+v", c)
	}
	after, _ := b.mem.Get(approval.Instances.Name, instanceID)
	if string(before.Body) != string(after.Body) || len(b.opinions()) != opinions {
		t.Error("reading touched the instance")
	}
	read := b.dump()
	b.ok("chen", &approval.Read{ID: id})
	if b.dump() != read {
		t.Error("reading again changed something")
	}
	b.ok("xu", send("c3", "chen")) // after the end, to one who has read his copy
	if n := len(b.mem.All(approval.Copies.Name)); n != 4 {
		t.Errorf("%d copies", n)
	}
	r, _ := b.mem.Get(approval.Copies.Name, id)
	chans, err := approval.Copies.Audience(r)
	b.must(err)
	if len(chans) != 2 {
		t.Errorf("a copy reaches %v", chans)
	}
	b.refused("li", send("c4"), office.CodeInvalid)
	b.refused("li", send("c4", "shen", "shen"), office.CodeInvalid)
	b.refused("li", send("c4", "nobody"), office.CodeInvalid)
	b.refused("li", &approval.Circulate{ID: "c4", SubjectKind: "no.kind", Subject: paperID, To: []office.UserID{"shen"}}, office.CodeInvalid)
	b.refused("shen", &approval.Read{ID: "c9"}, office.CodeNotFound)
}

// TestCirculateToMany: 200 in one transaction, the rest by the system, nobody
// twice, everybody a reader of the paper.
func TestCirculateToMany(t *testing.T) {
	b := fawen(t)
	var all []office.UserID
	b.must(b.update(func(tx office.Tx) error {
		for i := range 450 {
			who := office.UserID(fmt.Sprintf("r%03d", i))
			all = append(all, who)
			if err := directory.People.Insert(tx, string(who), directory.Official{Name: string(who), State: directory.Active}); err != nil {
				return err
			}
		}
		return nil
	}))
	b.jobs = nil
	b.ok("li", &approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: paperID, To: all})
	for batches := 1; len(b.jobs) > 0; batches++ {
		at := b.jobs[0].Args.(approval.At)
		if n := len(b.copies()); n != 200*batches || batches > 2 {
			t.Fatalf("%d copies after %d batches", n, batches)
		}
		b.jobs = nil
		b.ok(office.System, at.Args)
	}
	if n := len(b.copies()); n != 450 {
		t.Errorf("%d copies", n)
	}
	if n := len(b.paper().Readers); n < 450 {
		t.Errorf("%d readers", n)
	}
}
