package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"qianshao/syncserver/office"
)

// maxNesting bounds lists within objects within lists.
const maxNesting = 24

// checkArguments walks the JSON along the command's type, because the standard
// decoder takes "TITLE" for "title", the last of two fields of one name, and
// bytes that are not UTF-8.
func checkArguments(raw json.RawMessage, cmd office.Command) error {
	if !utf8.Valid(raw) {
		return office.Invalid("args", "not UTF-8")
	}
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return office.Invalid("args", "a JSON object is needed")
	}
	w := walker{dec: json.NewDecoder(bytes.NewReader(raw))}
	w.dec.UseNumber()
	if err := w.value(reflect.TypeOf(cmd), "", 0); err != nil {
		return refused(err)
	}
	return nil // what follows the object the standard decoder refuses
}

type walker struct{ dec *json.Decoder }

// value reads one value of type t; t nil is any JSON.
func (w walker) value(t reflect.Type, path string, depth int) error {
	if depth > maxNesting {
		return office.Invalid(path, "nested too deeply")
	}
	t = plainType(t)
	tok, err := w.dec.Token()
	if err != nil {
		return fmt.Errorf("read the arguments: %w", err)
	}
	switch x := tok.(type) {
	case json.Delim:
		if x == '{' {
			return w.object(t, path, depth)
		}
		return w.list(t, path, depth)
	case string:
		if err := checkString(path, x); err != nil {
			return err
		}
		return must(t, path, "text", reflect.String)
	case json.Number:
		if t != nil && isInt(t) {
			if _, err := x.Int64(); err != nil {
				return office.Invalid(path, "a whole number is needed")
			}
			return nil
		}
		if f, err := x.Float64(); err != nil || f != f {
			return office.Invalid(path, "the number is out of range")
		}
		return must(t, path, "a number", reflect.Float64, reflect.Float32)
	case bool:
		return must(t, path, "true or false", reflect.Bool)
	}
	return nil // null: as if the argument were not given
}

func (w walker) object(t reflect.Type, path string, depth int) error {
	if err := must(t, path, "an object", reflect.Struct, reflect.Map); err != nil {
		return err
	}
	var known map[string]reflect.Type
	if t != nil && t.Kind() == reflect.Struct {
		known = map[string]reflect.Type{}
		for _, f := range fieldsOf(t) {
			known[f.name] = f.typ
		}
	}
	seen := map[string]bool{}
	for w.dec.More() {
		tok, err := w.dec.Token()
		if err != nil {
			return fmt.Errorf("read the arguments: %w", err)
		}
		name, _ := tok.(string) // the decoder gives only texts as names
		at := join(path, name)
		if err := checkString(at, name); err != nil {
			return err
		}
		if seen[name] {
			return office.Invalid(at, "given twice")
		}
		seen[name] = true
		var inner reflect.Type
		switch {
		case known != nil:
			ft, ok := known[name]
			if !ok {
				return office.Invalid(at, "unknown argument")
			}
			inner = ft
		case t != nil:
			inner = t.Elem()
		}
		if err := w.value(inner, at, depth+1); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

func (w walker) list(t reflect.Type, path string, depth int) error {
	if err := must(t, path, "a list", reflect.Slice, reflect.Array); err != nil {
		return err
	}
	var inner reflect.Type
	if t != nil {
		inner = t.Elem()
	}
	for i := 0; w.dec.More(); i++ {
		if err := w.value(inner, fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

// must refuses a value that is not of one of the kinds which t may be.
func must(t reflect.Type, path, found string, kinds ...reflect.Kind) error {
	if t == nil {
		return nil
	}
	for _, k := range kinds {
		if t.Kind() == k {
			return nil
		}
	}
	return office.Invalid(path, "%s, where %s is needed", found, word(t))
}

func checkString(path, s string) error {
	if strings.ContainsRune(s, 0) {
		return office.Invalid(strings.ReplaceAll(path, "\x00", ""), "the character U+0000")
	}
	return nil
}

func join(path, name string) string {
	if len(name) > 40 {
		name = strings.ToValidUTF8(name[:40], "")
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
