package bridge

import (
	"fmt"
	"slices"
	"testing"

	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// A draft is offered the flow that is made for it first, then those that take
// papers of its direction, then those that take any; never another direction's
// or one that runs only inside others.
func TestPageOffersFirstTheFlowMadeForIt(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	for _, d := range approval.Standard() {
		d.Version, d.State = 1, approval.DefinitionPublished
		h.desk.put(approval.Definitions.Name, approval.DefinitionID(d.Key, 1), "", d)
	}
	old := approval.Definition{
		Key: "fawen_han", Name: "旧", Version: 0, State: approval.DefinitionPublished, Subjects: []string{document.Headers.Name},
		Requires: []approval.Cond{{Field: "direction", Op: approval.OpIs, Value: document.Outgoing}},
	}
	h.desk.put(approval.Definitions.Name, approval.DefinitionID(old.Key, 0), "", old)
	for i, x := range []struct {
		h     document.Header
		first string
		never string
	}{
		{document.Header{Direction: document.Outgoing, Genre: "函"}, "fawen_han", "shouwen_banjian"},
		{document.Header{Direction: document.Outgoing, Genre: "纪要"}, "fawen_jiyao", "shouwen_banjian"},
		{document.Header{Direction: document.Outgoing, Genre: "请示"}, "fawen_shangxing", "qianbao_huiqian"},
		{document.Header{Direction: document.Incoming, Genre: "通知", Handling: document.HandlingRead}, "shouwen_yuejian", "fawen_xiaxing"},
		{document.Header{Direction: document.Incoming, Genre: "通知"}, "shouwen_banjian", "bumen_huiqian"},
		{document.Header{Direction: document.Incoming, Genre: "电报"}, "shouwen_dianbao", "bumen_huiqian"},
	} {
		x.h.Title, x.h.Drafter, x.h.FlowState = "一份公文", "lin-zhiyuan", document.Draft
		id := fmt.Sprintf("d%d", i)
		h.desk.put(document.Headers.Name, id, "", x.h)
		h.desk.put(document.Bodies.Name, id, id, document.Body{})
		p, err := r.Documents.Page(id)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, f := range p.Flows {
			keys = append(keys, f.ID)
			if f.Name == "旧" {
				t.Error("a former version is offered")
			}
		}
		last := slices.Index(keys, "ziyou")
		if len(keys) < 3 || keys[0] != x.first || slices.Contains(keys, x.never) || last < len(keys)-2 {
			t.Errorf("%s %s: %v", x.h.Direction, x.h.Genre, keys)
		}
	}
}
