package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"

	"qianshao/syncserver/office"
)

// Limits of the parts of a request, beside those in types.go.
const (
	MaxCursors  = 4096 // channels and lanes of one pull
	MaxDeps     = 1000 // dependencies of one command
	MaxToken    = 200  // bytes of a ticket, an epoch, an install id, a digest, a hash
	MaxChannel  = 128  // bytes of a channel's name
	MaxPassword = 1024 // bytes of a password
	MaxName     = 100  // characters of a machine's or a person's log-in name
)

// The Decode functions read one request each and check its form: UTF-8, one
// JSON object, types, sizes, ids. Fields they do not know are let through, so
// that a newer desk may send more. What a command means is not their business:
// a bad argument is a refusal that the authority records. The error is
// CodeBadRequest (form), CodeInvalid (a value) or CodeTooLarge.

// DecodeLogin reads a log-in.
func DecodeLogin(body []byte) (LoginRequest, error) {
	var r LoginRequest
	if err := decode(body, &r); err != nil {
		return LoginRequest{}, err
	}
	err := first(
		text("user", r.User, 1, MaxName),
		secret("password", r.Password),
		id("dev", r.Device, true),
		token("install", r.Install, 1),
		text("name", r.Name, 0, MaxName),
	)
	return r, err
}

// DecodePassword reads a change of password.
func DecodePassword(body []byte) (PasswordRequest, error) {
	var r PasswordRequest
	if err := decode(body, &r); err != nil {
		return PasswordRequest{}, err
	}
	return r, first(secret("old", r.Old), secret("new", r.New))
}

// DecodeAccount reads an act upon an account; with tells whether it brings a
// password.
func DecodeAccount(body []byte, with bool) (AccountRequest, error) {
	var r AccountRequest
	if err := decode(body, &r); err != nil {
		return AccountRequest{}, err
	}
	err := first(text("user", r.User, 1, MaxName), id("uid", string(r.UID), true))
	if err == nil && with {
		err = secret("password", r.Password)
	}
	return r, err
}

// DecodeDevices reads a question for somebody's machines.
func DecodeDevices(body []byte) (DevicesRequest, error) {
	var r DevicesRequest
	if err := decode(body, &r); err != nil {
		return DevicesRequest{}, err
	}
	return r, first(id("uid", string(r.UID), false))
}

// DecodeDevice reads the name of a machine.
func DecodeDevice(body []byte) (DeviceRequest, error) {
	var r DeviceRequest
	if err := decode(body, &r); err != nil {
		return DeviceRequest{}, err
	}
	return r, first(id("uid", string(r.UID), false), id("dev", r.Device, false))
}

// DecodeHello reads a hello.
func DecodeHello(body []byte) (HelloRequest, error) {
	var r HelloRequest
	if err := decode(body, &r); err != nil {
		return HelloRequest{}, err
	}
	return r, first(
		id("dev", r.Device, false),
		token("install", r.Install, 0),
		token("ticket", r.Ticket, 0),
		token("epoch", r.Epoch, 0),
		token("version", r.Version, 0),
		natural("schema", int64(r.Schema)),
		natural("last_n", r.LastN),
	)
}

// DecodePush reads a push. Numbers must rise without gaps within it.
func DecodePush(body []byte) (PushRequest, error) {
	var r PushRequest
	if err := decode(body, &r); err != nil {
		return PushRequest{}, err
	}
	err := first(
		id("dev", r.Device, false),
		token("ticket", r.Ticket, 0),
		token("next_ticket", r.Next, 1),
		atMost("cmds", len(r.Cmds), MaxPush),
	)
	for i := 0; i < len(r.Cmds) && err == nil; i++ {
		c, at := r.Cmds[i], fmt.Sprintf("cmds[%d].", i)
		err = first(
			id(at+"mid", c.Mid, false),
			token(at+"command", c.Kind, 1),
			atMost(at+"args", len(c.Args), MaxCommand),
			atMost(at+"deps", len(c.Deps), MaxDeps),
		)
		for j := 0; j < len(c.Deps) && err == nil; j++ {
			err = id(fmt.Sprintf("%sdeps[%d]", at, j), c.Deps[j], false)
		}
		if err == nil && (c.N < 1 || i > 0 && c.N != r.Cmds[i-1].N+1) {
			err = office.Invalid(at+"n", "numbers rise from 1 without gaps")
		}
	}
	return r, err
}

