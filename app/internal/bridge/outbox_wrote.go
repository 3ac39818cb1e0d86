package bridge

import (
	"encoding/json"

	"qianshao/syncserver/office"
)

// written are the arguments that a person fills in, in the order in which a form
// asks for them.
var written = []string{"title", "name", "place", "start", "end", "org", "phones", "mails", "address", "group", "due", "note", "attendees"}

// wrote is what the person filled in with a command that has no words of an
// opinion: whatever becomes of it, it can be read and copied.
func wrote(kinds *office.Kinds, names *book, kind string, args json.RawMessage) []Wrote {
	var given map[string]json.RawMessage
	if kind == "" || kind == "doc.header" || json.Unmarshal(args, &given) != nil {
		return nil
	}
	var changes []office.Change
	if raw, ok := given["changes"]; ok && json.Unmarshal(raw, &changes) == nil {
		given = map[string]json.RawMessage{}
		for _, c := range changes {
			given[c.Field] = c.New
		}
	}
	var out []Wrote
	for _, field := range written {
		raw, ok := given[field]
		if !ok {
			continue
		}
		text, typ := shown(kinds, kind, field, raw)
		if field == "attendees" {
			var ids []office.UserID
			if json.Unmarshal(raw, &ids) == nil {
				text, typ = "", "list"
				for i, name := range names.list(ids) {
					if i > 0 {
						text += "、"
					}
					text += name
				}
			}
		}
		if text != "" && text != "0" {
			out = append(out, Wrote{Field: field, Text: text, Type: typ})
		}
	}
	return out
}
