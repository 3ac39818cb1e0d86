package seal

import (
	"encoding/hex"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"

	"qianshao/syncserver/office"
)

// A Key is a public key of the server, a record of kind seal.key whose id is
// made of the key. None is ever deleted: what an old key signed stays proven.
type Key struct {
	Public  string `json:"public"` // uncompressed point, hex
	Created int64  `json:"created"`
	Retired int64  `json:"retired,omitempty"` // since when another key signs
	By      string `json:"by,omitempty"`      // id of the key before, which vouches for this one
	Sig     string `json:"sig,omitempty"`     // its signature of this key's id
}

// Keys reach everybody: whoever sees a trace can verify it.
var Keys = office.Of[Key]{Kind: &office.Kind{
	Name: "seal.key", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "created", Type: office.Time}, {Name: "retired", Type: office.Time}},
	Views:  []office.View{{Name: "all", Filters: []string{"retired"}, Orders: []string{"created"}}},
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.Org}, nil
	},
}}

// KeyID names a public key: the first 16 bytes of its SM3.
func KeyID(public string) string {
	sum := sm3.Sum([]byte(public))
	return "sm2-" + hex.EncodeToString(sum[:16])
}

// PublishKey makes a new key known and, with By, says that it follows another
// one, which is retired. The system alone gives it.
type PublishKey struct {
	Public string `json:"public"`
	By     string `json:"by,omitempty"`
	Sig    string `json:"sig,omitempty"`
}

func (*PublishKey) Kind() string    { return "seal.publish_key@1" }
func (*PublishKey) Locks() []string { return []string{"seal:key"} }

// Run stores the key. CodeNotPermitted for anybody but the system, CodeInvalid
// for what is no key or is not vouched for by the key before.
func (x *PublishKey) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	raw, err := hex.DecodeString(x.Public)
	if err != nil {
		return office.Invalid("public", "not hex")
	}
	if _, err := sm2.NewPublicKey(raw); err != nil {
		return office.Invalid("public", "not a point of SM2")
	}
	id := KeyID(x.Public)
	if x.By != "" {
		before, err := Keys.Need(tx, x.By)
		if err != nil {
			return err
		}
		if !Signed(before.Public, id, x.Sig) {
			return office.Invalid("sig", "%s does not vouch for the key", x.By)
		}
		if before.Retired == 0 { // it may be already: a change that was broken off and begun again
			if err := Keys.Patch(tx, x.By, office.Fields{"retired": office.Millis(c.Now)}); err != nil {
				return err
			}
		}
	}
	return Keys.Insert(tx, id, Key{Public: x.Public, Created: office.Millis(c.Now), By: x.By, Sig: x.Sig})
}

// Kinds are the room's kinds.
func Kinds() []*office.Kind { return []*office.Kind{Keys.Kind} }

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "seal.publish_key@1", New: func() office.Command { return new(PublishKey) }, Class: office.Online},
	}
}
