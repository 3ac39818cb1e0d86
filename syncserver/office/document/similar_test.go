package document_test

import (
	"testing"

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
		if got != back || got < 0 || got > 1 || (got >= 0.7) != x.like {
			t.Errorf("%s / %s: %.2f %.2f", x.a, x.b, got, back)
		}
	}
}
