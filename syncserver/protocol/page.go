package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"qianshao/syncserver/office"
)

// A page of a first load is a megabyte of records that are JSON already.
// encoding/json reads each of them three times on the server and four times on
// the desk; AppendPage and DecodePage once. On the wire it is the same JSON
// object, but for the order of its fields: either end may be another program.

// rest are the fields of a page beside its entries and records.
type rest PullReply

// AppendPage appends the reply as JSON to b.
func AppendPage(b []byte, r PullReply) ([]byte, error) {
	ops, rows := r.Ops, r.Rows
	r.Ops, r.Rows = nil, nil
	var tail bytes.Buffer
	e := json.NewEncoder(&tail)
	e.SetEscapeHTML(false)
	if err := e.Encode(rest(r)); err != nil {
		return nil, err
	}
	b = append(b, '{')
	if len(ops) > 0 {
		b = append(b, `"ops":[`...)
		for i, o := range ops {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"c":`...)
			b = strconv.AppendInt(b, int64(o.Chan), 10)
			b = append(b, `,"l":`...)
			b = strconv.AppendInt(b, int64(o.Lane), 10)
			b = appendName(appendName(b, `,"k":`, o.Kind), `,"i":`, o.ID)
			if o.Rem {
				b = append(b, `,"r":true`...)
			}
			b = append(b, '}')
		}
		b = append(b, `],`...)
	}
	if len(rows) > 0 {
		b = append(b, `"rows":[`...)
		for i, w := range rows {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendName(appendName(b, `{"k":`, w.Kind), `,"i":`, w.ID)
			if w.Root != "" {
				b = appendName(b, `,"o":`, w.Root)
			}
			b = append(b, `,"v":`...)
			b = strconv.AppendInt(b, w.Ver, 10)
			b = append(b, `,"b":`...)
			body := []byte(w.Body)
			if n := office.CanonicalPrefix(body); n == 0 || n != len(body) {
				var err error // damaged, or of an odd form
				if body, err = json.Marshal(w.Body); err != nil {
					return nil, fmt.Errorf("%s %s: %w", w.Kind, w.ID, err)
				}
			}
			b = append(append(b, body...), '}')
		}
		b = append(b, `],`...)
	}
	return append(b, tail.Bytes()[1:]...), nil // last_n and others are always there
}

// appendName appends a field whose value is an id or a name.
func appendName(b []byte, field, s string) []byte {
	b = append(b, field...)
	for i := range len(s) {
		if !plain(s[i]) {
			q, err := json.Marshal(s)
			if err != nil {
				panic(err) // of a string there is none
			}
			return append(b, q...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plain reports whether a byte stands for itself in JSON.
func plain(c byte) bool { return c >= ' ' && c <= '~' && c != '"' && c != '\\' }

// DecodePage reads a reply. The bodies of its rows are parts of b.
func DecodePage(b []byte) (PullReply, error) {
	var r PullReply
	s := scanner{b: b}
	if ops, rows, ok := s.page(); ok {
		tail := append([]byte{'{'}, b[s.i:]...)
		var t rest
		if err := json.Unmarshal(tail, &t); err == nil && t.Ops == nil && t.Rows == nil {
			r = PullReply(t)
			r.Ops, r.Rows = ops, rows
			return r, nil
		}
	}
	err := json.Unmarshal(b, &r)
	return r, err
}

// scanner reads what AppendPage writes, and gives up at anything else.
type scanner struct {
	b     []byte
	i     int
	kinds map[string]string // few of them, so that each is kept once
}

func (s *scanner) is(word string) bool {
	if len(s.b)-s.i < len(word) || string(s.b[s.i:s.i+len(word)]) != word {
		return false
	}
	s.i += len(word)
	return true
}

// page reads the entries and rows at the beginning; the rest begins at s.i.
func (s *scanner) page() (ops []Op, rows []Row, ok bool) {
	s.kinds = map[string]string{}
	if !s.is(`{`) {
		return nil, nil, false
	}
	if s.is(`"ops":[`) {
		for more := true; more; {
			var o Op
			if o, ok = s.op(); !ok {
				return nil, nil, false
			}
			ops = append(ops, o)
			if more, ok = s.goes(); !ok {
				return nil, nil, false
			}
		}
	}
	if s.is(`"rows":[`) {
		for more := true; more; {
			var w Row
			if w, ok = s.row(); !ok {
				return nil, nil, false
			}
			rows = append(rows, w)
			if more, ok = s.goes(); !ok {
				return nil, nil, false
			}
		}
	}
	return ops, rows, len(ops)+len(rows) > 0
}

// goes reads what follows an element: another one, or the end of the list.
func (s *scanner) goes() (more, ok bool) {
	if s.is(`,`) {
		return true, true
	}
	return false, s.is(`],`)
}

func (s *scanner) op() (o Op, ok bool) {
	var c, l int64
	if !s.is(`{"c":`) || !s.number(&c) || !s.is(`,"l":`) || !s.number(&l) || !s.is(`,"k":`) || !s.kind(&o.Kind) || !s.is(`,"i":`) || !s.name(&o.ID) {
		return o, false
	}
	o.Chan, o.Lane, o.Rem = int(c), office.Lane(l), s.is(`,"r":true`)
	return o, s.is(`}`)
}

func (s *scanner) row() (w Row, ok bool) {
	if !s.is(`{"k":`) || !s.kind(&w.Kind) || !s.is(`,"i":`) || !s.name(&w.ID) || s.is(`,"o":`) && !s.name(&w.Root) ||
		!s.is(`,"v":`) || !s.number(&w.Ver) || !s.is(`,"b":`) {
		return w, false
	}
	n := office.CanonicalPrefix(s.b[s.i:])
	if n == 0 {
		return w, false
	}
	w.Body = s.b[s.i : s.i+n : s.i+n]
	s.i += n
	return w, s.is(`}`)
}

func (s *scanner) number(to *int64) bool {
	from := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	digits := string(s.b[from:s.i])
	n, err := strconv.ParseInt(digits, 10, 64)
	*to = n
	return err == nil && (len(digits) == 1 || digits[0] != '0')
}

func (s *scanner) text() ([]byte, bool) {
	if !s.is(`"`) {
		return nil, false
	}
	from := s.i
	for s.i < len(s.b) && plain(s.b[s.i]) {
		s.i++
	}
	return s.b[from:s.i], s.is(`"`)
}

func (s *scanner) name(to *string) bool {
	t, ok := s.text()
	*to = string(t)
	return ok
}

func (s *scanner) kind(to *string) bool {
	t, ok := s.text()
	k, known := s.kinds[string(t)]
	if !known {
		k = string(t)
		s.kinds[k] = k
	}
	*to = k
	return ok
}
