package calendar

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

// clashed is the meeting that 林 moved to the 10th while 何, its editor, moved it
// to the 11th and into another room; 何's side is kept.
func clashed(t *testing.T) (m *officetest.Mem, conflicts []string) {
	t.Helper()
	m = newMem(t)
	do(t, m, "lin", meeting())
	do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{
		ch("start", ms(9, 9, 0), ms(10, 9, 0)), ch("end", ms(9, 11, 0), ms(10, 11, 0)), ch("place", "三楼会议室", "四楼会议室"),
	}})
	note := do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{
		ch("start", ms(9, 9, 0), ms(11, 10, 30)), ch("end", ms(9, 11, 0), ms(9, 11, 0)+2*dayMillis), ch("place", "三楼会议室", nil),
	}})
	if note != office.NoteConflict {
		t.Fatalf("%q", note)
	}
	for _, f := range []string{"start", "end", "place"} {
		conflicts = append(conflicts, office.ConflictID(Events.Name, "m", f, "he"))
	}
	return m, conflicts
}

func TestKeepBoth(t *testing.T) {
	m, conflicts := clashed(t)
	do(t, m, "he", &KeepBoth{ID: "second", Of: "m", Conflicts: conflicts})
	first, second := get(t, m, "m"), get(t, m, "second")
	if first.Start != ms(10, 9, 0) || first.Place != "四楼会议室" || first.Owner != "lin" {
		t.Errorf("the first is not as it was: %+v", first)
	}
	if second.Owner != "he" || second.Title != first.Title || second.Start != ms(11, 10, 30) || second.End != ms(11, 11, 0) || second.Place != "" || *second.Reminder != 15 {
		t.Errorf("%+v", second)
	}
	if !slices.Equal(second.Attendees, []string{"zhou", "lin"}) || !slices.Equal(second.Editors, []string{"lin"}) {
		t.Errorf("people: %v %v", second.Attendees, second.Editors)
	}
	for _, id := range conflicts {
		r, _ := m.Get(office.Conflicts.Name, id)
		var cf office.Conflict
		if err := r.Decode(&cf); err != nil || cf.State != office.ConflictClosed {
			t.Errorf("%+v %v", cf, err)
		}
	}
	if _, err := run(m, "he", &KeepBoth{ID: "third", Of: "m", Conflicts: conflicts}); office.CodeOf(err) != office.CodeState {
		t.Errorf("kept twice: %v", err)
	}
}

func TestKeepBothRefused(t *testing.T) {
	for _, x := range []struct {
		name string
		who  office.UserID
		cmd  func(ids []string) *KeepBoth
		code office.Code
	}{
		{"the owner, with somebody else's conflict", "lin", func(ids []string) *KeepBoth { return &KeepBoth{ID: "s", Of: "m", Conflicts: ids} }, office.CodeNotPermitted},
		{"an attendee", "zhou", func(ids []string) *KeepBoth { return &KeepBoth{ID: "s", Of: "m", Conflicts: ids} }, office.CodeNotPermitted},
		{"a stranger", "ding", func(ids []string) *KeepBoth { return &KeepBoth{ID: "s", Of: "m", Conflicts: ids} }, office.CodeNotFound},
		{"none", "he", func([]string) *KeepBoth { return &KeepBoth{ID: "s", Of: "m"} }, office.CodeInvalid},
		{"twice the same", "he", func(ids []string) *KeepBoth { return &KeepBoth{ID: "s", Of: "m", Conflicts: []string{ids[0], ids[0]}} }, office.CodeInvalid},
		{"no such conflict", "he", func([]string) *KeepBoth { return &KeepBoth{ID: "s", Of: "m", Conflicts: []string{"nothing"}} }, office.CodeNotFound},
		{"the id is taken", "he", func(ids []string) *KeepBoth { return &KeepBoth{ID: "m", Of: "m", Conflicts: ids} }, office.CodeExists},
		{"no such event", "he", func(ids []string) *KeepBoth { return &KeepBoth{ID: "s", Of: "gone", Conflicts: ids} }, office.CodeNotFound},
		{"one end alone, before the other", "he", func(ids []string) *KeepBoth { return &KeepBoth{ID: "s", Of: "m", Conflicts: ids[:1]} }, office.CodeInvalid},
	} {
		t.Run(x.name, func(t *testing.T) {
			m, conflicts := clashed(t)
			if _, err := run(m, x.who, x.cmd(conflicts)); office.CodeOf(err) != x.code {
				t.Fatalf("%v, want %s", err, x.code)
			}
			if _, made := m.Get(Events.Name, "s"); made {
				t.Error("something was stored")
			}
		})
	}
}
