package bridge

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// Compare is two versions of a paper side by side, the older one left, whatever
// the order they are named in.
func (s *Documents) Compare(id, one, other string) (Comparison, error) {
	return signedIn(s.core, "Documents.Compare", func(ctx context.Context, a *at) (Comparison, error) {
		var sides []item[document.Version]
		for _, v := range []string{one, other} {
			x, ok, err := get(ctx, a, document.Versions, v)
			if err != nil {
				return Comparison{}, err
			}
			if !ok || x.Root != id {
				return Comparison{}, &office.Error{Code: office.CodeNotFound, Field: document.Versions.Name, Message: v}
			}
			sides = append(sides, x)
		}
		if sides[0].Value.Rev > sides[1].Value.Rev {
			slices.Reverse(sides)
		}
		l, r := sides[0].Value, sides[1].Value
		names := a.names(ctx)
		c := Comparison{Left: versionRow(names, sides[0]), Right: versionRow(names, sides[1]), Rows: pairs(l.Blocks, r.Blocks)}
		var err error
		if c.Elements, err = elementDiffs(l.Header, r.Header); err != nil {
			return c, err
		}
		c.Changed = len(c.Elements)
		for _, p := range c.Rows {
			if p.State != pairSame {
				c.Changed++
			}
		}
		return c, nil
	})
}

func versionRow(names *book, x item[document.Version]) VersionRow {
	v := x.Value
	return VersionRow{ID: x.ID, Rev: v.Rev, By: names.name(v.Author), Unit: names.unitOf(v.Author), At: v.At, Claimed: v.Claimed}
}

// States of a pair of blocks.
const (
	pairSame    = "same"
	pairChanged = "changed"
	pairAdded   = "added"
	pairRemoved = "removed"
	pairMoved   = "moved" // stands elsewhere on the other side
)

// pairs sets two texts side by side: blocks that are in the same order on both
// sides face each other; one that was moved stands alone at both its places.
func pairs(before, now []document.Block) []BlockPair {
	ids := func(l []document.Block) []string {
		out := make([]string, len(l))
		for i, b := range l {
			out[i] = b.ID
		}
		return out
	}
	here := func(l []document.Block, id string) bool {
		return slices.ContainsFunc(l, func(b document.Block) bool { return b.ID == id })
	}
	var out []BlockPair
	left := func(b document.Block) {
		p := BlockPair{State: pairRemoved, BeforeType: typeOf(b), Before: whole(b.Text)}
		if here(now, b.ID) {
			p.State, p.Before = pairMoved, plain(b.Text)
		}
		out = append(out, p)
	}
	right := func(b document.Block) {
		p := BlockPair{State: pairAdded, AfterType: typeOf(b), After: whole(b.Text)}
		if here(before, b.ID) {
			p.State, p.After = pairMoved, plain(b.Text)
		}
		out = append(out, p)
	}
	i, j := 0, 0
	for _, m := range append(common(ids(before), ids(now)), [2]int{len(before), len(now)}) {
		for ; i < m[0]; i++ {
			left(before[i])
		}
		for ; j < m[1]; j++ {
			right(now[j])
		}
		if i == len(before) {
			break
		}
		b, n := before[i], now[j]
		p := BlockPair{State: pairSame, BeforeType: typeOf(b), AfterType: typeOf(n), Before: plain(b.Text), After: plain(n.Text)}
		if b.Text != n.Text {
			p.State = pairChanged
			p.Before, p.After = pieces(b.Text, n.Text)
		} else if b.Type != n.Type || b.Level != n.Level || !maps.Equal(b.Attrs, n.Attrs) {
			p.State = pairChanged
		}
		p.Picture = pictureDiff(b, n)
		out = append(out, p)
		i, j = i+1, j+1
	}
	return out
}

// pictureDiff says what differs of two pictures beside their captions.
func pictureDiff(b, n document.Block) string {
	switch {
	case b.Type != document.BlockImage || n.Type != document.BlockImage || maps.Equal(b.Attrs, n.Attrs):
		return ""
	case b.Attrs[document.AttrSHA256] != n.Attrs[document.AttrSHA256]:
		return "picture"
	}
	return "size"
}

func plain(s string) []Piece {
	if s == "" {
		return nil
	}
	return []Piece{{Text: s}}
}

// typeOf names the type of a block: h1 to h4 for headings.
func typeOf(b document.Block) string {
	if b.Type == document.BlockHeading {
		return "h" + strconv.Itoa(b.Level)
	}
	return b.Type
}

// elementDiffs are the elements that differ, in the order of their names.
func elementDiffs(before, now document.Elements) ([]ElementDiff, error) {
	texts := func(e document.Elements) (map[string]string, error) {
		raw, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			return nil, err
		}
		out := map[string]string{}
		for k, v := range m {
			switch x := v.(type) {
			case string:
				out[k] = x
			case []any:
				var list []string
				for _, y := range x {
					s, _ := y.(string)
					list = append(list, s)
				}
				out[k] = strings.Join(list, "、")
			}
		}
		return out, nil
	}
	x, err := texts(before)
	if err != nil {
		return nil, err
	}
	y, err := texts(now)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(x)
	maps.Copy(all, y)
	var out []ElementDiff
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if x[k] == y[k] {
			continue
		}
		d := ElementDiff{Field: k}
		d.Before, d.After = pieces(x[k], y[k])
		out = append(out, d)
	}
	return out, nil
}

// maxBrief is how much of a text a preview shows, in characters.
const maxBrief = 240

// Peek is a paper beside its list. Looking at it is not reading it: nothing is
// signed on its strength.
func (s *Documents) Peek(id string) (Peek, error) {
	return signedIn(s.core, "Documents.Peek", func(ctx context.Context, a *at) (Peek, error) {
		h, ok, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return Peek{}, err
		}
		if !ok {
			return Peek{}, &office.Error{Code: office.CodeNotFound, Field: document.Headers.Name, Message: id}
		}
		names := a.names(ctx)
		tasks, err := a.taskOf(ctx)
		if err != nil {
			return Peek{}, err
		}
		m, err := a.paperMarks(ctx)
		if err != nil {
			return Peek{}, err
		}
		p := a.pageOf(names, id, h.Value)
		if err := a.fillFlow(ctx, names, &p, h.Value); err != nil {
			return Peek{}, err
		}
		out := Peek{ID: id, Row: a.listRow(names, h, m, tasks), Elements: p.Elements, Drafter: p.Drafter, Phone: p.Phone, Steps: p.Steps, Holders: p.Holders}
		body, ok, err := get(ctx, a, document.Bodies, id)
		if err != nil {
			return out, err
		}
		if out.Body = ok; ok {
			out.Brief = brief(body.Value.Blocks)
		}
		for _, x := range p.Areas {
			for _, o := range x.Opinions {
				if !o.Old && o.Words != "" {
					out.Words = append(out.Words, o)
				}
			}
		}
		slices.SortStableFunc(out.Words, func(x, y Opinion) int { return int(max(-1, min(1, y.At-x.At))) })
		out.Words = out.Words[:min(len(out.Words), 3)]
		return out, nil
	})
}

// brief is how a text begins, headings left out.
func brief(blocks []document.Block) string {
	var s strings.Builder
	for _, b := range blocks {
		if b.Type == document.BlockText && b.Text != "" {
			s.WriteString(b.Text)
		}
		if s.Len() > 4*maxBrief {
			break
		}
	}
	c := []rune(s.String())
	if len(c) > maxBrief {
		return string(c[:maxBrief]) + "…"
	}
	return string(c)
}
