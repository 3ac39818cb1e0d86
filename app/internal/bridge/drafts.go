package bridge

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"qianshao/app/internal/carry"
	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// Draft makes a 发文 or 签报 of the person's own.
func (s *Documents) Draft(in DraftInput) (Done, error) {
	return signedIn(s.core, "Documents.Draft", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, &document.DraftPaper{
			ID: id, Direction: in.Kind, Genre: in.Genre, Title: in.Title, To: in.To, CC: in.CC, Level: in.Level,
			Urgency: in.Urgency, Publicity: in.Publicity, PublicityReason: in.Reason, Issuer: in.Issuer,
			Copies: in.Copies, Note: in.Note, Form: document.Form(in.Form), Contact: in.Contact, Leader: office.UserID(in.Leader),
			Signer: office.UserID(in.Signer), CosignUnits: in.CosignUnits, Leaders: users(in.Leaders),
			Series: in.Series, Blocks: blocksOf(in.Blocks),
		})
	})
}

// Open is a paper as the editor begins with it.
func (s *Documents) Open(id string) (Autosave, error) {
	return signedIn(s.core, "Documents.Open", func(ctx context.Context, a *at) (Autosave, error) {
		h, ok, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return Autosave{}, err
		}
		body, here, err := get(ctx, a, document.Bodies, id)
		if err != nil {
			return Autosave{}, err
		}
		if !ok || !here {
			return Autosave{}, &office.Error{Code: office.CodeNotFound, Field: document.Headers.Name, Message: id}
		}
		v := h.Value
		in := DraftInput{
			ID: id, Kind: v.Direction, Title: v.Title, Genre: v.Genre, Urgency: v.Urgency, Level: v.Level,
			Publicity: v.Publicity, Reason: v.PublicityReason, Series: v.Series, Issuer: v.Issuer, To: v.To, CC: v.CC,
			Copies: v.Copies, Note: v.Note, Form: Form(v.Form), Contact: v.Contact, Leader: string(v.Leader), Signer: string(v.Signer),
			CosignUnits: v.CosignUnits, Leaders: ids(v.Leaders), Undertakers: ids(v.Undertakers), From: v.From,
			FromNumber: v.FromNumber, Received: v.Received, Handling: v.Handling, Limit: v.Limit,
		}
		for _, b := range body.Value.Blocks {
			in.Blocks = append(in.Blocks, Block(b))
		}
		return Autosave{Found: true, At: v.Updated, Now: in, Base: in, Rev: v.Rev}, nil
	})
}

// Save is a save point of a paper: one command for the elements, one for the
// body, each only if something differs. The answer is that of the last one.
func (s *Documents) Save(in SaveInput) (Done, error) {
	return signedIn(s.core, "Documents.Save", func(ctx context.Context, a *at) (Done, error) {
		done := Done{ID: in.Now.ID}
		c := elementChanges(in.Base, in.Now)
		if c.err != nil {
			return done, c.err
		}
		ops := blockOps(in.Base.Blocks, in.Now.Blocks)
		var err error
		if len(c.list) > 0 {
			if done, err = a.give(ctx, in.Now.ID, &document.Edit{ID: in.Now.ID, Changes: c.list}); err != nil {
				return done, err
			}
		}
		if len(ops) > 0 {
			done, err = a.give(ctx, in.Now.ID, &document.SaveBody{ID: in.Now.ID, BaseRev: in.Rev, Ops: ops})
		}
		return done, err
	})
}

func elementChanges(b, n DraftInput) *changes {
	var c changes
	c.add("title", b.Title, n.Title)
	c.add("genre", b.Genre, n.Genre)
	c.add("urgency", b.Urgency, n.Urgency)
	c.add("level", b.Level, n.Level)
	c.add("series", b.Series, n.Series)
	c.add("copies", b.Copies, n.Copies)
	c.add("note", b.Note, n.Note)
	c.add("contact", b.Contact, n.Contact)
	c.add("leaders", full(b.Leaders), full(n.Leaders))
	if n.Kind == document.Incoming {
		c.add("from", b.From, n.From)
		c.add("from_number", b.FromNumber, n.FromNumber)
		c.add("received", b.Received, n.Received)
		c.add("handling", b.Handling, n.Handling)
		c.add("limit", b.Limit, n.Limit)
		c.add("undertakers", full(b.Undertakers), full(n.Undertakers))
		return &c
	}
	c.add("to", full(b.To), full(n.To))
	c.add("cc", full(b.CC), full(n.CC))
	c.add("issuer", b.Issuer, n.Issuer)
	c.add("leader", b.Leader, n.Leader)
	c.add("signer", b.Signer, n.Signer)
	c.add("cosign_units", full(b.CosignUnits), full(n.CosignUnits))
	if n.Kind == document.Outgoing {
		c.add("publicity", b.Publicity, n.Publicity)
		c.add("publicity_reason", b.Reason, n.Reason)
		c.add("copy_no", b.Form.CopyNo, n.Form.CopyNo)
		c.add("joint", b.Form.Joint, n.Form.Joint)
		c.add("seal", b.Form.Seal, n.Form.Seal)
		c.add("sign_title", b.Form.SignTitle, n.Form.SignTitle)
		c.add("also_signed", full(b.Form.AlsoSigned), full(n.Form.AlsoSigned))
		c.add("present", full(b.Form.Present), full(n.Form.Present))
		c.add("excused", full(b.Form.Excused), full(n.Form.Excused))
		c.add("attending", full(b.Form.Attending), full(n.Form.Attending))
	}
	return &c
}

