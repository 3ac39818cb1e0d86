package contact

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	xunicode "golang.org/x/text/encoding/unicode"

	"qianshao/syncserver/office"
)

// Limits of a file of vCards.
const (
	MaxCardFile  = 4 << 20 // bytes; pictures count though they are not taken
	MaxCardsRead = 1000
)

// Imported is one card of a file. Moved names the fields of which a part went
// into the note: texts too long for their field, more numbers than a card holds,
// addresses that are none. Nothing that was read is dropped but pictures, sounds
// and keys.
type Imported struct {
	Card  Card
	Moved []string
}

// ReadCards reads a file of vCards of version 2.1, 3.0 or 4.0 in UTF-8, UTF-16 or
// GB18030. broken is how many cards in it could not be read or name nobody.
// CodeTooLarge above the limits; CodeInvalid if no card is in it.
func ReadCards(data []byte) (cards []Imported, broken int, err error) {
	if len(data) > MaxCardFile {
		return nil, 0, office.Errorf(office.CodeTooLarge, "%d bytes, at most %d", len(data), MaxCardFile)
	}
	text, ok := utf8Text(data)
	if !ok {
		return nil, 0, office.Invalid("file", "neither UTF-8 nor UTF-16 nor GB18030")
	}
	raw := split(text)
	if len(raw) == 0 {
		return nil, 0, office.Invalid("file", "no vCard in it")
	}
	if len(raw) > MaxCardsRead {
		return nil, 0, office.Errorf(office.CodeTooLarge, "%d cards, at most %d", len(raw), MaxCardsRead)
	}
	for _, lines := range raw {
		v, err := vcard.NewDecoder(strings.NewReader(strings.Join(lines, "\r\n") + "\r\n")).Decode()
		if err != nil {
			broken++
			continue
		}
		c := taken(v)
		if c.Card.Name == "" {
			broken++
			continue
		}
		cards = append(cards, c)
	}
	return cards, broken, nil
}

// utf8Text is the file as UTF-8, by its byte order mark, or else by what it can be.
func utf8Text(data []byte) (string, bool) {
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		enc = xunicode.UTF16(xunicode.LittleEndian, xunicode.ExpectBOM)
	case !utf8.Valid(data):
		enc = simplifiedchinese.GB18030
	}
	if enc == nil {
		return string(data), utf8.Valid(data)
	}
	out, err := enc.NewDecoder().Bytes(data)
	return string(out), err == nil && !bytes.ContainsRune(out, utf8.RuneError)
}

// split finds the cards of a file, each as unfolded lines in the form of version
// 3.0: no quoted-printable, every parameter with a name, no pictures. A card in a
// card (AGENT) is left out.
func split(text string) [][]string {
	var out [][]string
	var card []string
	depth := 0
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		// A folded line goes on behind a space; quoted-printable behind "=".
		for i+1 < len(lines) && lines[i+1] != "" && (lines[i+1][0] == ' ' || lines[i+1][0] == '\t') {
			i++
			line += lines[i][1:]
		}
		head, _, _ := strings.Cut(line, ":")
		if quoted(head) {
			for strings.HasSuffix(line, "=") && i+1 < len(lines) {
				i++
				line = line[:len(line)-1] + lines[i]
			}
		}
		switch upper := strings.ToUpper(strings.TrimSpace(line)); {
		case upper == "BEGIN:VCARD":
			if depth++; depth == 1 {
				card = []string{"BEGIN:VCARD"}
			}
		case upper == "END:VCARD":
			if depth == 1 {
				out = append(out, append(card, "END:VCARD"))
			}
			depth = max(0, depth-1)
		case depth == 1:
			if l, ok := plain(line); ok {
				card = append(card, l)
			}
		}
	}
	return out
}

