package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"qianshao/syncserver/office"
)

// writeJSON prints one value as JSON, indented, without HTML escapes.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeLine prints one value as JSON on one line.
func writeLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// plain makes a text safe for a terminal and for one line: other people wrote
// it. Control characters, among them those that colour or move the cursor, and
// marks that turn the direction of writing become spaces.
func plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return ' '
		}
		return r
	}, s))
}

// row is a line of a list for people.
func row(w io.Writer, cells ...string) {
	for i := range cells {
		cells[i] = plain(cells[i])
	}
	fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
}

// clock shows a time of a record in this machine's zone; "" for none.
func clock(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).Format("2006-01-02 15:04:05")
}

// titleOf is the field of r that its kind names as title.
func titleOf(k *office.Kind, r office.Record) string {
	if k == nil || k.Title == "" {
		return ""
	}
	m, err := r.Fields()
	if err != nil {
		return ""
	}
	var s string
	if json.Unmarshal(m[k.Title], &s) != nil {
		return "" // a title of another type is no title
	}
	return s
}

// recordJSON is a record as list and show print it.
type recordJSON struct {
	Kind     string                  `json:"kind"`
	ID       string                  `json:"id"`
	Root     string                  `json:"root"`
	Ver      int64                   `json:"ver"` // 0: the server does not know it yet
	Waiting  []string                `json:"waiting,omitempty"`
	Body     json.RawMessage         `json:"body"`
	Children map[string][]recordJSON `json:"children,omitempty"`
}

func asJSON(r office.Record, waiting []string) recordJSON {
	return recordJSON{Kind: r.Kind, ID: r.ID, Root: r.Root, Ver: r.Ver, Waiting: waiting, Body: r.Body}
}

// writeBody prints a body for people: one field a line, in the order of names.
func writeBody(w io.Writer, indent string, body json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil {
		return // an empty body has no lines
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return
		}
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return
		}
		var s string
		if json.Unmarshal(v, &s) != nil {
			s = string(v)
		}
		fmt.Fprintf(w, "%s%v\t%s\n", indent, name, plain(s))
	}
}
