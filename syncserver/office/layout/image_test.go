package layout

import (
	"fmt"
	"testing"
)

// A picture stands in its own size in the middle, never in two pieces, with its
// caption beneath on the same page; one that is too large is made to fit.
func TestImages(t *testing.T) {
	tm := Preset(FormatPlain)
	with := func(lines int, w, h float64) Document {
		p := Paper{}
		for i := range lines {
			p.Blocks = append(p.Blocks, Block{ID: fmt.Sprint("t", i), Type: BlockText, Text: "一行文字。"})
		}
		p.Blocks = append(p.Blocks, Block{ID: "pic", Type: BlockImage, Source: "sha", W: w, H: h, Text: "图1　现场"}, Block{ID: "z", Type: BlockText, Text: "后文。"})
		return Set(p, tm, Options{})
	}
	for lines := range 24 {
		d := with(lines, 100, 60)
		page, at := -1, Image{}
		for n, pg := range d.Pages {
			for _, x := range pg.Images {
				if page >= 0 {
					t.Fatal("the picture is there twice")
				}
				page, at = n, x
			}
		}
		if page < 0 || at.W != 100 || at.H != 60 || at.Source != "sha" || at.Block != "pic" {
			t.Fatalf("%d lines: page %d %+v", lines, page, at)
		}
		near(t, "in the middle", at.X+at.W/2, 28+78)
		if at.Y < 37-eps || at.Y+at.H > 262+eps {
			t.Errorf("%d lines: the picture leaves the page: %.1f…%.1f", lines, at.Y, at.Y+at.H)
		}
		caption, before := 0.0, 0.0
		for _, r := range d.Pages[page].Runs {
			if r.Block == "pic" {
				caption = r.Top()
			} else if r.Y < at.Y {
				before = max(before, r.Bottom())
			}
		}
		if caption < at.Y+at.H-eps || caption > at.Y+at.H+2*tm.Line() {
			t.Errorf("%d lines: the caption at %.1f is not under the picture that ends at %.1f", lines, caption, at.Y+at.H)
		}
		if before > at.Y+eps {
			t.Errorf("%d lines: text runs into the picture", lines)
		}
		if page == 1 && d.Pages[0].Why != WhyImage && d.Pages[0].Lines != tm.Lines {
			t.Errorf("%d lines: page 1 ends early for %q", lines, d.Pages[0].Why)
		}
	}
	d := with(0, 400, 800)
	x := d.Pages[0].Images[0]
	if x.W > 156+eps || x.H > 225+eps || x.W/x.H-0.5 > 0.001 || x.W/x.H-0.5 < -0.001 {
		t.Errorf("a large picture: %.1f×%.1f", x.W, x.H)
	}
}