func quoted(head string) bool { return strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE") }

// unwanted are properties that are not kept.
var unwanted = []string{"PHOTO", "LOGO", "SOUND", "KEY", "AGENT", "PRODID", "REV", "UID", "VERSION", "PROFILE", "MAILER", "CLASS"}

var property = regexp.MustCompile(`^([A-Za-z0-9_-]+\.)?([A-Za-z0-9-]+)$`)

// plain is a line in the form of version 3.0; false for what is not kept.
func plain(line string) (string, bool) {
	head, value, ok := cutValue(line)
	if !ok {
		return "", false
	}
	parts := strings.Split(head, ";")
	m := property.FindStringSubmatch(parts[0])
	if m == nil || slices.Contains(unwanted, strings.ToUpper(m[2])) {
		return "", false
	}
	out := strings.ToUpper(m[2])
	charset, qp := "", false
	for _, p := range parts[1:] {
		name, v, named := strings.Cut(p, "=")
		switch upper := strings.ToUpper(p); {
		case strings.EqualFold(name, "CHARSET"):
			charset = v
		case upper == "QUOTED-PRINTABLE", upper == "ENCODING=QUOTED-PRINTABLE":
			qp = true
		case upper == "BASE64", upper == "ENCODING=BASE64", upper == "ENCODING=B":
			return "", false
		case named:
			out += ";" + p
		case p != "":
			out += ";TYPE=" + p
		}
	}
	if qp {
		value = decodeQuoted(value, charset)
	}
	return out + ":" + strings.ReplaceAll(value, `\N`, `\n`), true
}

// cutValue cuts a line at the colon before its value: one in quotes is none.
func cutValue(line string) (head, value string, ok bool) {
	inQuotes := false
	for i, r := range line {
		switch {
		case r == '"':
			inQuotes = !inQuotes
		case r == ':' && !inQuotes:
			return line[:i], line[i+1:], true
		}
	}
	return "", "", false
}

// decodeQuoted is a quoted-printable value as text; what cannot be decoded stays
// as it is written.
func decodeQuoted(value, charset string) string {
	raw, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value)))
	if err != nil {
		return value
	}
	out := raw
	if charset != "" && !strings.EqualFold(charset, "UTF-8") || !utf8.Valid(raw) {
		enc, err := htmlindex.Get(charset)
		if err != nil {
			enc = simplifiedchinese.GB18030
		}
		if out, err = enc.NewDecoder().Bytes(raw); err != nil {
			return value
		}
	}
	return strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(string(out))
}

// taken is a vCard as a card.
func taken(v vcard.Card) Imported {
	var out Imported
	c := &out.Card
	var rest []string // goes into the note
	moved := func(field string, texts ...string) {
		if !slices.Contains(out.Moved, field) {
			out.Moved = append(out.Moved, field)
		}
		rest = append(rest, texts...)
	}
	line := func(field string, to *string, max int, text string) {
		text = oneLine(text)
		if *to = text; utf8.RuneCountInString(text) > max {
			*to = strings.TrimSpace(string([]rune(text)[:max]))
			moved(field, text)
		}
	}
	line("name", &c.Name, maxName, nameOf(v))
	org := parts(v.Value(vcard.FieldOrganization))
	line("org", &c.Org, maxOrg, strings.Join(org, " "))
	line("title", &c.Title, maxTitle, first(v.Value(vcard.FieldTitle), v.Value(vcard.FieldRole)))
	for i, adr := range v[vcard.FieldAddress] {
		// Country, code, region, town, street: as a Chinese address is written.
		p := parts(adr.Value)
		slices.Reverse(p)
		if text := strings.Join(p, " "); i == 0 {
			line("address", &c.Address, maxAddress, text)
		} else if text != "" {
			moved("address", oneLine(text))
		}
	}
	line("group", &c.Group, maxGroup, firstOf(v.Value(vcard.FieldCategories)))
	for _, f := range v[vcard.FieldTelephone] {
		number := oneLine(strings.TrimPrefix(f.Value, "tel:"))
		switch {
		case number == "" || slices.Contains(c.Phones, number):
		case len(c.Phones) == maxNumbers, utf8.RuneCountInString(number) > maxNumber:
			moved("phones", number)
		default:
			c.Phones = append(c.Phones, number)
		}
	}
	for _, f := range v[vcard.FieldEmail] {
		mail := oneLine(strings.TrimPrefix(f.Value, "mailto:"))
		switch {
		case mail == "" || slices.Contains(c.Mails, mail):
		case len(c.Mails) == maxNumbers, (Card{Name: "x", Mails: []string{mail}}).check() != nil:
			moved("mails", mail)
		default:
			c.Mails = append(c.Mails, mail)
		}
	}
	var notes []string
	for _, f := range v[vcard.FieldNote] {
		notes = append(notes, clean(f.Value))
	}
	for _, name := range []string{vcard.FieldURL, vcard.FieldBirthday, vcard.FieldIMPP} {
		for _, f := range v[name] {
			notes = append(notes, oneLine(f.Value))
		}
	}
	note := strings.TrimSpace(strings.Join(append(notes, rest...), "\n"))
	if utf8.RuneCountInString(note) > maxNote {
		note = string([]rune(note)[:maxNote])
		moved("note")
	}
	c.Note = note
	return out
}

