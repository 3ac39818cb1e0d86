package carry

import (
	"encoding/json"
	"testing"

	"qianshao/app/internal/engine"
)

// What a person wrote and had not sent (暂存, W44) stays theirs when the paper is
// taken from them: their own words of it, and nothing of the paper's.
func TestOwn(t *testing.T) {
	const body = `{"found":true,"at":7,"rev":3,
		"now":{"id":"d1","title":"关于移交的通知","note":"我加的附注","contact":"程守安","blocks":[
			{"id":"b1","text":"机关原有的第一段"},{"id":"b2","text":"我改写的第二段"},{"id":"b9","text":" 我新写的一段 "},{"id":"b8","text":"机关原有的第三段"}]},
		"base":{"id":"d1","title":"关于移交的通知","contact":"程守安","blocks":[
			{"id":"b1","text":"机关原有的第一段"},{"id":"b2","text":"机关原有的第二段"},{"id":"b3","text":"机关原有的第三段"}]}}`
	kind, id, own := Own(engine.Draft{Key: "document/d1", Body: json.RawMessage(body), At: 7})
	var words string
	if own == nil || json.Unmarshal(own.Body, &words) != nil || kind != "doc.header" || id != "d1" || own.Key != "lost/d1" || own.At != 7 {
		t.Fatalf("%s %s %+v", kind, id, own)
	}
	if want := "我加的附注\n我改写的第二段\n我新写的一段"; words != want {
		t.Errorf("%q, want %q", words, want)
	}
	for name, d := range map[string]engine.Draft{
		"words of an act":      {Key: "words/t1", Body: json.RawMessage(`"同意"`)},
		"a paper not made yet": {Key: "document/out", Body: json.RawMessage(`{"now":{"id":"","title":"新的"}}`)},
		"of another form":      {Key: "document/d1", Body: json.RawMessage(`[1]`)},
	} {
		if kind, _, _ := Own(d); kind != "" {
			t.Errorf("%s is about %s", name, kind)
		}
	}
	if kind, _, own := Own(engine.Draft{Key: "document/d1", Body: json.RawMessage(`{"now":{"id":"d1","title":"x"},"base":{"id":"d1","title":"x"}}`)}); kind == "" || own != nil {
		t.Errorf("nothing was written: %+v", own)
	}
}
