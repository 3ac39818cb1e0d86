package layout

import "math"

// unit is what pagination moves: a line of the grid, a slice of a table's row,
// a picture. It knows how to draw itself at a height of a page.
type unit struct {
	h       float64 // mm
	grid    bool    // stands on the grid's lines
	text    bool    // 正文: what L16 wants on the first page and beside the seal
	blank   bool    // an empty line: dropped where a page begins
	keep    Why     // the page must not end behind it, and why
	whole   Why     // higher than a line and never parted: why the page before it ends early
	fresh   bool    // begins a page
	apart   bool    // … of an 附件 that is bound apart
	turned  bool    // on a page of a 横表
	sign    bool    // belongs to 署名 and 成文日期
	table   *table  // the table it is a slice of
	row     int
	draw    func(p *Page, top float64)
	outline *Entry
}

// Why is a reason; see the constants of [Page].
type Why = string

// frame is where units go on a page.
type frame struct {
	top, height, line float64
}

// sheetOf cuts units into pages: which unit begins each, and why the one
// before ended early.
type cut struct {
	from, to int
	head     []unit // repeated rows of a table
	why      Why
	start    float64 // where the first unit may stand, from the frame's top
}

const slip = 0.01 // mm that a full page may overrun by rounding

// paginate cuts units into pages. firstAt is how much of the first page is
// taken, frameOf the room of a page.
//
// A page is filled; then its end moves up: not behind a heading, not within
// the 署名, and, if nothing but 附件说明 and 署名 would be left, not behind the
// last lines of 正文 (L16).
func paginate(units []unit, firstAt float64, frameOf func(turned bool) frame) []cut {
	var out []cut
	at := firstAt
	for i := 0; i < len(units); {
		for len(out) > 0 && i < len(units) && units[i].blank {
			i++ // a page does not begin with an empty line
		}
		if i == len(units) {
			break
		}
		f := frameOf(units[i].turned)
		c := cut{from: i, start: at}
		if t := units[i].table; t != nil && units[i].row >= t.heads && t.heads > 0 && len(out) > 0 && i > 0 && units[i-1].table == t {
			for _, h := range t.headUnits {
				c.head = append(c.head, h)
				at += h.h
			}
		}
		j := i
		for j < len(units) {
			u := units[j]
			if j > i && (u.fresh || u.turned != units[i].turned) {
				break
			}
			top := at
			if u.grid {
				top = snap(at, f.line)
			}
			if top+u.h > f.height+slip && (j > i || len(out) == 0 && firstAt > 0 && !fitsAlone(u, f)) {
				break
			}
			at = top + u.h
			j++
		}
		if j == i {
			j = i + 1 // higher than any page: it has one of its own
		}
		c.to, c.why = j, WhyFull
		switch {
		case j == len(units):
			c.why = WhyLast
		case units[j].fresh || units[j].turned != units[i].turned:
			c.why = WhyAnnex
		default:
			c.to, c.why = pullBack(units, i, j, len(out) == 0)
		}
		out = append(out, c)
		i, at = c.to, 0
	}
	if len(out) == 0 {
		out = append(out, cut{why: WhyLast, start: firstAt})
	}
	return out
}

func fitsAlone(u unit, f frame) bool { return u.h <= f.height+slip }

// snap is the next line of the grid.
func snap(y, line float64) float64 {
	return math.Ceil(y/line-0.02) * line
}

// pullBack is where the page that could hold units i…j ends, and why.
//
// The first page keeps its first line of 正文 (L16), even if that is a heading.
func pullBack(units []unit, i, j int, firstPage bool) (int, Why) {
	end, why := j, WhyFull
	least := i + 1
	if firstPage {
		for k := i; k < j; k++ {
			if units[k].text {
				least = k + 1
				break
			}
		}
	}
	switch {
	case units[j].table != nil:
		why = WhyTable
	case units[j].whole != "":
		why = units[j].whole
	}
	for {
		was := end
		for end > least && units[end-1].keep != "" {
			why = units[end-1].keep
			end--
		}
		if needsText(units, end) {
			// Two lines of 正文 go on, or what there is of them.
			k := end
			for n := 0; k > least && n < 2; {
				if k--; units[k].text {
					n++
				}
			}
			for k < end && !units[k].text {
				k++
			}
			if k < end && k > i {
				end, why = k, WhySeal
			}
		}
		if end == was {
			break
		}
	}
	if end == least && units[end-1].keep != "" && !firstPage {
		return j, WhyFull // a chain longer than a page: cut it where the page is full
	}
	return end, why
}

// needsText reports that a page that begins with unit b would bear the 署名
// without any 正文.
func needsText(units []unit, b int) bool {
	for ; b < len(units) && !units[b].fresh; b++ {
		if units[b].text {
			return false
		}
		if units[b].sign {
			return true
		}
	}
	return false
}