// nameOf is the name as written, or family and given name in the order of their
// script.
func nameOf(v vcard.Card) string {
	if fn := oneLine(v.Value(vcard.FieldFormattedName)); fn != "" {
		return fn
	}
	p := parts(v.Value(vcard.FieldName))
	if len(p) == 0 {
		return first(v.Value(vcard.FieldNickname), firstPart(v.Value(vcard.FieldOrganization)))
	}
	if r, _ := utf8.DecodeRuneInString(p[0]); unicode.Is(unicode.Han, r) {
		return oneLine(strings.Join(p, ""))
	}
	slices.Reverse(p)
	return oneLine(strings.Join(p, " "))
}

// parts are the components of a value that are not empty.
func parts(value string) []string {
	const semicolon = "\x01"
	var out []string
	for _, p := range strings.Split(strings.ReplaceAll(value, `\;`, semicolon), ";") {
		if p = oneLine(strings.ReplaceAll(p, semicolon, ";")); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func firstPart(value string) string { return first(parts(value)...) }

func firstOf(list string) string { return first(strings.Split(list, ",")...) }

func first(texts ...string) string {
	for _, t := range texts {
		if t = oneLine(t); t != "" {
			return t
		}
	}
	return ""
}

// clean is a text without control characters but line ends.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), `\;`, ";")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, s))
}

func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// WriteCards is cards as a file of vCards of version "3.0" or "4.0", UTF-8.
func WriteCards(cards []Card, version string) ([]byte, error) {
	if version != "3.0" && version != "4.0" {
		return nil, office.Invalid("version", "3.0 or 4.0")
	}
	var out bytes.Buffer
	enc := vcard.NewEncoder(&out)
	for _, c := range cards {
		v := vcard.Card{}
		v.SetValue(vcard.FieldVersion, version)
		v.SetValue(vcard.FieldFormattedName, c.Name)
		v.SetValue(vcard.FieldName, component(c.Name)+";;;;")
		for field, text := range map[string]string{vcard.FieldTitle: c.Title, vcard.FieldNote: c.Note, vcard.FieldCategories: c.Group} {
			if text != "" {
				v.SetValue(field, text)
			}
		}
		if c.Org != "" {
			v.SetValue(vcard.FieldOrganization, component(c.Org))
		}
		if c.Address != "" {
			v.SetValue(vcard.FieldAddress, ";;"+component(c.Address)+";;;;")
		}
		for _, p := range c.Phones {
			v.AddValue(vcard.FieldTelephone, p)
		}
		for _, m := range c.Mails {
			v.AddValue(vcard.FieldEmail, m)
		}
		if err := enc.Encode(v); err != nil {
			return nil, err
		}
	}
	return folded(strings.ReplaceAll(out.String(), inner, `\;`)), nil
}

// inner stands for a semicolon within a component until the library, which would
// escape the backslash, has written the line. No card holds control characters.
const inner = "\x01"

func component(s string) string { return strings.ReplaceAll(s, ";", inner) }

// maxLine is the most bytes of a line before it is folded (RFC 6350 §3.2).
const maxLine = 75

func folded(text string) []byte {
	var out bytes.Buffer
	for _, line := range strings.SplitAfter(text, "\r\n") {
		body, end := strings.TrimSuffix(line, "\r\n"), ""
		if len(body) < len(line) {
			end = "\r\n"
		}
		for room := maxLine; len(body) > room; room = maxLine - 1 {
			n := room
			for !utf8.RuneStart(body[n]) {
				n--
			}
			out.WriteString(body[:n] + "\r\n ")
			body = body[n:]
		}
		out.WriteString(body + end)
	}
	return out.Bytes()
}
