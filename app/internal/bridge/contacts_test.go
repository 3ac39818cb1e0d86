package bridge

import (
	"encoding/base64"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
)

func TestCardFile(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	person(h.desk, "lin-zhiyuan", directory.Official{Name: "林知远"})
	made, err := r.Contacts.Create(CardInput{Name: "单小雨", Org: "省厅", Phones: []string{"138-0000-0001"}})
	if err != nil {
		t.Fatal(err)
	}
	// A leader's card that this person keeps is not theirs to compare with.
	h.desk.put(contact.Cards.Name, "shared", "shared", contact.Card{Owner: "xu-nanqiao", Name: "丙", Pinyin: "bing", Editors: []string{"lin-zhiyuan"}})
	vcf := "BEGIN:VCARD\nVERSION:3.0\nFN:单处\nTITLE:处长\nTEL:+86 13800000001\nTEL:0000-7001\nEND:VCARD\n" +
		"BEGIN:VCARD\nVERSION:3.0\nFN:丙\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:丙\nEND:VCARD\nBEGIN:VCARD\nTEL:1\nEND:VCARD\n"
	f, err := r.Contacts.ReadFile(base64.StdEncoding.EncodeToString([]byte(vcf)))
	if err != nil || len(f.Cards) != 3 || f.Broken != 1 {
		t.Fatalf("%+v %v", f, err)
	}
	if s := f.Cards[0].Same; len(s) != 1 || s[0].ID != made.ID || s[0].Why != contact.SamePhone || s[0].Card.Name != "单小雨" {
		t.Errorf("%+v", s)
	}
	if len(f.Cards[1].Same) != 0 || f.Cards[1].Twin != 0 || f.Cards[2].Twin != 2 {
		t.Errorf("%+v", f.Cards[1:])
	}
	if len(h.desk.given) != 1 {
		t.Error("reading stored something")
	}
	n, err := r.Contacts.Import([]CardChoice{{Card: f.Cards[0].Card, Act: "join", Into: made.ID}, {Card: f.Cards[1].Card, Act: "new"}, {Act: "eat"}})
	if n != 2 || office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("%d %v", n, err)
	}
	l, err := r.Contacts.List("")
	if err != nil || len(l) != 3 {
		t.Fatalf("%+v %v", l, err)
	}
	for _, c := range l {
		if c.ID == made.ID && (c.Name != "单小雨" || c.Title != "处长" || strings.Join(c.Phones, " ") != "138-0000-0001 0000-7001") {
			t.Errorf("%+v", c)
		}
	}
	_, err = r.Contacts.Import(make([]CardChoice, maxImport+1))
	refused(t, err, office.CodeTooLarge)
	_, err = r.Contacts.Import([]CardChoice{{Act: "join", Into: "gone"}})
	refused(t, err, office.CodeNotFound)
	_, err = r.Contacts.ReadFile("%")
	refused(t, err, office.CodeInvalid)
	_, err = r.Contacts.ReadFile(strings.Repeat("A", contact.MaxCardFile*4/3+100))
	refused(t, err, office.CodeTooLarge)
}

func TestCardExport(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	person(h.desk, "lin-zhiyuan", directory.Official{Name: "林知远"})
	one, err := r.Contacts.Create(CardInput{Name: "甲", Note: "两\n行"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Contacts.Create(CardInput{Name: "乙"}); err != nil {
		t.Fatal(err)
	}
	text, err := r.Contacts.Text([]string{one.ID}, "4.0")
	if err != nil || !strings.Contains(text, "VERSION:4.0\r\n") || !strings.Contains(text, "FN:甲\r\n") || strings.Contains(text, "乙") {
		t.Errorf("%q %v", text, err)
	}
	if path, err := r.Contacts.Export(nil, "3.0"); path != "" || err != nil {
		t.Errorf("nobody to ask: %q %v", path, err)
	}
	var name string
	var data []byte
	r.core.save = func(n string, d []byte) (string, error) { name, data = n, d; return "/x/" + n, nil }
	path, err := r.Contacts.Export(nil, "3.0")
	if err != nil || path != "/x/contacts.vcf" || name != "contacts.vcf" || strings.Count(string(data), "BEGIN:VCARD") != 2 {
		t.Errorf("%q %v %s", path, err, data)
	}
	_, err = r.Contacts.Text(nil, "2.1")
	refused(t, err, office.CodeInvalid)
}
