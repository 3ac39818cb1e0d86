package document

import (
	"encoding/json"
	"maps"
	"slices"
)

// merging applies operations to the present blocks.
type merging struct {
	blocks    []Block
	merged    bool       // somebody else's words and the author's were joined
	conflicts []conflict // what could not be joined: the present block stays
	decided   []string   // blocks that the author set, or deleted, knowing how they are now
}

// conflict is a block that both sides changed in the same place.
type conflict struct {
	block              string
	base, mine, theirs *Block // nil: no such block on that side
}

func (k conflict) encode() (base, mine, theirs json.RawMessage, err error) {
	for _, p := range []struct {
		b   *Block
		out *json.RawMessage
	}{{k.base, &base}, {k.mine, &mine}, {k.theirs, &theirs}} {
		if p.b == nil {
			continue
		}
		if *p.out, err = json.Marshal(p.b); err != nil {
			return nil, nil, nil, err
		}
	}
	return base, mine, theirs, nil
}

func (m *merging) apply(op Op) {
	i := slices.IndexFunc(m.blocks, func(b Block) bool { return b.ID == op.Block })
	switch op.Op {
	case OpSet:
		m.set(i, *op.Old, *op.New)
	case OpInsert:
		m.insert(i, op.After, *op.New)
	case OpDelete:
		m.delete(i, *op.Old)
	case OpMove:
		m.move(i, op.After)
	}
}

// set joins an edit with the present block: the texts three ways, word by word;
// type, level and attributes as flags, where the last writer wins.
func (m *merging) set(i int, old, want Block) {
	if i < 0 {
		// Deleted meanwhile. An edit that changes nothing is no wish to keep it.
		if !same(old, want) {
			m.conflicts = append(m.conflicts, conflict{old.ID, &old, &want, nil})
		}
		return
	}
	now := m.blocks[i]
	if same(now, want) {
		m.decided = append(m.decided, now.ID)
		return
	}
	text, ok := Merge3(old.Text, want.Text, now.Text)
	if !ok {
		m.conflicts = append(m.conflicts, conflict{old.ID, &old, &want, &now})
		text = now.Text
	} else if now.Text != old.Text && text != now.Text && text != want.Text {
		m.merged = true
	}
	next := now
	next.Text = text
	if want.Type != old.Type || want.Level != old.Level {
		next.Type, next.Level = want.Type, want.Level
	}
	if !maps.Equal(want.Attrs, old.Attrs) {
		next.Attrs = want.Attrs
	}
	if same(now, old) {
		m.decided = append(m.decided, now.ID)
	}
	m.blocks = slices.Clone(m.blocks)
	m.blocks[i] = next
}

// insert puts a block after another; if that one is gone, at the end, so that
// nothing inserted is ever lost. Inserting again what is there changes nothing;
// another block under the same id is an edit of it.
func (m *merging) insert(i int, after string, want Block) {
	if i >= 0 {
		if !same(m.blocks[i], want) {
			now := m.blocks[i]
			m.conflicts = append(m.conflicts, conflict{want.ID, nil, &want, &now})
		}
		return
	}
	m.blocks = slices.Insert(slices.Clone(m.blocks), m.place(after), want)
}

// place is the index after a block: 0 after none, the end if it is gone.
func (m *merging) place(after string) int {
	if after == "" {
		return 0
	}
	if j := slices.IndexFunc(m.blocks, func(b Block) bool { return b.ID == after }); j >= 0 {
		return j + 1
	}
	return len(m.blocks)
}

// delete removes a block that is as its author saw it; one that somebody has
// changed meanwhile stays, and the author is asked.
func (m *merging) delete(i int, old Block) {
	if i < 0 {
		return
	}
	now := m.blocks[i]
	if !same(now, old) {
		m.conflicts = append(m.conflicts, conflict{old.ID, &old, nil, &now})
		return
	}
	m.decided = append(m.decided, now.ID)
	m.blocks = slices.Delete(slices.Clone(m.blocks), i, i+1)
}

// move puts a block elsewhere; the last mover wins, and a deleted block stays
// deleted. If the block to follow is gone, it stays where it is.
func (m *merging) move(i int, after string) {
	if i < 0 || after != "" && !slices.ContainsFunc(m.blocks, func(b Block) bool { return b.ID == after }) {
		return
	}
	b := m.blocks[i]
	m.blocks = slices.Delete(slices.Clone(m.blocks), i, i+1)
	m.blocks = slices.Insert(m.blocks, m.place(after), b)
}

func same(a, b Block) bool {
	return a.ID == b.ID && a.Type == b.Type && a.Level == b.Level && a.Text == b.Text && maps.Equal(a.Attrs, b.Attrs)
}
