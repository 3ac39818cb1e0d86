package document

import (
	"qianshao/syncserver/office"
)

// SaveBody is a save point of the text: operations on blocks, each with the
// block its author saw, merged with whatever happened to it meanwhile.
type SaveBody struct {
	ID      string `json:"id"`
	BaseRev int64  `json:"base_rev"` // the revision its author began from
	Ops     []Op   `json:"ops"`
}

// An Op is one operation on a block.
type Op struct {
	Op    string `json:"op"` // OpSet …
	Block string `json:"block"`
	After string `json:"after,omitempty"` // insert, move: the block before it; "": the beginning
	Old   *Block `json:"old,omitempty"`   // set, delete: as its author saw it
	New   *Block `json:"new,omitempty"`   // set, insert
}

// Operations.
const (
	OpSet    = "set"
	OpInsert = "insert"
	OpDelete = "delete"
	OpMove   = "move"
)

func (*SaveBody) Kind() string      { return "document.save_body@1" }
func (x *SaveBody) Locks() []string { return lockPaper(x.ID) }

// Run merges the operations and keeps the version. Where both sides changed the
// same words, the text stays as it is and the author's side goes into a
// conflict on the field "block:<id>", with blocks as its values. CodeNoBlob for
// a block with a picture that is not among the paper's attachments.
func (x *SaveBody) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	h, err := Headers.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if err := mayEdit(h, c.Actor); err != nil {
		return err
	}
	body, err := Bodies.Need(tx, x.ID)
	if err != nil {
		return err
	}
	m := merging{blocks: body.Blocks}
	for _, op := range x.Ops {
		m.apply(op)
	}
	if err := checkBlocks(m.blocks); err != nil {
		return err
	}
	if err := ownPictures(tx, x.ID, m.blocks); err != nil {
		return err
	}
	if err := x.settleConflicts(tx, c, h, m); err != nil {
		return err
	}
	switch {
	case m.merged:
		tx.Note(office.NoteMerged)
	case x.BaseRev != h.Rev:
		tx.Note(office.NoteRebased)
	}
	_, with, err := files(tx, x.ID)
	if err != nil {
		return err
	}
	if ContentHash(h.Elements(), m.blocks, with...) == h.ContentHash {
		return nil
	}
	if err := Bodies.Patch(tx, x.ID, office.Fields{"blocks": own(m.blocks)}); err != nil {
		return err
	}
	return settle(tx, c, x.ID, h)
}

// settleConflicts keeps what could not be merged and closes what its author has
// now decided by setting the block as it is.
func (x *SaveBody) settleConflicts(tx office.Tx, c office.Context, h Header, m merging) error {
	for _, k := range m.conflicts {
		base, mine, theirs, err := k.encode()
		if err != nil {
			return err
		}
		if err := office.KeepConflict(tx, c, Bodies.Name, x.ID, "block:"+k.block, h.Title, base, mine, theirs); err != nil {
			return err
		}
	}
	for _, block := range m.decided {
		id := office.ConflictID(Bodies.Name, x.ID, "block:"+block, c.Actor)
		k, at, err := office.Conflicts.Get(tx, id)
		if err != nil {
			return err
		}
		if at == office.Present && k.State == office.ConflictOpen {
			if err := office.Conflicts.Patch(tx, id, office.Fields{"state": office.ConflictClosed}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *SaveBody) check() error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if len(x.Ops) == 0 || len(x.Ops) > maxOps {
		return office.Invalid("ops", "1 to %d operations", maxOps)
	}
	for _, op := range x.Ops {
		if err := op.check(); err != nil {
			return err
		}
	}
	return nil
}

func (op Op) check() error {
	if err := office.CheckID("block", op.Block); err != nil {
		return err
	}
	field := "block:" + op.Block
	if op.After != "" {
		if err := office.CheckID(field, op.After); err != nil {
			return err
		}
	}
	var wantOld, wantNew bool
	switch op.Op {
	case OpSet:
		wantOld, wantNew = true, true
	case OpInsert:
		wantNew = true
	case OpDelete:
		wantOld = true
	case OpMove:
		if op.After == op.Block {
			return office.Invalid(field, "a block cannot follow itself")
		}
	default:
		return office.Invalid(field, "%q is no operation", op.Op)
	}
	if wantOld != (op.Old != nil) || wantNew != (op.New != nil) {
		return office.Invalid(field, "%s carries the old block, the new one, or both", op.Op)
	}
	if op.Op == OpSet && (op.Old.Type == BlockImage) != (op.New.Type == BlockImage) {
		return office.Invalid(field, "a picture stays a picture")
	}
	for _, b := range []*Block{op.Old, op.New} {
		if b == nil {
			continue
		}
		if b.ID != op.Block {
			return office.Invalid(field, "the block has another id")
		}
		if err := checkBlock(*b); err != nil {
			return err
		}
	}
	return nil
}