// blockOps are the operations that make one text of another: what is gone,
// then, from the top, what is new, moved or changed.
func blockOps(before, now []Block) []document.Op {
	var ops []document.Op
	old := map[string]Block{}
	for _, b := range before {
		old[b.ID] = b
	}
	kept := map[string]bool{}
	for _, b := range now {
		kept[b.ID] = true
	}
	var order []string // ids of before that stay
	for _, b := range before {
		if kept[b.ID] {
			order = append(order, b.ID)
			continue
		}
		ops = append(ops, document.Op{Op: document.OpDelete, Block: b.ID, Old: ptr(document.Block(b))})
	}
	stays := inPlace(order, now)
	after := ""
	for _, b := range now {
		o, had := old[b.ID]
		switch {
		case !had:
			ops = append(ops, document.Op{Op: document.OpInsert, Block: b.ID, After: after, New: ptr(document.Block(b))})
		case !stays[b.ID]:
			ops = append(ops, document.Op{Op: document.OpMove, Block: b.ID, After: after})
		}
		if had && !sameBlock(o, b) {
			ops = append(ops, document.Op{Op: document.OpSet, Block: b.ID, Old: ptr(document.Block(o)), New: ptr(document.Block(b))})
		}
		after = b.ID
	}
	return ops
}

// inPlace are the blocks that need not move: a longest run that is in the same
// order on both sides.
func inPlace(order []string, now []Block) map[string]bool {
	var want []string
	for _, b := range now {
		if slices.Contains(order, b.ID) {
			want = append(want, b.ID)
		}
	}
	out := map[string]bool{}
	for _, p := range common(order, want) {
		out[order[p[0]]] = true
	}
	return out
}

func sameBlock(a, b Block) bool {
	return a.Type == b.Type && a.Level == b.Level && a.Text == b.Text && maps.Equal(a.Attrs, b.Attrs)
}

func blocksOf(in []Block) []document.Block {
	out := make([]document.Block, len(in))
	for i, b := range in {
		out[i] = document.Block(b)
	}
	return out
}

func ptr[T any](v T) *T { return &v }

func ids(l []office.UserID) []string {
	out := make([]string, len(l))
	for i, u := range l {
		out[i] = string(u)
	}
	return out
}

// Register enters a 收文.
func (s *Documents) Register(in DraftInput) (Done, error) {
	return signedIn(s.core, "Documents.Register", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, &document.Register{
			ID: id, Series: in.Series, Genre: in.Genre, Title: in.Title, From: in.From, FromNumber: in.FromNumber,
			Received: in.Received, Copies: in.Copies, Level: in.Level, Urgency: in.Urgency, Handling: in.Handling,
			Limit: in.Limit, Note: in.Note, Leaders: users(in.Leaders), Undertakers: users(in.Undertakers),
			Blocks: blocksOf(in.Blocks),
		})
	})
}

// Discard deletes a paper that was never started.
func (s *Documents) Discard(id string) (Done, error) {
	return signedIn(s.core, "Documents.Discard", func(ctx context.Context, a *at) (Done, error) {
		if err := a.desk.DeleteDraft(ctx, draftKey(id)); err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, &document.Discard{ID: id})
	})
}

// draftKey names what is kept between save points; a paper that is not made
// yet goes by the kind it will be.
func draftKey(id string) string { return carry.AutosavePrefix + id }

// Keep stores what the editor holds, between save points, on this desk alone.
func (s *Documents) Keep(key string, x Autosave) error {
	return do(s.core, "Documents.Keep", func(ctx context.Context, a *at) error {
		x.Found, x.At = true, office.Millis(a.now)
		raw, err := json.Marshal(x)
		if err != nil {
			return err
		}
		// An editor that is open while its paper is taken away goes on writing.
		if x.Now.ID != "" && !a.desk.Status().Locked {
			if _, here, err := a.desk.Get(ctx, document.Headers.Name, x.Now.ID); err != nil {
				return err
			} else if !here {
				_, _, own := carry.Own(engine.Draft{Key: draftKey(key), Body: raw, At: x.At})
				if own == nil {
					return nil
				}
				return a.desk.SaveDraft(ctx, own.Key, own.Body)
			}
		}
		return a.desk.SaveDraft(ctx, draftKey(key), raw)
	})
}

// Kept is what Keep stored last; Found is false if there is nothing.
func (s *Documents) Kept(key string) (Autosave, error) {
	return signedIn(s.core, "Documents.Kept", func(ctx context.Context, a *at) (Autosave, error) {
		var x Autosave
		d, ok, err := a.desk.Draft(ctx, draftKey(key))
		if err != nil || !ok {
			return x, err
		}
		return x, json.Unmarshal(d.Body, &x)
	})
}

// Lost are the person's own words from the editor of a paper that was taken from
// them; "" for none.
func (s *Documents) Lost(id string) (string, error) {
	return signedIn(s.core, "Documents.Lost", func(ctx context.Context, a *at) (string, error) {
		d, ok, err := a.desk.Draft(ctx, carry.LostPrefix+id)
		if err != nil || !ok {
			return "", err
		}
		var words string
		return words, json.Unmarshal(d.Body, &words)
	})
}

// ForgetLost drops them: the person has taken what they need.
func (s *Documents) ForgetLost(id string) error {
	return do(s.core, "Documents.ForgetLost", func(ctx context.Context, a *at) error {
		return a.desk.DeleteDraft(ctx, carry.LostPrefix+id)
	})
}

// Forget drops what Keep stored: it was saved, or given up.
func (s *Documents) Forget(key string) error {
	return do(s.core, "Documents.Forget", func(ctx context.Context, a *at) error {
		return a.desk.DeleteDraft(ctx, draftKey(key))
	})
}
