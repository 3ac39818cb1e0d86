package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Page is a document page, read in one go. Its Seen is computed from the very
// elements and blocks it returns, never copied from a record: an act on the
// page carries it back.
func (s *Documents) Page(id string) (DocumentPage, error) {
	return signedIn(s.core, "Documents.Page", func(ctx context.Context, a *at) (DocumentPage, error) {
		a, online, err := a.reach(ctx, id)
		if err != nil {
			return DocumentPage{}, err
		}
		h, ok, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return DocumentPage{}, err
		}
		if !ok {
			return DocumentPage{}, &office.Error{Code: office.CodeNotFound, Field: document.Headers.Name, Message: id}
		}
		names := a.names(ctx)
		p := a.pageOf(names, id, h.Value)
		p.Online = online
		if p.Pinned, err = a.isPinned(ctx, id); err != nil {
			return p, err
		}
		if p.Elements.Series != "" {
			if x, ok, err := get(ctx, a, document.AllSeries, p.Elements.Series); err != nil {
				return p, err
			} else if ok {
				p.Elements.Series = x.Value.Code
			}
		}
		body, ok, err := get(ctx, a, document.Bodies, id)
		if err != nil {
			return p, err
		}
		if p.Body = ok; ok {
			for _, b := range body.Value.Blocks {
				p.Blocks = append(p.Blocks, Block(b))
			}
			files, err := a.filesOf(ctx, id)
			if err != nil {
				return p, err
			}
			p.Seen = document.ContentHash(h.Value.Elements(), body.Value.Blocks, files...)
			p.Intact = p.Seen == h.Value.ContentHash
			a.opened.note(a.uid, id, p.Seen)
		}
		m, err := a.paperMarks(ctx)
		if err != nil {
			return p, err
		}
		if p.Mark = m.of(id); online && p.Mark == MarkNone {
			p.Mark = MarkOnline
		}
		for _, fill := range []func(context.Context, *book, *DocumentPage, document.Header) error{
			a.fillVersions, a.fillCopies, a.fillFlow, a.fillChoices,
		} {
			if err := fill(ctx, names, &p, h.Value); err != nil {
				return p, err
			}
		}
		return p, nil
	})
}

func (a *at) pageOf(names *book, id string, h document.Header) DocumentPage {
	p := DocumentPage{
		ID: id, Kind: h.Direction, State: h.FlowState, Rev: h.Rev,
		Drafter: names.name(h.Drafter), Phone: h.Contact, Unit: names.unit(h.Unit), Updated: h.Updated,
		Instance: h.Flow, Ending: ending(h),
		Elements: Elements{
			Title: h.Title, Genre: h.Genre, Number: h.Number, NumberState: h.NumberState, Series: h.Series,
			Issuer: h.Issuer, Urgency: h.Urgency, Level: h.Level, Publicity: h.Publicity, To: h.To, CC: h.CC,
			Copies: h.Copies, Note: h.Note, Form: Form(h.Form), Template: h.Template, From: h.From, FromNumber: h.FromNumber, Received: h.Received,
			Handling: h.Handling, Limit: h.Limit, Due: h.FlowDue,
		},
		Standing: h.Standing, Basis: h.StandingBasis, Void: h.StandingFrom,
		MayEdit: mayEdit(h, a.uid),
		MayDrop: h.Drafter == a.uid && h.FlowState == document.Draft && h.Flow == "" && h.NumberState == document.NumberNone,
	}
	if h.NumberWish != nil && h.Number == "" {
		p.Elements.NumberWish = h.NumberWish.N
	}
	if h.Leader != "" {
		p.Leader = names.name(h.Leader)
	}
	if h.Signer != "" {
		p.Signer = names.name(h.Signer)
	}
	return p
}

// mayEdit foresees whether document.Edit would let the person change the paper;
// Run decides.
func mayEdit(h document.Header, who office.UserID) bool {
	author := h.Drafter == who || slices.Contains(h.Editors, who)
	asked := slices.Contains(h.FlowEditors, who)
	switch h.FlowState {
	case document.Draft:
		return author
	case document.Returned:
		return author || asked
	case document.Running:
		return asked
	}
	return false
}

