package bridge

import (
	"context"
	"encoding/json"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Gaps is the 断号台账 of a series: numbers no paper has, and why. Those who do not
// fill the 文书 post see none.
func (s *Documents) Gaps(series string) ([]GapRow, error) {
	return signedIn(s.core, "Documents.Gaps", func(ctx context.Context, a *at) ([]GapRow, error) {
		if err := office.CheckID("series", series); err != nil {
			return nil, err
		}
		names := a.names(ctx)
		rows, err := list(ctx, a, document.Gaps, office.Query{View: "series", Where: []office.Cond{office.Where("series", series)}})
		if err != nil {
			return nil, err
		}
		var out []GapRow
		for _, r := range rows {
			v := r.Value
			out = append(out, GapRow{
				Series: v.Series, Code: v.Code, Year: v.Year, From: v.From, To: v.To, State: v.State, Words: v.Words,
				Document: v.Document, By: names.name(v.By), At: v.At,
			})
		}
		return out, nil
	})
}

// ReserveNumbers sets the next numbers of a series aside.
func (s *Documents) ReserveNumbers(in NumberInput) (Done, error) {
	return signedIn(s.core, "Documents.ReserveNumbers", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Series, &document.ReserveNumbers{Series: in.Series, Year: in.Year, Count: in.N, Words: in.Words})
	})
}

// ChooseNumber puts a number down for a paper, which gets it at 登记.
func (s *Documents) ChooseNumber(in NumberInput) (Done, error) {
	return signedIn(s.core, "Documents.ChooseNumber", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &document.ChooseNumber{ID: in.Document, Year: in.Year, N: in.N, Words: in.Words})
	})
}

// VoidNumber strikes a number off.
func (s *Documents) VoidNumber(in NumberInput) (Done, error) {
	return signedIn(s.core, "Documents.VoidNumber", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Series, &document.VoidNumber{Series: in.Series, Year: in.Year, N: in.N, Words: in.Words})
	})
}

// Annul records that an issued paper was revoked or abolished.
func (s *Documents) Annul(in AnnulInput) (Done, error) {
	return signedIn(s.core, "Documents.Annul", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.Document, &document.Annul{ID: in.Document, Standing: in.Standing, Basis: in.Basis, Paper: in.Paper, From: in.From})
	})
}

// Changes are what changed in a paper since 签发, for 复核 to classify (L9).
func (s *Documents) Changes(id string) (ChangesView, error) {
	return signedIn(s.core, "Documents.Changes", func(ctx context.Context, a *at) (ChangesView, error) {
		var out ChangesView
		h, ok, err := get(ctx, a, document.Headers, id)
		if err != nil || !ok || h.Value.Flow == "" {
			return out, err
		}
		inst, ok, err := get(ctx, a, approval.Instances, h.Value.Flow)
		if err != nil || !ok || inst.Value.Signed == nil || inst.Value.Signed.Hash == h.Value.ContentHash {
			return out, err
		}
		versions, err := children(ctx, a, document.Versions, id)
		if err != nil {
			return out, err
		}
		var before, after document.Version
		for _, v := range versions {
			switch v.Value.Hash {
			case inst.Value.Signed.Hash:
				before = v.Value
			case h.Value.ContentHash:
				after = v.Value
			}
		}
		if before.Hash == "" || after.Hash == "" { // not all here yet
			return out, nil
		}
		out.From, out.To = before.Hash, after.Hash
		for _, c := range document.Compare(before, after) {
			x, y := pieces(plainText(c.Before), plainText(c.After))
			out.List = append(out.List, ChangeRow{Place: c.Place, Difference: Difference{Before: x, After: y}})
		}
		return out, nil
	})
}

// Classify tells what 复核 found of each change after 签发.
func (s *Documents) Classify(in ClassifyInput) (Done, error) {
	return signedIn(s.core, "Documents.Classify", func(ctx context.Context, a *at) (Done, error) {
		x := &document.Classify{ID: in.Document, From: in.From, To: in.To}
		for _, c := range in.Changes {
			x.Changes = append(x.Changes, document.ChangeVerdict{Place: c.Place, Sort: c.Sort, Words: c.Words})
		}
		return a.give(ctx, in.Document, x)
	})
}

// plainText is what a person reads of a value of one side: a text, a list of
// names, or a block's text.
func plainText(raw json.RawMessage) string {
	var text string
	var names []string
	var block document.Block
	switch {
	case len(raw) == 0:
	case json.Unmarshal(raw, &text) == nil:
	case json.Unmarshal(raw, &names) == nil:
		for i, n := range names {
			if i > 0 {
				text += "、"
			}
			text += n
		}
	case json.Unmarshal(raw, &block) == nil:
		text = block.Text
	}
	return text
}
