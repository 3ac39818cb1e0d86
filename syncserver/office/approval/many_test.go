package approval_test

import (
	"fmt"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// many is more than one page of a list.
const many = office.MaxLimit + 100

// say adds opinions of a step to the sheet, as a long paper collects them.
func (b *bench) say(step string) {
	b.t.Helper()
	b.must(b.update(func(tx office.Tx) error {
		for i := range many {
			if err := approval.Opinions.InsertUnder(tx, instanceID, fmt.Sprintf("said-%d", i), approval.Opinion{
				Step: step, StepName: "会办", Round: 1, Actor: "xu", Act: approval.ActApprove, Words: fmt.Sprint(i), Effective: int64(1 + i/7),
			}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestManyOpinions: a sheet of more than a page moves as a whole, to a newer
// version of its flow (W39) and to another flow (W24).
func TestManyOpinions(t *testing.T) {
	count := func(b *bench, is func(approval.Opinion) bool) (n int) {
		for _, o := range b.opinions() {
			if is(o) {
				n++
			}
		}
		return n
	}
	b := run(t, small(solo()))
	b.say("one")
	d := small(solo())
	d.Steps[1].ID, d.Steps[0].Lines = "uno", goes("uno")
	d.Subjects = []string{papers.Name}
	b.ok("admin", &approval.Publish{Base: 1, Definition: d})
	b.ok("admin", &approval.Migrate{Instance: instanceID, Subject: paperID, Version: 2, Map: map[string]string{"one": "uno"}, Words: "流程调整"})
	if n := count(b, func(o approval.Opinion) bool { return o.Step == "uno" }); n != many {
		t.Errorf("%d of %d opinions moved to the new version", n, many)
	}

	d = small(solo())
	d.Steps[1].Switch = true
	other := chain(approval.Step{ID: "x", Name: "另", Handlers: persons("shen")})
	other.Key, other.Name = "other", "另一"
	b = run(t, d, other)
	b.say("one")
	b.ok("admin", &approval.Switch{ID: "i2", Instance: instanceID, Subject: paperID, Flow: "other", Step: "x", Words: "改走另一流程"})
	if n := count(b, func(o approval.Opinion) bool { return o.From == instanceID }); n != many {
		t.Errorf("%d of %d opinions came along to the other flow", n, many)
	}
}

// TestManyCopies: more unread copies than a page are urged and taken back, all
// of them (W27, W22).
func TestManyCopies(t *testing.T) {
	b := run(t, small(solo()))
	b.must(b.update(func(tx office.Tx) error {
		for i := range many {
			if err := approval.Copies.Insert(tx, fmt.Sprintf("k%d", i), approval.Copy{
				Circulation: "c1", SubjectKind: papers.Name, Subject: paperID, From: "li", To: office.UserID(fmt.Sprintf("r%d", i)), State: approval.CopyUnread, Sent: int64(1 + i/7),
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	b.ok("li", &approval.Urge{Subject: paperID, Copies: true})
	b.ok("li", &approval.RecallCopies{Circulation: "c1", SubjectKind: papers.Name, Subject: paperID, Words: "印发范围有误"})
	for _, r := range b.mem.All(approval.Copies.Name) {
		var k approval.Copy
		b.must(r.Decode(&k))
		if k.Urged == 0 || k.State != approval.CopyRecalled {
			t.Fatalf("%s was passed over: %+v", r.ID, k)
		}
	}
}
