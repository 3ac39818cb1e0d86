package demo

import (
	"testing"
	"time"

	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/document"
)

func TestWorkingDays(t *testing.T) {
	sunday := clock{time.Date(2026, 11, 22, 23, 0, 0, 0, calendar.Zone)}
	for _, x := range []struct {
		k    clock
		n    int
		want string
	}{
		{clock{noon}, 0, "11-23"}, {clock{noon}, -1, "11-20"}, {clock{noon}, -6, "11-13"}, {clock{noon}, 4, "11-27"}, {clock{noon}, 5, "11-30"},
		{sunday, 0, "11-22"}, {sunday, -1, "11-20"}, {sunday, 1, "11-23"},
		{clock{time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)}, 0, "01-01"}, // in China the year has begun
	} {
		if got := x.k.day(x.n, 9, 30).Format("01-02 15:04"); got != x.want+" 09:30" {
			t.Errorf("%d from %s: %s, want %s", x.n, x.k.now, got, x.want)
		}
	}
	if got := sunday.date(-1, 8, 0).Format("01-02"); got != "11-21" {
		t.Errorf("the day before Sunday: %s", got)
	}
}

func TestBody(t *testing.T) {
	got := clock{noon}.body("各单位：\n\n # 一、{+4}前\n## （一）细目\n{Y-1}，{y}年\n@ 附件：表\n~ 某局\n= {Y0}\n")
	want := []document.Block{
		{ID: "b01", Type: document.BlockText, Text: "各单位："},
		{ID: "b02", Type: document.BlockHeading, Level: 1, Text: "一、11月27日前"},
		{ID: "b03", Type: document.BlockHeading, Level: 2, Text: "（一）细目"},
		{ID: "b04", Type: document.BlockText, Text: "2026年11月20日，2026年"},
		{ID: "b05", Type: document.BlockAttachment, Text: "附件：表"},
		{ID: "b06", Type: document.BlockSignature, Text: "某局"},
		{ID: "b07", Type: document.BlockDate, Text: "2026年11月23日"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d blocks, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].ID != want[i].ID || got[i].Type != want[i].Type || got[i].Level != want[i].Level || got[i].Text != want[i].Text {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
