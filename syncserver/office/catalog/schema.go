package catalog

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"qianshao/syncserver/office"
)

// Schema is the JSON schema (draft 2020-12) of a command's arguments, made from
// the Go struct: names, types, and as required what the struct does not mark as
// omitempty. CodeUnknown for a name not in the list.
func (c *Catalog) Schema(kind string) (json.RawMessage, error) {
	spec, ok := c.byName[kind]
	if !ok {
		return nil, office.Errorf(office.CodeUnknown, "%.80q", kind)
	}
	return schema(reflect.TypeOf(spec.New()), 0), nil
}

var rawMessage = reflect.TypeFor[json.RawMessage]()
var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// plainType is the type that JSON shows: a pointer's target, and nil, any JSON,
// for what decodes itself.
func plainType(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t == rawMessage || t.Kind() == reflect.Interface || reflect.PointerTo(t).Implements(unmarshaler) {
		return nil
	}
	return t
}

type field struct {
	name     string
	typ      reflect.Type
	required bool
}

// fieldsOf are a struct's fields as JSON has them, those of embedded structs
// among them.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && tag == "" {
			if inner := plainType(f.Type); inner != nil && inner.Kind() == reflect.Struct {
				out = append(out, fieldsOf(inner)...)
				continue
			}
		}
		if !f.IsExported() || tag == "-" {
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		optional := strings.Contains(opts, "omitempty") || strings.Contains(opts, "omitzero")
		out = append(out, field{name: tag, typ: f.Type, required: !optional})
	}
	return out
}

// arguments are a command's arguments by name.
func arguments(s office.Spec) map[string]field {
	out := map[string]field{}
	for _, f := range fieldsOf(plainType(reflect.TypeOf(s.New()))) {
		out[f.name] = f
	}
	return out
}

// schema writes the schema in the order of the struct, which a map would lose.
func schema(t reflect.Type, depth int) json.RawMessage {
	t = plainType(t)
	if t == nil || depth > maxNesting {
		return json.RawMessage(`{}`)
	}
	switch t.Kind() {
	case reflect.Struct:
		var props, required bytes.Buffer
		for _, f := range fieldsOf(t) {
			if props.Len() > 0 {
				props.WriteByte(',')
			}
			props.Write(quote(f.name))
			props.WriteByte(':')
			props.Write(schema(f.typ, depth+1))
			if f.required {
				if required.Len() > 0 {
					required.WriteByte(',')
				}
				required.Write(quote(f.name))
			}
		}
		return json.RawMessage(`{"type":"object","properties":{` + props.String() + `},"required":[` + required.String() + `],"additionalProperties":false}`)
	case reflect.Map:
		return json.RawMessage(`{"type":"object","additionalProperties":` + string(schema(t.Elem(), depth+1)) + `}`)
	case reflect.Slice, reflect.Array:
		return json.RawMessage(`{"type":"array","items":` + string(schema(t.Elem(), depth+1)) + `}`)
	}
	return json.RawMessage(`{"type":"` + word(t) + `"}`)
}

func quote(s string) []byte {
	b, _ := json.Marshal(s) // a text always encodes
	return b
}

func isInt(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64
}

// word is JSON schema's word for a type.
func word(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.String:
		return "string"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case isInt(t):
		return "integer"
	case t.Kind() == reflect.Float64, t.Kind() == reflect.Float32:
		return "number"
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		return "array"
	}
	return "object"
}
