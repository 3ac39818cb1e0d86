package bridge

import (
	"errors"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// A bag holds what the plan names, says what is missing, and takes its pins off
// when it is unpacked.
func TestTravel(t *testing.T) {
	r, h := filePaper(t)
	h.desk.uid = "lin"
	day := office.Millis(start.Truncate(24 * time.Hour))
	h.desk.put(document.Headers.Name, "d2", "d2", document.Header{Direction: document.Outgoing, Genre: "函", Title: "供热补贴", Drafter: "chu"})
	h.desk.put(document.Attachments.Name, "f1", "d1", document.Attachment{Name: "图.png", Size: 7, SHA256: strings.Repeat("ab", 32)})
	h.desk.put(todo.Items.Name, "t1", "t1", todo.Item{Owner: "lin", Title: "带印章", Due: day + 1000})
	if b, err := r.Travel.Bag(); err != nil || b.Packed {
		t.Fatal(b, err)
	}
	for _, p := range []TravelPlan{{}, {From: day, To: day - 1}, {From: day, To: day + 200*86_400_000}} {
		if _, err := r.Travel.Pack(p); !errors.Is(err, &office.Error{Code: office.CodeInvalid}) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	b, err := r.Travel.Pack(TravelPlan{From: day, To: day, Subjects: []string{"汛前", " "}, People: []string{"chu"}})
	if err != nil {
		t.Fatal(err)
	}
	if b.Work != 1 || b.Read != 1 || b.Missing != 1 || b.Away != 1 || b.AwaySize != 7 || b.Due != 1 || b.Ready {
		t.Errorf("%+v", b)
	}
	if x := b.Rows[0]; x.Document != "d2" || x.State != PackMissing || x.Why != "text" {
		t.Errorf("%+v", x)
	}
	if len(h.desk.wanted) != 1 || len(h.desk.given) != 2 {
		t.Errorf("%v %v", h.desk.wanted, h.desk.given)
	}
	// The same plan again pins nothing twice; without its person, his paper is let go.
	if b, err = r.Travel.Pack(TravelPlan{From: day, To: day, Subjects: []string{"汛前"}}); err != nil || len(b.Rows) != 2 {
		t.Fatal(b, err)
	}
	if c, ok := h.desk.given[2].(*office.ClearPin); !ok || c.Record != "d2" || len(h.desk.given) != 3 {
		t.Errorf("%v", h.desk.given)
	}
	if err := r.Travel.Unpack(); err != nil {
		t.Fatal(err)
	}
	if b, err = r.Travel.Bag(); err != nil || b.Packed || len(h.desk.given) != 4 {
		t.Error(b, err, h.desk.given)
	}
}
