package document

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMerge3(t *testing.T) {
	for _, x := range []struct {
		name, base, mine, theirs, want string
		ok                             bool
	}{
		{"nobody", "甲乙", "甲乙", "甲乙", "甲乙", true},
		{"mine alone", "甲乙丙", "甲丁丙", "甲乙丙", "甲丁丙", true},
		{"theirs alone", "甲乙丙", "甲乙丙", "甲丁丙", "甲丁丙", true},
		{"the same", "甲乙丙", "甲丁丙", "甲丁丙", "甲丁丙", true},
		{"two places", "加快小区充电桩安装工作", "加快老旧小区充电桩安装工作", "加快小区充电桩建设工作", "加快老旧小区充电桩建设工作", true},
		{"one place", "完成120个点位", "完成130个点位", "完成125个点位", "", false},
		{"a number is one word", "共1,200.5元", "共1,300.5元", "共1,200.6元", "", false},
		{"a word is one word", "use WPS now", "use WPX now", "use XPS now", "", false},
		{"two insertions at one place", "甲乙", "甲我乙", "甲他乙", "甲他我乙", true},
		{"the same insertion", "甲乙", "甲也乙", "甲也乙", "甲也乙", true},
		{"the same insertion and more", "甲乙丙", "甲也乙丙", "甲也乙丁", "甲也乙丁", true},
		{"the same change and more", "甲乙丙", "丁乙丙", "丁乙戊", "丁乙戊", true},
		{"insertion before a change", "甲乙丙", "甲我乙丙", "甲丁丙", "甲我丁丙", true},
		{"insertion after a change", "甲乙丙", "甲乙我丙", "甲丁丙", "甲丁我丙", true},
		{"insertion within a deletion", "甲乙丙丁", "甲乙我丙丁", "甲丁", "", false},
		{"deletion on both sides", "甲乙丙丁", "甲丙丁", "甲乙丙", "甲丙", true},
		{"overlapping deletions", "甲乙丙丁", "甲丁", "甲乙", "", false},
		{"at the ends", "中", "前中", "中后", "前中后", true},
		{"from nothing", "", "我", "他", "他我", true},
		{"to nothing", "甲乙", "", "甲乙丙", "丙", true},
		{"change against all deleted", "甲乙", "甲丙", "", "", false},
		{"lines", "一\n二\n三", "一\n贰\n三", "一\n二\n三\n四", "一\n贰\n三\n四", true},
	} {
		got, ok := Merge3(x.base, x.mine, x.theirs)
		if got != x.want || ok != x.ok {
			t.Errorf("%s: %q %v, want %q %v", x.name, got, ok, x.want, x.ok)
		}
	}
}

func TestWords(t *testing.T) {
	if got := strings.Join(words("到2026年,WPS Office完成1,200.5元。\n"), "|"); got != "到|2026|年|,|WPS| |Office|完|成|1,200.5|元|。|\n" {
		t.Error(got)
	}
}

// edited makes one side of a merge: base with marks put in and words taken out
// or replaced; it reports the marks.
func edited(t *rapid.T, base []string, marks []rune, label string) (string, []string) {
	out := slices.Clone(base)
	var put []string
	for i := range rapid.IntRange(0, 4).Draw(t, label+" edits") {
		at := rapid.IntRange(0, len(out)).Draw(t, label+" at")
		switch rapid.SampledFrom([]string{"insert", "insert", "delete", "replace"}).Draw(t, label+" op") {
		case "insert":
			m := string(marks[i])
			out = slices.Insert(out, at, m)
			put = append(put, m)
		case "delete":
			if at < len(out) && !slices.Contains(put, out[at]) {
				out = slices.Delete(out, at, at+1)
			}
		case "replace":
			if at < len(out) && !slices.Contains(put, out[at]) {
				out[at] = string(marks[i])
				put = append(put, string(marks[i]))
			}
		}
	}
	return strings.Join(out, ""), put
}