func (a *at) fillVersions(ctx context.Context, names *book, p *DocumentPage, _ document.Header) error {
	rows, err := list(ctx, a, document.Versions, office.Query{
		View: "document", Order: "rev", Desc: true, Where: []office.Cond{office.Where("root", p.ID)},
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		v := r.Value
		p.Versions = append(p.Versions, VersionRow{
			ID: r.ID, Rev: v.Rev, By: names.name(v.Author), At: v.At, Now: v.Hash == p.Seen,
			Unit: names.unitOf(v.Author), Claimed: v.Claimed,
		})
	}
	return nil
}

func (a *at) fillCopies(ctx context.Context, names *book, p *DocumentPage, _ document.Header) error {
	rows, err := list(ctx, a, approval.Copies, office.Query{
		View: "subject", Order: "sent", Where: []office.Cond{office.Where("subject", p.ID)},
	})
	if err != nil {
		return err
	}
	pending, err := a.desk.PendingOf(ctx, approval.Copies.Name)
	if err != nil {
		return err
	}
	purged, err := a.purged(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		v := r.Value
		c := CopyRow{
			ID: r.ID, Who: names.name(v.To), Unit: names.unitOf(v.To), From: names.name(v.From), Ask: v.Words,
			Sent: v.Sent, Read: v.Read, Mine: v.To == a.uid, Sort: v.Sort,
		}
		if v.State == approval.CopyRecalled {
			c.Recalled, c.Why = true, v.Why
			for _, state := range purged[r.ID] {
				c.Desks++
				c.Gone += boolInt(state == approval.PurgeGone)
				c.Lost += boolInt(state == approval.PurgeLost)
			}
		}
		for _, x := range v.Remarks {
			c.Words = cmp.Or(x.Words, c.Words)
		}
		if len(pending[r.ID]) > 0 {
			c.Mark = MarkWait
		}
		if c.Mine && v.State == approval.CopyUnread && p.CopyID == "" {
			p.CopyID = r.ID
		}
		p.Copies = append(p.Copies, c)
	}
	return nil
}

// purged are the states of the machines that were told to purge copies of a paper
// which the person took back, by copy.
func (a *at) purged(ctx context.Context, paper string) (map[string][]string, error) {
	mine, err := list(ctx, a, approval.Purges, office.Query{View: "subject", Order: "at", Where: []office.Cond{office.Where("subject", paper)}})
	if err != nil || len(mine) == 0 {
		return nil, err
	}
	out := map[string][]string{}
	for _, x := range mine {
		desks, err := children(ctx, a, approval.PurgeDesks, x.ID)
		if err != nil {
			return nil, err
		}
		for _, d := range desks {
			for _, id := range x.Value.Copies[d.Value.Reader] {
				out[id] = append(out[id], d.Value.State)
			}
		}
	}
	return out, nil
}

// fillChoices finds the flows that the person may start with the paper.
func (a *at) fillChoices(ctx context.Context, _ *book, p *DocumentPage, h document.Header) error {
	if h.Direction == document.Incoming && h.From != "" && h.FromNumber != "" {
		same, err := list(ctx, a, document.Headers, office.Query{View: "duplicates", Where: []office.Cond{
			office.Where("from", h.From), office.Where("from_number", h.FromNumber),
		}})
		if err != nil {
			return err
		}
		for _, x := range same {
			if x.ID != p.ID {
				p.Duplicate = x.ID
			}
		}
	}
	if h.Drafter != a.uid || h.FlowState != document.Draft || h.Flow != "" {
		return nil
	}
	defs, err := list(ctx, a, approval.Definitions, office.Query{
		View: "all", Where: []office.Cond{office.Where("state", approval.DefinitionPublished)},
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	// Those made for this paper, for papers of its direction, for any.
	var ranked [3][]FlowChoice
	newest := map[string]int{} // what would be started (W39)
	for _, d := range defs {
		newest[d.Value.Key] = max(newest[d.Value.Key], d.Value.Version)
	}
	for _, d := range defs {
		v := d.Value
		if v.Version != newest[v.Key] || v.Child || !slices.Contains(v.Subjects, document.Headers.Name) || !fits(v, h.Direction) {
			continue
		}
		made, err := v.MadeFor(body)
		if err != nil {
			return err
		}
		rank := 2
		switch {
		case made:
			rank = 0
		case slices.ContainsFunc(v.Requires, func(r approval.Cond) bool { return r.Field == "direction" }):
			rank = 1
		}
		ranked[rank] = append(ranked[rank], FlowChoice{ID: v.Key, Name: v.Name})
	}
	p.Flows = slices.Concat(ranked[:]...)
	return nil
}

// fits reports whether a flow is for papers of a direction; what else it
// requires is said by the refusal that names the field.
func fits(d approval.Definition, direction string) bool {
	for _, r := range d.Requires {
		if r.Field == "direction" && r.Op == approval.OpIs && r.Value != direction {
			return false
		}
	}
	return true
}
