package catalog

import (
	"encoding/json"
	"errors"

	"qianshao/syncserver/office"
)

// Decode makes a command of its name and arguments. It is strict: CodeUnknown
// for a name not in the list, CodeTooLarge above MaxArguments, and CodeInvalid,
// naming the argument, for an unknown or repeated field (names are compared
// exactly), a value of another type, text that is not UTF-8 or has U+0000, or
// anything behind the object. Limits of length and range are the command's own.
func (c *Catalog) Decode(kind string, args json.RawMessage) (office.Command, error) {
	if len(args) > MaxArguments {
		return nil, office.Errorf(office.CodeTooLarge, "%d bytes of arguments, at most %d", len(args), MaxArguments)
	}
	spec, ok := c.byName[kind]
	for range len(c.former) {
		conv, was := c.former[kind]
		if ok || !was {
			break
		}
		var err error
		if args, err = conv.Args(args); err != nil {
			return nil, refused(err)
		}
		kind = conv.To
		spec, ok = c.byName[kind]
	}
	if !ok {
		return nil, office.Errorf(office.CodeUnknown, "%.80q", kind)
	}
	cmd := spec.New()
	if err := checkArguments(args, cmd); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(args, cmd); err != nil {
		return nil, refused(err)
	}
	return cmd, nil
}

// refused is an error of decoding as a refusal; the decoder's own words are for
// programmers.
func refused(err error) error {
	var e *office.Error
	if errors.As(err, &e) {
		return e
	}
	return office.Invalid("args", "not the JSON of this command")
}
