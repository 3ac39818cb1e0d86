package seal

import (
	"crypto/hmac"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"

	"qianshao/syncserver/office"
)

// A Signer is the key that seals now. Two signers of one key seal alike.
type Signer struct {
	Key     string // id
	Private *sm2.PrivateKey
}

// NewSigner makes a signer of a private key of 32 bytes.
func NewSigner(private []byte) (*Signer, error) {
	p, err := sm2.NewPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	return &Signer{Key: KeyID(publicOf(p)), Private: p}, nil
}

// Public is the public key, in hex.
func (s *Signer) Public() string { return publicOf(s.Private) }

func publicOf(p *sm2.PrivateKey) string {
	point := make([]byte, 65)
	point[0] = 4 // uncompressed
	p.X.FillBytes(point[1:33])
	p.Y.FillBytes(point[33:])
	return hex.EncodeToString(point)
}

// Link seals an event that was just made: the salt goes to the opinion it names,
// its sum, the hash of the event before, its own and the signature to it. prev
// is the hash of the event before. It gives the event's hash.
func (s *Signer) Link(tx office.Tx, eventID, prev string) (string, error) {
	r, at, err := tx.Get(EventKind, eventID)
	if err != nil || at != office.Present {
		return "", fmt.Errorf("event %s is not there: %w", eventID, err)
	}
	var e event
	if err := decode(r, &e); err != nil {
		return "", err
	}
	if e.Hash != "" {
		return "", fmt.Errorf("event %s is sealed already", eventID)
	}
	set := office.Fields{FieldPrev: prev}
	if e.Opinion != "" {
		if set[FieldSum], err = s.salt(tx, e.Opinion); err != nil {
			return "", err
		}
	}
	if err := tx.Patch(EventKind, eventID, set); err != nil {
		return "", err
	}
	if r, _, err = tx.Get(EventKind, eventID); err != nil {
		return "", err
	}
	hash, err := Hash(r)
	if err != nil {
		return "", err
	}
	sig, err := Sign(s.Private, hash)
	if err != nil {
		return "", err
	}
	return hash, tx.Patch(EventKind, eventID, office.Fields{FieldHash: hash, FieldSig: sig, FieldKey: s.Key})
}

// salt gives an opinion's wordings the salts they lack and the sum of the
// present one. Salts come of the private key: nobody else can guess them, and a
// run that is repeated makes the same.
func (s *Signer) salt(tx office.Tx, id string) (any, error) {
	r, at, err := tx.Get(OpinionKind, id)
	if err != nil {
		return nil, err
	}
	if at != office.Present { // an event names what is not there: nothing to prove
		return nil, nil
	}
	var o opinion
	if err := decode(r, &o); err != nil {
		return nil, err
	}
	n := len(o.Former) + 1
	if len(o.Salts) < n {
		for i := len(o.Salts); i < n; i++ {
			m := hmac.New(sm3.New, s.Private.D.FillBytes(make([]byte, 32)))
			m.Write([]byte("qianshao-salt-1\n" + id + "\n" + strconv.Itoa(i)))
			o.Salts = append(o.Salts, hex.EncodeToString(m.Sum(nil)[:16]))
		}
		if err := tx.Patch(OpinionKind, id, office.Fields{FieldSalts: o.Salts}); err != nil {
			return nil, err
		}
	}
	return Words(o.Salts[n-1], o.Words), nil
}
