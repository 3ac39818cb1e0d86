package document

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// DraftPaper begins a 发文 or a 签报, its author's alone until it is started.
type DraftPaper struct {
	ID              string   `json:"id"`
	Direction       string   `json:"direction"` // Outgoing or Internal
	Genre           string   `json:"genre"`
	Title           string   `json:"title"`
	To              []string `json:"to,omitempty"`
	CC              []string `json:"cc,omitempty"`
	Level           string   `json:"level,omitempty"`
	Urgency         string   `json:"urgency,omitempty"`
	Publicity       string   `json:"publicity,omitempty"`
	PublicityReason string   `json:"publicity_reason,omitempty"`
	Issuer          string   `json:"issuer,omitempty"`
	Copies          int      `json:"copies,omitempty"`
	Note            string   `json:"note,omitempty"`
	Form
	Unit        string          `json:"unit,omitempty"` // one of the author's; "": the main one
	Contact     string          `json:"contact,omitempty"`
	Leader      office.UserID   `json:"leader,omitempty"`
	Signer      office.UserID   `json:"signer,omitempty"`
	Cosigners   []office.UserID `json:"cosigners,omitempty"`
	CosignUnits []string        `json:"cosign_units,omitempty"`
	Leaders     []office.UserID `json:"leaders,omitempty"`
	Editors     []office.UserID `json:"editors,omitempty"`
	Series      string          `json:"series,omitempty"`
	Blocks      []Block         `json:"blocks,omitempty"`
}

func (*DraftPaper) Kind() string      { return "document.draft@1" }
func (x *DraftPaper) Locks() []string { return lockPaper(x.ID) }

// Run makes the paper. Refusals: CodeInvalid, CodeClassified (L15), and
// CodeNotPermitted for somebody who is not of the unit.
func (x *DraftPaper) Run(tx office.Tx, c office.Context) error {
	if x.Direction != Outgoing && x.Direction != Internal {
		return office.Invalid("direction", "%s or %s; incoming papers are registered", Outgoing, Internal)
	}
	h := Header{
		Direction: x.Direction, Genre: x.Genre, Title: x.Title, To: x.To, CC: x.CC, Level: x.Level, Urgency: x.Urgency,
		Publicity: x.Publicity, PublicityReason: x.PublicityReason, Issuer: x.Issuer, Copies: x.Copies, Note: x.Note, Form: x.Form,
		Drafter: c.Actor, Unit: x.Unit, Contact: x.Contact, Leader: x.Leader, Signer: x.Signer,
		Cosigners: x.Cosigners, CosignUnits: x.CosignUnits, Leaders: x.Leaders, Editors: x.Editors, Series: x.Series,
	}
	me, err := creator(tx, c.Actor)
	if err != nil {
		return err
	}
	return create(tx, c, x.ID, me, h, x.Blocks)
}

// creator reads the person who creates a paper: somebody active in the office.
func creator(tx office.Tx, who office.UserID) (directory.Official, error) {
	me, at, err := directory.People.Get(tx, string(who))
	switch {
	case err != nil:
		return me, err
	case at == office.Elsewhere:
		return me, office.ErrElsewhere()
	case at == office.Absent || !me.IsActive():
		return me, &office.Error{Code: office.CodeNotPermitted}
	}
	return me, nil
}

// create makes header, body and first version.
func create(tx office.Tx, c office.Context, id string, me directory.Official, h Header, blocks []Block) error {
	if err := office.CheckID("id", id); err != nil {
		return err
	}
	if err := h.check(); err != nil {
		return err
	}
	if err := checkBlocks(blocks); err != nil {
		return err
	}
	if err := ownPictures(nil, id, blocks); err != nil { // a new paper has no attachments
		return err
	}
	if h.Unit == "" {
		h.Unit = me.Unit
	} else if !me.InUnit(h.Unit) {
		return &office.Error{Code: office.CodeNotPermitted, Field: "unit"}
	}
	if err := checkSeries(tx, h.Series, h.Direction); err != nil {
		return err
	}
	h.Reading = me.Pinyin
	h.Rev = 1
	h.Created = office.Millis(c.Now)
	h.Updated = h.Created
	h.ContentHash = ContentHash(h.Elements(), blocks)
	if err := Headers.Insert(tx, id, h); err != nil {
		return err
	}
	if err := Bodies.InsertUnder(tx, id, id, Body{Blocks: own(blocks)}); err != nil {
		return err
	}
	return keep(tx, c, id, h, blocks, nil)
}

// keep stores a version.
func keep(tx office.Tx, c office.Context, id string, h Header, blocks []Block, files []File) error {
	return Versions.InsertUnder(tx, id, c.NewID("version"), Version{
		Rev: h.Rev, Author: c.Actor, At: office.Millis(c.Now), Claimed: office.Millis(c.Claimed), Hash: h.ContentHash,
		Header: h.Elements(), Blocks: own(blocks), Files: files,
	})
}

// own makes an empty list of none, so that a body always has one.
func own(blocks []Block) []Block {
	if blocks == nil {
		return []Block{}
	}
	return blocks
}

// checkSeries refuses a series that is not there or numbers other papers.
func checkSeries(tx office.Tx, id, direction string) error {
	if id == "" {
		return nil
	}
	s, at, err := AllSeries.Get(tx, id)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		return office.Invalid("series", "there is no series %s", id)
	case s.Direction != direction:
		return office.Invalid("series", "%s numbers other papers", s.Code)
	}
	return nil
}
