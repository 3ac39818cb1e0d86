package protocol_test

import (
	"testing"

	. "qianshao/syncserver/protocol"
)

func TestDigestIgnoresOrderAndSeesEverythingElse(t *testing.T) {
	a := Cursor{Chan: "org", Lane: 1, Pos: 5, Head: 5, Hash: "aa", GCBase: 1}
	b := Cursor{Chan: "u:x", Lane: 0, Pos: 9, Head: 9, Hash: "bb"}
	d := Digest([]Cursor{a, b})
	if d == "" || d != Digest([]Cursor{b, a}) {
		t.Errorf("the order counts: %q", d)
	}
	if len(d) != 32 {
		t.Errorf("digest %q", d)
	}
	for name, change := range map[string]func(c *Cursor){
		"chan": func(c *Cursor) { c.Chan = "orh" }, "lane": func(c *Cursor) { c.Lane = 2 },
		"head": func(c *Cursor) { c.Head, c.Pos = 6, 6 }, "hash": func(c *Cursor) { c.Hash = "ab" },
	} {
		c := a
		change(&c)
		if Digest([]Cursor{c, b}) == d {
			t.Errorf("another %s gives the same digest", name)
		}
	}
	gc := a
	gc.GCBase = 2
	if Digest([]Cursor{gc, b}) != d {
		t.Error("the gc base counts")
	}
	undrained := a
	undrained.Pos = 4
	if got := Digest([]Cursor{undrained, b}); got != "" {
		t.Errorf("an undrained channel has digest %q", got)
	}
	if Digest(nil) == "" {
		t.Error("no channels: a desk of nothing has a digest too")
	}
}
