package approval

import "qianshao/syncserver/office"

// Ink is what was written by hand on a text: strokes with their pressure and
// time, so that it can be drawn again at any size. It belongs to the text that
// was seen, and to no other (W36).
type Ink struct {
	Hash    string  `json:"hash"`  // content hash of the text it was written on
	Where   string  `json:"where"` // InkBox, InkPage
	Page    int     `json:"page,omitempty"`
	Width   int     `json:"width"` // of the surface; points are within it
	Height  int     `json:"height"`
	Device  string  `json:"device,omitempty"` // pen, mouse, touch
	Strokes [][]int `json:"strokes"`          // each x, y, pressure 0–1000, milliseconds since the first point; and so on
}

// Where ink was written.
const (
	InkBox  = "box"  // in the opinion's box
	InkPage = "page" // on a page of the body
)

const (
	maxStrokes = 2000
	maxPoints  = 20000
)

// check refuses ink that was not written on the text that was seen, or that
// cannot be drawn. No ink is right.
func (k *Ink) check(seen string) error {
	if k == nil {
		return nil
	}
	bad := func(format string, args ...any) error { return office.Invalid("ink", format, args...) }
	switch {
	case k.Hash != seen:
		return &office.Error{Code: office.CodeStaleBody, Field: "ink"}
	case k.Where != InkBox && k.Where != InkPage:
		return bad("written on %q", k.Where)
	case k.Where == InkPage && k.Page < 1 || k.Page < 0 || k.Page > 2000:
		return bad("page %d", k.Page)
	case k.Width < 1 || k.Height < 1 || k.Width > 1e5 || k.Height > 1e5:
		return bad("surface %d × %d", k.Width, k.Height)
	case len(k.Strokes) == 0 || len(k.Strokes) > maxStrokes:
		return bad("%d strokes", len(k.Strokes))
	}
	if err := office.CheckLine("ink", k.Device, 0, 20); err != nil {
		return err
	}
	points, last := 0, 0
	for _, s := range k.Strokes {
		if len(s) == 0 || len(s)%4 != 0 {
			return bad("a stroke of %d numbers", len(s))
		}
		for i := 0; i < len(s); i += 4 {
			if s[i] < 0 || s[i] > k.Width || s[i+1] < 0 || s[i+1] > k.Height || s[i+2] < 0 || s[i+2] > 1000 || s[i+3] < last {
				return bad("point %d", points)
			}
			last = s[i+3]
			points++
		}
	}
	if points > maxPoints {
		return bad("%d points", points)
	}
	return nil
}
