package seal

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"

	"qianshao/syncserver/office"
)

// Kinds of record that the trace is made of, and the fields of an event that
// the seal adds. Package approval declares them.
const (
	InstanceKind = "approval.instance"
	EventKind    = "approval.event"
	OpinionKind  = "approval.opinion"

	FieldPrev  = "prev"       // of an event: hash of the event before, "" for the first
	FieldSum   = "sum"        // of an event: Words of the opinion it names
	FieldHash  = "hash"       // of an event
	FieldSig   = "sig"        // of an event: the server's signature of the hash
	FieldKey   = "key"        // of an event: id of the key that signed
	FieldSalts = "salts"      // of an opinion: one for each of its former wordings and one for the present
	FieldHead  = "trace_head" // of an instance: hash of its last event
)

// Words is what an event holds instead of words: SM3 of salt and words, in hex.
func Words(salt, words string) string {
	sum := sm3.Sum([]byte(salt + words))
	return hex.EncodeToString(sum[:])
}

// Hash is SM3, in hex, of an event's fixed form: the instance, the event's id and
// every field of its body, known or not, but the hash and what signs it, as
// canonical JSON.
func Hash(event office.Record) (string, error) {
	f, err := event.Fields()
	if err != nil {
		return "", err
	}
	for _, name := range []string{FieldHash, FieldSig, FieldKey} {
		delete(f, name)
	}
	body, err := office.Canonical(f)
	if err != nil {
		return "", fmt.Errorf("event %s: %w", event.ID, err)
	}
	form := strings.Join([]string{"qianshao-trace-1", event.Root, event.ID, string(body)}, "\n")
	sum := sm3.Sum([]byte(form))
	return hex.EncodeToString(sum[:]), nil
}

// Sign is the signature of a hash by a private key of SM2, in hex. The same key
// and hash give the same signature (RFC 6979 with SM3).
func Sign(private *sm2.PrivateKey, hash string) (string, error) {
	sig, err := sm2.SignDeterministic(private, []byte(hash), sm2.NewSM2SignerOption(true, nil))
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return hex.EncodeToString(sig), nil
}

// Signed reports whether a signature of a hash is by the owner of a public key,
// both in hex.
func Signed(public, hash, sig string) bool {
	p, err := hex.DecodeString(public)
	if err != nil {
		return false
	}
	s, err := hex.DecodeString(sig)
	if err != nil {
		return false
	}
	key, err := sm2.NewPublicKey(p)
	if err != nil {
		return false
	}
	return sm2.VerifyASN1WithSM2(key, nil, []byte(hash), s)
}

// event is what the seal reads of an event.
type event struct {
	N       int    `json:"n"`
	Opinion string `json:"opinion"`
	Prev    string `json:"prev"`
	Sum     string `json:"sum"`
	Hash    string `json:"hash"`
	Sig     string `json:"sig"`
	Key     string `json:"key"`
}

// opinion is what the seal reads of an opinion: present words, former ones,
// oldest first, and a salt for each.
type opinion struct {
	Words  string `json:"words"`
	Former []struct {
		Words string `json:"words"`
	} `json:"former"`
	Salts []string `json:"salts"`
}

// wordings are all wordings, the present one last.
func (o opinion) wordings() []string {
	out := make([]string, 0, len(o.Former)+1)
	for _, f := range o.Former {
		out = append(out, f.Words)
	}
	return append(out, o.Words)
}

func decode(r office.Record, v any) error {
	if err := json.Unmarshal(r.Body, v); err != nil {
		return fmt.Errorf("decode %s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}