// TestMerge3Properties: nothing that either side put in is lost or doubled,
// nothing appears from nowhere, one side alone wins, and whether a merge is
// possible does not depend on who asks.
func TestMerge3Properties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SliceOfN(rapid.SampledFrom([]string{"甲", "乙", "丙", "12", "ab", "。"}), 0, 12).Draw(t, "base")
		b := strings.Join(base, "")
		base = words(b) // "12" beside "12" is one word
		mine, my := edited(t, base, []rune("壹贰叁肆"), "mine")
		theirs, their := edited(t, base, []rune("①②③④"), "theirs")
		got, ok := Merge3(b, mine, theirs)
		_, ok2 := Merge3(b, theirs, mine)
		if ok != ok2 {
			t.Fatalf("mergeable depends on the side: %v %v", ok, ok2)
		}
		if again, _ := Merge3(b, mine, theirs); again != got {
			t.Fatal("not deterministic")
		}
		if x, ok := Merge3(b, mine, b); x != mine || !ok {
			t.Fatalf("mine alone: %q", x)
		}
		if x, ok := Merge3(b, b, theirs); x != theirs || !ok {
			t.Fatalf("theirs alone: %q", x)
		}
		if x, ok := Merge3(b, mine, mine); x != mine || !ok {
			t.Fatalf("the same on both sides: %q", x)
		}
		if !ok {
			return
		}
		for _, m := range append(my, their...) {
			if n := strings.Count(got, m); n != 1 {
				t.Fatalf("%q is in %q %d times", m, got, n)
			}
		}
		var parts []string
		for _, w := range words(got) {
			// Two words may meet where what stood between them is gone: each of
			// their pieces, all of two letters or figures, is from one side.
			for ; len(w) > 2 && w[0] < 128; w = w[2:] {
				parts = append(parts, w[:2])
			}
			parts = append(parts, w)
		}
		for _, w := range parts {
			if strings.Count(got, w) > strings.Count(mine, w)+strings.Count(theirs, w) {
				t.Fatalf("%q of %q is from neither side", w, got)
			}
		}
	})
}

// TestMerge3Apart: edits in different thirds of a text always merge, to what
// both edits in a row would give.
func TestMerge3Apart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		third := func(l string) string {
			return rapid.StringOfN(rapid.SampledFrom([]rune("甲乙丙丁")), 0, 6, -1).Draw(t, l)
		}
		a, b, c, x, y := third("a"), third("b"), third("c"), third("x"), third("y")
		// Anchors that neither side has elsewhere keep the places apart.
		base, mine, theirs := a+"首"+b+"尾"+c, x+"首"+b+"尾"+c, a+"首"+b+"尾"+y
		if got, ok := Merge3(base, mine, theirs); !ok || got != x+"首"+b+"尾"+y {
			t.Fatalf("%q %q %q: %q %v", base, mine, theirs, got, ok)
		}
	})
}

// TestHunks: applying the changes from a to b to a gives b, also where the two
// are too far apart to be compared closely.
func TestHunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SliceOfN(rapid.SampledFrom([]string{"甲", "乙", "丙"}), 0, 30)
		a, b := w.Draw(t, "a"), w.Draw(t, "b")
		if got := patched(a, hunks(a, b)); got != strings.Join(b, "") {
			t.Fatalf("%v to %v: %s", a, b, got)
		}
	})
	r := rand.New(rand.NewPCG(1, 2))
	far := func() []string {
		out := make([]string, 3000)
		for i := range out {
			out[i] = string(rune(0x4e00 + r.IntN(5000)))
		}
		return out
	}
	a, b := far(), far()
	if hs := hunks(a, b); len(hs) != 1 || patched(a, hs) != strings.Join(b, "") {
		t.Errorf("%d changes", len(hs))
	}
}

func patched(a []string, hs []hunk) string {
	var out strings.Builder
	at := 0
	for _, h := range hs {
		out.WriteString(strings.Join(a[at:h.from], "") + strings.Join(h.put, ""))
		at = h.to
	}
	return out.String() + strings.Join(a[at:], "")
}

// FuzzMerge3: whatever the texts, no panic, one side alone wins, and words of
// the result come from the sides.
func FuzzMerge3(f *testing.F) {
	f.Add("加快小区充电桩安装", "加快老旧小区充电桩安装", "加快小区充电桩建设")
	f.Add("", "a", "b")
	f.Add("\xff1.2", "\xff1.3", "1.2")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		if len(base)+len(mine)+len(theirs) > 10_000 {
			return
		}
		got, ok := Merge3(base, mine, theirs)
		if !ok && got != "" {
			t.Fatal("a conflict has a result")
		}
		if x, ok := Merge3(base, mine, base); x != mine || !ok {
			t.Fatalf("mine alone: %q", x)
		}
		if x, ok := Merge3(base, base, theirs); x != theirs || !ok {
			t.Fatalf("theirs alone: %q", x)
		}
		if strings.Join(words(base), "") != base {
			t.Fatal("words lose something")
		}
		if ok && len(got) > len(base)+len(mine)+len(theirs) {
			t.Fatalf("%q is longer than all of its sources", got)
		}
	})
}