// DecodePull reads a pull.
func DecodePull(body []byte) (PullRequest, error) {
	var r PullRequest
	if err := decode(body, &r); err != nil {
		return PullRequest{}, err
	}
	err := first(
		id("dev", r.Device, false),
		token("epoch", r.Epoch, 0),
		token("known", r.Known, 0),
		natural("last_n", r.LastN),
		natural("limit_bytes", int64(r.Limit)),
		natural("waiting", int64(r.Waiting)),
		atMost("cursors", len(r.Cursors), MaxCursors),
	)
	if err == nil && r.MaxLane != nil {
		err = lane("max_lane", *r.MaxLane)
	}
	seen := make(map[ChanLane]bool, len(r.Cursors))
	for i := 0; i < len(r.Cursors) && err == nil; i++ {
		c, at := r.Cursors[i], fmt.Sprintf("cursors[%d].", i)
		err = first(
			channel(at+"c", c.Chan), lane(at+"l", c.Lane),
			natural(at+"p", c.Pos), natural(at+"h", c.Head), natural(at+"g", c.GCBase),
			token(at+"x", c.Hash, 0),
		)
		key := ChanLane{c.Chan, c.Lane}
		if err == nil && seen[key] {
			err = office.Invalid(at+"c", "named twice")
		}
		seen[key] = true
	}
	return r, err
}

// DecodeDigest reads a question about one channel.
func DecodeDigest(body []byte) (DigestRequest, error) {
	var r DigestRequest
	if err := decode(body, &r); err != nil {
		return DigestRequest{}, err
	}
	err := first(
		id("dev", r.Device, false),
		channel("c", r.Chan), lane("l", r.Lane),
		atMost("buckets", len(r.Buckets), Buckets),
		atMost("want", len(r.Want), MaxWant),
	)
	for i := 0; i < len(r.Buckets) && err == nil; i++ {
		if b := r.Buckets[i]; b < 0 || b >= Buckets {
			err = office.Invalid(fmt.Sprintf("buckets[%d]", i), "0 to %d", Buckets-1)
		}
	}
	for i := 0; i < len(r.Want) && err == nil; i++ {
		err = first(token(fmt.Sprintf("want[%d].k", i), r.Want[i].Kind, 1), id(fmt.Sprintf("want[%d].i", i), r.Want[i].ID, false))
	}
	return r, err
}

// DecodeBlobs reads a question for files.
func DecodeBlobs(body []byte) (BlobsRequest, error) {
	var r BlobsRequest
	if err := decode(body, &r); err != nil {
		return BlobsRequest{}, err
	}
	err := first(id("dev", r.Device, false), atMost("sha256", len(r.SHA256), MaxBlobs))
	for i := 0; i < len(r.SHA256) && err == nil; i++ {
		if !office.ValidSHA256(r.SHA256[i]) {
			err = office.Invalid(fmt.Sprintf("sha256[%d]", i), "64 characters of 0–9 and a–f are needed")
		}
	}
	return r, err
}

// decode reads one JSON object into v.
func decode(body []byte, v any) error {
	if !utf8.Valid(body) {
		return office.Errorf(CodeBadRequest, "not UTF-8")
	}
	if b := bytes.TrimLeft(body, " \t\r\n"); len(b) == 0 || b[0] != '{' {
		return office.Errorf(CodeBadRequest, "a JSON object is needed")
	}
	err := json.Unmarshal(body, v)
	var te *json.UnmarshalTypeError
	switch {
	case errors.As(err, &te):
		return &office.Error{Code: CodeBadRequest, Field: te.Field, Message: "a " + te.Value + " cannot stand here"}
	case err != nil:
		return office.Errorf(CodeBadRequest, "not JSON")
	}
	return nil
}

// first is the first error of a list; it keeps a nil *office.Error out of the
// error interface.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func id(field, s string, optional bool) error {
	if s == "" && optional || office.ValidID(s) {
		return nil
	}
	return office.Invalid(field, "not an id")
}

// token is a string of machines: printable ASCII.
func token(field, s string, least int) error {
	if len(s) < least || len(s) > MaxToken {
		return office.Invalid(field, "%d to %d characters", least, MaxToken)
	}
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] > '~' {
			return office.Invalid(field, "printable ASCII only")
		}
	}
	return nil
}

// text is a short string of people: no control characters.
func text(field, s string, least, most int) error {
	n := 0
	for _, c := range s {
		if unicode.IsControl(c) {
			return office.Invalid(field, "no control characters")
		}
		n++
	}
	if n < least || n > most {
		return office.Invalid(field, "%d to %d characters", least, most)
	}
	return nil
}

func secret(field, s string) error {
	if len(s) == 0 || len(s) > MaxPassword {
		return office.Invalid(field, "1 to %d bytes", MaxPassword)
	}
	return nil
}

func channel(field string, c office.Channel) error {
	if len(c) == 0 || len(c) > MaxChannel {
		return office.Invalid(field, "1 to %d bytes", MaxChannel)
	}
	return text(field, string(c), 1, MaxChannel)
}

func lane(field string, l office.Lane) error {
	if l < office.LaneTasks || l > office.LaneRest {
		return office.Invalid(field, "%d to %d", office.LaneTasks, office.LaneRest)
	}
	return nil
}

func natural(field string, n int64) error {
	if n < 0 {
		return office.Invalid(field, "not negative")
	}
	return nil
}

func atMost(field string, n, most int) error {
	if n > most {
		return &office.Error{Code: office.CodeTooLarge, Field: field, Message: fmt.Sprintf("%d, at most %d", n, most)}
	}
	return nil
}
