package contact

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qianshao/syncserver/office"
)

// say is a card in one line.
func say(c Card) string {
	return fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s|%s", c.Name, c.Org, c.Title, strings.Join(c.Phones, ","), strings.Join(c.Mails, ","), c.Address, c.Group, strings.ReplaceAll(c.Note, "\n", "/"))
}

const three = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:单;小雨;;;\r\nFN:单小雨\r\nORG:省住房城乡建设主管部门;建设处\r\nTITLE:处长\r\n" +
	"TEL;TYPE=CELL,VOICE:+86 138-0000-0001\r\nTEL;TYPE=WORK:0000-6001\r\nEMAIL;TYPE=INTERNET:shan@example.cn\r\n" +
	"ADR;TYPE=WORK:;;建设路8号;清岚市;;000000;中国\r\nNOTE:雨天打电话\\, 分号\\; 换行\\n第二行\r\nCATEGORIES:省厅,熟人\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nEND:VCARD\r\n"

func TestReadCards(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(three)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(three)
	if err != nil {
		t.Fatal(err)
	}
	want := "单小雨|省住房城乡建设主管部门 建设处|处长|+86 138-0000-0001,0000-6001|shan@example.cn|中国 000000 清岚市 建设路8号|省厅|雨天打电话, 分号; 换行/第二行"
	for name, x := range map[string]struct{ file, want string }{
		"3.0":                     {three, want},
		"with a mark":             {"\ufeff" + three, want},
		"GB18030":                 {gbk, want},
		"UTF-16":                  {utf16, want},
		"Unix line ends":          {strings.ReplaceAll(three, "\r\n", "\n"), want},
		"old Mac line ends":       {strings.ReplaceAll(three, "\r\n", "\r"), want},
		"4.0":                     {"BEGIN:VCARD\nVERSION:4.0\nFN:林知远\nTEL;VALUE=uri;TYPE=\"voice,home\":tel:+86-0000-6002\nEND:VCARD", "林知远|||+86-0000-6002||||"},
		"2.1 of a phone":          {"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9E=97;=E7=9F=A5=\n=E8=BF=9C;;;\nTEL;CELL;VOICE:13800000002\nNOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab\nEND:VCARD", "林知远|||13800000002||||a/b"},
		"2.1 in GBK":              {"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=C1=D6=D6=AA=D4=B6\nEND:VCARD", "林知远|||||||"},
		"charset left out":        {"BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:=C1=D6=D6=AA=D4=B6\nEND:VCARD", "林知远|||||||"},
		"grouped":                 {"BEGIN:VCARD\nVERSION:3.0\nFN:甲\nitem1.TEL:1234567\nitem1.X-ABLabel:专线\nEND:VCARD", "甲|||1234567||||"},
		"western name":            {"BEGIN:VCARD\nVERSION:3.0\nN:Doe;Jane;;;\nEND:VCARD", "Jane Doe|||||||"},
		"only a unit":             {"BEGIN:VCARD\nVERSION:3.0\nORG:市图书馆;咨询台\nEND:VCARD", "市图书馆|市图书馆 咨询台||||||"},
		"folded in a character":   {"BEGIN:VCARD\nVERSION:3.0\nFN:甲\nNOTE:很长的备\n 注\nEND:VCARD", "甲|||||||很长的备注"},
		"agent":                   {"BEGIN:VCARD\nVERSION:2.1\nFN:甲\nAGENT:\nBEGIN:VCARD\nFN:秘书\nEND:VCARD\nTEL:1234567\nEND:VCARD", "甲|||1234567||||"},
		"markup is text":          {"BEGIN:VCARD\nVERSION:3.0\nFN:<img src=x onerror=alert(1)>\nORG:' DROP TABLE--\nEND:VCARD", "<img src=x onerror=alert(1)>|' DROP TABLE--||||||"},
		"control characters":      {"BEGIN:VCARD\nVERSION:3.0\nFN:甲\x00\x07乙\nTITLE:a\\nb\nEND:VCARD", "甲乙||a b|||||"},
		"rare and RTL":            {"BEGIN:VCARD\nVERSION:3.0\nFN:䶮喆𠮷\nORG:שלום\nEND:VCARD", "䶮喆𠮷|שלום||||||"},
		"number twice":            {"BEGIN:VCARD\nVERSION:3.0\nFN:甲\nTEL:1\nTEL:1\nTEL:\nEND:VCARD", "甲|||1||||"},
		"an address that is none": {"BEGIN:VCARD\nVERSION:3.0\nFN:甲\nEMAIL:没有符号\nEND:VCARD", "甲|||||||没有符号"},
	} {
		cards, broken, err := ReadCards([]byte(x.file))
		if err != nil || broken != 0 || len(cards) != 1 {
			t.Errorf("%s: %d cards, %d broken, %v", name, len(cards), broken, err)
			continue
		}
		if got := say(cards[0].Card); got != x.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, x.want)
		}
	}
}

