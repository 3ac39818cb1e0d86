package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Elements are the 公文要素 that a signer signs, apart from the blocks. What the
// office adds while the paper is handled, number, people and dates, is not
// among them.
type Elements struct {
	Direction       string   `json:"direction"`
	Genre           string   `json:"genre"`
	Title           string   `json:"title"`
	To              []string `json:"to,omitempty"`
	CC              []string `json:"cc,omitempty"`
	Level           string   `json:"level,omitempty"`
	Urgency         string   `json:"urgency,omitempty"`
	Publicity       string   `json:"publicity,omitempty"`
	PublicityReason string   `json:"publicity_reason,omitempty"`
	Issuer          string   `json:"issuer,omitempty"`
	Note            string   `json:"note,omitempty"`
	Form
	From       string `json:"from,omitempty"`
	FromNumber string `json:"from_number,omitempty"`
}

// Elements are the header's part of the content.
func (h Header) Elements() Elements {
	return Elements{
		Direction: h.Direction, Genre: h.Genre, Title: h.Title, To: h.To, CC: h.CC, Level: h.Level, Urgency: h.Urgency,
		Publicity: h.Publicity, PublicityReason: h.PublicityReason, Issuer: h.Issuer, Note: h.Note, Form: h.Form,
		From: h.From, FromNumber: h.FromNumber,
	}
}

// ContentHash is what an act is held against: SHA-256, in hex, over a fixed
// form of the elements and blocks. A desk computes it from what it rendered and
// never copies it from a record. Files are the paper's attachments in their
// order; without any the form is as if there were no such thing.
func ContentHash(e Elements, blocks []Block, files ...File) string {
	var b bytes.Buffer
	b.WriteString("qianshao-content-1\n")
	enc := json.NewEncoder(&b) // fields in the order of the struct, maps sorted
	enc.SetEscapeHTML(false)
	if blocks == nil {
		blocks = []Block{}
	}
	// Neither type has anything that JSON could not express.
	_ = enc.Encode(e)
	_ = enc.Encode(blocks)
	if len(files) > 0 {
		_ = enc.Encode(files)
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}
