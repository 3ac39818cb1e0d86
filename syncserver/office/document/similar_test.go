package document_test

import (
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

func TestSimilarity(t *testing.T) {
	for _, x := range []struct {
		a, b string
		like bool
	}{
		{"关于报送防汛物资台账的函", "关于报送防汛物资台账的函", true},
		{"关于报送防汛物资台账的函", "关于报送防汛物资台账的通知", true},
		{"关于报送防汛物资台账的函", "关于报送《防汛物资台账》的函", true},
		{"关于报送2026年防汛物资台账的函", "关于报送防汛物资台账的函", true},
		{"关于报送防汛物资台账的函", "关于报送防汛值守安排的函", false},
		{"关于召开安全生产会议的通知", "关于召开信访工作会议的通知", false},
		{"关于东屏区公交线路调整的请示", "关于松渚区农贸市场改造的请示", false},
		{"函", "函", false}, {"", "", false},
	} {
		got, back := document.Similarity(x.a, x.b), document.Similarity(x.b, x.a)
		if got != back || got < 0 || got > 1 || (got >= document.SimilarEnough) != x.like {
			t.Errorf("%s / %s: %.2f %.2f", x.a, x.b, got, back)
		}
	}
}

// A paper that comes twice is found by sender and number first, then by its
// title; last year's paper of the same title is another.
func TestAlikeIncoming(t *testing.T) {
	b := newBench(t)
	day := int64(24 * 3600_000)
	now := office.Millis(b.now)
	for i, x := range []struct {
		title, from, number string
		received            int64
	}{
		{"关于报送防汛物资台账的函", "省水利厅", "岚水函〔2026〕8号", now - 3*day},
		{"关于报送防汛物资台账的通知", "省应急厅", "岚应急〔2026〕9号", now - 2*day},
		{"关于报送防汛物资台账的函", "省水利厅", "岚水函〔2025〕7号", now - 300*day},
		{"关于召开信访工作会议的通知", "省信访局", "岚信〔2026〕3号", now - day},
	} {
		r := register()
		r.ID, r.Title, r.From, r.FromNumber, r.Received = string(rune('p'+i)), x.title, x.from, x.number, x.received
		b.ok("ding", r)
	}
	b.update(func(tx office.Tx) error {
		got, err := document.AlikeIncoming(tx, b.now, "省水利厅", "岚水函〔2026〕8号", "关于报送防汛物资台账的函")
		if err != nil || len(got) != 2 || got[0].ID != "p" || got[0].Score != 1 || got[1].ID != "q" || got[1].Score >= 1 {
			t.Errorf("%+v %v", got, err)
		}
		got, err = document.AlikeIncoming(tx, b.now, "市教育局", "清教〔2026〕1号", "关于校园午餐供应的报告")
		if err != nil || len(got) != 0 {
			t.Errorf("%+v %v", got, err)
		}
		return nil
	})
}