// What does not fit goes into the note and is told of; every card that is read
// may be stored.
func TestReadCardsKeeps(t *testing.T) {
	var tels strings.Builder
	for i := range 15 {
		fmt.Fprintf(&tels, "TEL:100000%02d\n", i)
	}
	long := strings.Repeat("长", 150)
	cards, _, err := ReadCards([]byte("BEGIN:VCARD\nVERSION:3.0\nFN:" + long + "\n" + tels.String() + "EMAIL:x\nADR:;;一;;;;\nADR:;;二;;;;\nNOTE:" + strings.Repeat("注", maxNote) + "\nEND:VCARD"))
	if err != nil || len(cards) != 1 {
		t.Fatal(cards, err)
	}
	c := cards[0]
	if !slices.Equal(c.Moved, []string{"name", "address", "phones", "mails", "note"}) || len(c.Card.Phones) != maxNumbers || c.Card.Address != "一" {
		t.Errorf("%v %+v", c.Moved, c.Card)
	}
	if err := c.Card.check(); err != nil {
		t.Errorf("what was read cannot be stored: %v", err)
	}
}

func TestReadCardsRefuses(t *testing.T) {
	card := "BEGIN:VCARD\nVERSION:3.0\nFN:甲\nEND:VCARD\n"
	for name, x := range map[string]struct {
		file string
		code office.Code
	}{
		"nothing":        {"", office.CodeInvalid},
		"another file":   {"%PDF-1.7 …", office.CodeInvalid},
		"no end":         {"BEGIN:VCARD\nFN:甲\n", office.CodeInvalid},
		"bytes":          {"\xff\xff\xff\x00\x81", office.CodeInvalid},
		"too many cards": {strings.Repeat(card, MaxCardsRead+1), office.CodeTooLarge},
		"too large":      {strings.Repeat(" ", MaxCardFile+1), office.CodeTooLarge},
	} {
		if _, _, err := ReadCards([]byte(x.file)); office.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	cards, broken, err := ReadCards([]byte(card + "BEGIN:VCARD\nVERSION:3.0\nTEL:1\nEND:VCARD\n" + card))
	if err != nil || len(cards) != 2 || broken != 1 {
		t.Errorf("%d cards, %d broken, %v", len(cards), broken, err)
	}
}

func TestWriteCards(t *testing.T) {
	c := Card{
		Name: "单;小雨, 处长\\", Org: "省住房城乡建设主管部门；建设处;二科", Title: "处长", Phones: []string{"0000-6001", "+86 138"}, Mails: []string{"a@b.cn"},
		Address: "建设路8号;3楼", Group: "省厅", Note: "第一行\n第二行；很长的一行" + strings.Repeat("备注", 60),
	}
	for _, version := range []string{"3.0", "4.0"} {
		raw, err := WriteCards([]Card{c, {Name: "乙"}}, version)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(raw), "BEGIN:VCARD\r\nVERSION:"+version+"\r\n") {
			t.Errorf("%s", raw[:40])
		}
		for _, l := range strings.Split(string(raw), "\r\n") {
			if len(l) > maxLine {
				t.Errorf("a line of %d bytes", len(l))
			}
		}
		back, broken, err := ReadCards(raw)
		if err != nil || broken != 0 || len(back) != 2 || say(back[0].Card) != say(c) || back[1].Card.Name != "乙" {
			t.Errorf("%s: %v %d\n%s\n%s", version, err, broken, say(back[0].Card), say(c))
		}
	}
	if _, err := WriteCards(nil, "2.1"); office.CodeOf(err) != office.CodeInvalid {
		t.Error(err)
	}
}

func TestSame(t *testing.T) {
	a := Card{Name: "单小雨", Org: "省厅", Phones: []string{"138-0000-0001", "6001"}, Mails: []string{"Shan@example.cn"}}
	for _, x := range []struct {
		name string
		b    Card
		want string
	}{
		{"phone with the country's code", Card{Name: "单处", Phones: []string{"+86 13800000001"}}, SamePhone},
		{"phone with 0086", Card{Name: "单处", Phones: []string{"008613800000001"}}, SamePhone},
		{"an extension says nothing", Card{Name: "别人", Phones: []string{"6001"}}, ""},
		{"mail", Card{Name: "单处", Mails: []string{"shan@EXAMPLE.cn"}}, SameMail},
		{"name and unit", Card{Name: "单 小雨", Org: "省厅"}, SameName},
		{"name alone", Card{Name: "单小雨", Org: "市厅"}, ""},
		{"nothing", Card{Name: "别人"}, ""},
	} {
		if got := Same(a, x.b); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
	j := Joined(a, Card{Name: "别名", Org: "市厅", Title: "处长", Phones: []string{"+8613800000001", "7001"}, Mails: []string{"shan@example.cn", "b@c.d"}})
	if say(j) != "单小雨|省厅|处长|138-0000-0001,6001,7001|Shan@example.cn,b@c.d|||" || len(a.Phones) != 2 {
		t.Error(say(j))
	}
}

// FuzzReadCards: whatever comes, cards that may be stored, or a refusal.
func FuzzReadCards(f *testing.F) {
	f.Add([]byte(three))
	f.Add([]byte("BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:=\n=E6=9E\nADR:;;\\;;\nEND:VCARD"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cards, _, err := ReadCards(data)
		if err != nil && office.CodeOf(err) == office.CodeInternal {
			t.Fatal(err)
		}
		for _, c := range cards {
			if err := c.Card.check(); err != nil {
				t.Fatalf("%+v: %v", c.Card, err)
			}
		}
	})
}
