package layout

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// A SheetTemplate is a form, such as the 收文处理单, as data: rows of cells on a
// grid of twelve columns, or a list with columns of its own.
type SheetTemplate struct {
	ID        string        `json:"id"`
	Version   int           `json:"version"`
	Name      string        `json:"name"`
	Title     string        `json:"title"` // {field} stands for a field
	Note      string        `json:"note,omitempty"`
	Landscape bool          `json:"landscape,omitempty"`
	Rows      []SheetRow    `json:"rows,omitempty"`
	Columns   []SheetColumn `json:"columns,omitempty"` // of a list, below the rows
}

// A SheetRow is one row; the spans of its cells add up to twelve.
type SheetRow struct {
	Height float64     `json:"height,omitempty"` // least height, mm
	Cells  []SheetCell `json:"cells"`
}

// A SheetCell holds a label, a field or an area of opinions.
type SheetCell struct {
	Span  int    `json:"span"`
	Label string `json:"label,omitempty"`
	Field string `json:"field,omitempty"`
	Area  string `json:"area,omitempty"`
}

// A SheetColumn is a column of a list.
type SheetColumn struct {
	Title  string  `json:"title"`
	Field  string  `json:"field"`
	Share  float64 `json:"share"`
	Center bool    `json:"center,omitempty"`
}

const sheetColumns = 12

// Limits of a form.
const (
	maxSheetRows  = 60
	maxSheetCells = 12
)

// Key names a template and its version.
func (t *SheetTemplate) Key() string { return fmt.Sprintf("%s@%d", t.ID, t.Version) }

// Check refuses a form that does not add up.
func (t *SheetTemplate) Check() error {
	if err := office.CheckID("id", t.ID); err != nil {
		return err
	}
	if err := office.CheckLine("name", t.Name, 1, 60); err != nil {
		return err
	}
	if err := office.CheckLine("title", t.Title, 1, 80); err != nil {
		return err
	}
	if t.Version < 1 {
		return office.Invalid("version", "counts from 1")
	}
	if len(t.Rows) > maxSheetRows || len(t.Columns) > maxSheetCells || len(t.Rows)+len(t.Columns) == 0 {
		return office.Invalid("rows", "%d rows, %d columns", len(t.Rows), len(t.Columns))
	}
	for i, r := range t.Rows {
		n := 0
		for _, c := range r.Cells {
			if c.Span < 1 {
				return office.Invalid("rows", "row %d has a cell without width", i+1)
			}
			n += c.Span
		}
		if n != sheetColumns || r.Height < 0 || r.Height > 200 {
			return office.Invalid("rows", "row %d does not fill the form", i+1)
		}
	}
	for _, c := range t.Columns {
		if !(c.Share > 0 && c.Share < 100) {
			return office.Invalid("columns", "%s has no width", c.Title)
		}
	}
	return nil
}

// A Sheet is what is filled into a form.
type Sheet struct {
	Fields map[string]string
	Areas  map[string][]Opinion
	List   []map[string]string
	Code   string // content of a QR code beside the title, "" for none
}

// An Opinion is what a person wrote in an area. Its line ends stay.
type Opinion struct {
	Words string
	By    string
	Unit  string
	Date  string // "10月8日"
	Mark  string // 代录 and the like
}

// Frame of a form: wider and longer than the 版心.
const (
	sheetTop    = 25.0
	sheetLeft   = 25.0
	sheetWidth  = 160.0
	sheetHeight = 245.0
	sheetLine   = 7.0
	sheetSize   = SizeS4
	codeSide    = 20.0
	listSize    = Size5
	listLine    = 5.6
)

// SetSheet fills a form. What does not fit a cell makes it grow, over as many
// pages as it takes; the template must have passed Check.
func SetSheet(x Sheet, t SheetTemplate, o Options) Document {
	tm := Preset(FormatPlain)
	tm.Top, tm.Left, tm.Width, tm.Height, tm.Lines = sheetTop, sheetLeft, sheetWidth, sheetHeight, 24
	s := newSetter(&Paper{}, tm, o)
	title := fillIn(t.Title, x.Fields)
	s.doc.Template, s.doc.Title = t.Key(), title
	left, w := s.sideways(t.Landscape)
	s.sheetTitle(title, x.Code, left, w, t.Landscape)
	if len(t.Rows) > 0 {
		s.units = append(s.units, s.formTable(x, &t, left, w).units()...)
	}
	if len(t.Columns) > 0 {
		if len(t.Rows) > 0 {
			s.units = append(s.units, unit{h: 3, turned: t.Landscape})
		}
		s.units = append(s.units, s.listTable(x, &t, left, w).units()...)
	}
	if note := fillIn(t.Note, x.Fields); note != "" {
		p := para{part: PartSheet, spans: []span{{[]rune(clean(note)), Song}}, size: Size5, pitch: Size5, left: left, width: w, align: alignLeft}
		s.units = append(s.units, unit{h: 2, turned: t.Landscape})
		for _, l := range s.k.set(&p) {
			s.units = append(s.units, unit{h: Size5 * 1.5, turned: t.Landscape, draw: s.drawLine(l, Size5*1.5)})
		}
	}
	s.makePages()
	if len(s.doc.Pages) == 1 { // a single sheet needs no number
		p := &s.doc.Pages[0]
		p.Number = 0
		p.Runs = slices.DeleteFunc(p.Runs, func(r Run) bool { return r.Part == PartPageNo })
	}
	return s.doc
}

// fillIn puts fields into a text: {unit}收文处理单.
func fillIn(text string, fields map[string]string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		i := strings.Index(text, "{")
		j := strings.Index(text[max(i, 0):], "}")
		if i < 0 || j < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		b.WriteString(fields[text[i+1:i+j]])
		text = text[i+j+1:]
	}
}

func (s *setter) sheetTitle(title, code string, left, w float64, turned bool) {
	room := w
	if code != "" {
		room = w - 2*(codeSide+2)
	}
	size := Size2
	if n := cellsIn([]rune(title)); n*size > room {
		size = Size2 * math.Max(0.6, room/(n*size))
	}
	rows := breakTitle(title, int(room/size), s.k.protect)
	h := size * 1.4
	total := float64(len(rows))*h + 4
	if code != "" {
		total = math.Max(total, codeSide+2)
	}
	s.doc.Outline = append(s.doc.Outline, Entry{Text: title, Y: s.full(turned).top})
	var ls []setLine
	for i, r := range rows {
		p := para{part: PartTitle, spans: []span{{[]rune(r), XBS}}, size: size, pitch: size, align: alignCenter}
		ls = append(ls, place(&p, s.k.cellsOf(&p), left+(w-room)/2, room, i == len(rows)-1))
	}
	s.units = append(s.units, unit{h: total, turned: turned, keep: WhyTable, draw: func(p *Page, top float64) {
		y := top + (total-4-float64(len(ls))*h)/2
		for i := range ls {
			p.Runs = ls[i].runs(baseline(y+float64(i)*h, h, size), p.Runs)
		}
		if code != "" {
			p.Places = append(p.Places, Place{Part: PartSheet, Kind: PlaceQR, Text: code, X: left + w - codeSide, Y: top, W: codeSide, H: codeSide})
		}
	}})
}

func (s *setter) newTable(x []float64, line float64, turned bool) *table {
	return &table{part: PartSheet, x: x, lineH: line, padY: 1, outer: 0.5, inner: 0.2, turned: turned}
}

func (s *setter) formTable(x Sheet, t *SheetTemplate, left, w float64) *table {
	edges := make([]float64, sheetColumns+1)
	for i := range edges {
		edges[i] = left + w*float64(i)/sheetColumns
	}
	tb := s.newTable(edges, sheetLine, t.Landscape)
	for _, r := range t.Rows {
		row := tableRow{min: math.Max(r.Height, sheetLine+2)}
		at := 0
		for _, c := range r.Cells {
			l, width := edges[at]+1.5, edges[at+c.Span]-edges[at]-3
			cell := tcell{span: c.Span, middle: true}
			switch {
			case c.Area != "":
				cell.middle = false
				cell.lines = s.opinionLines(x.Areas[c.Area], l, width)
			case c.Field != "":
				cell.lines = s.cellLines(x.Fields[c.Field], Fang, sheetSize, l, width, alignLeft)
				if r.Height > 2*sheetLine {
					cell.middle = false
				}
			default:
				cell.lines = s.labelLines(fillIn(c.Label, x.Fields), l, width)
			}
			row.cells = append(row.cells, cell)
			at += c.Span
		}
		tb.rows = append(tb.rows, row)
	}
	return tb
}

func (s *setter) listTable(x Sheet, t *SheetTemplate, left, w float64) *table {
	total := 0.0
	for _, c := range t.Columns {
		total += c.Share
	}
	edges := []float64{left}
	at := left
	for _, c := range t.Columns {
		at += c.Share / total * w
		edges = append(edges, at)
	}
	edges[len(edges)-1] = left + w
	tb := s.newTable(edges, listLine, t.Landscape)
	tb.heads = 1
	put := func(values func(SheetColumn) string, face Face, head bool) {
		row := tableRow{min: listLine + 2}
		for i, c := range t.Columns {
			al := alignLeft
			if head || c.Center {
				al = alignCenter
			}
			row.cells = append(row.cells, tcell{span: 1, middle: true, lines: s.cellLines(values(c), face, listSize, edges[i]+1, edges[i+1]-edges[i]-2, al)})
		}
		tb.rows = append(tb.rows, row)
	}
	put(func(c SheetColumn) string { return c.Title }, Hei, true)
	for _, r := range x.List {
		put(func(c SheetColumn) string { return r[c.Field] }, Fang, false)
	}
	return tb
}

// cellLines are the lines of a text in a cell; its own line ends stay.
func (s *setter) cellLines(text string, face Face, size, left, w float64, al align) []setLine {
	var out []setLine
	for _, l := range lines(text) {
		p := para{part: PartSheet, spans: []span{{[]rune(clean(l)), face}}, size: size, pitch: size, left: left, width: w, align: al}
		out = append(out, s.k.set(&p)...)
	}
	return out
}

// labelLines are the lines of a label, of about the same length.
func (s *setter) labelLines(text string, left, w float64) []setLine {
	n := cellsIn([]rune(text))
	if rows := math.Ceil(n*sheetSize/w - eps); rows > 1 {
		if even := math.Ceil(n/rows) * sheetSize; even < w {
			left, w = left+(w-even)/2, even
		}
	}
	return s.cellLines(text, Hei, sheetSize, left, w, alignCenter)
}

// opinionLines set opinions one under the other: the words as they were
// written, then who, where from and when at the right, on the last line of the
// words if there is room.
func (s *setter) opinionLines(os []Opinion, left, w float64) []setLine {
	var out []setLine
	for i, o := range os {
		if i > 0 && len(os) > 1 {
			out = append(out, setLine{part: PartSheet, size: sheetSize})
		}
		words := strings.TrimRight(o.Words, "\n\r ")
		var ls []setLine
		if words != "" {
			ls = s.cellLines(words, Kai, sheetSize, left, w, alignJustify)
		}
		by := []span{}
		if o.Unit != "" {
			by = append(by, span{[]rune(clean(o.Unit) + "　"), Fang})
		}
		by = append(by, span{[]rune(clean(o.By)), Kai})
		tail := ""
		if o.Mark != "" {
			tail += "（" + clean(o.Mark) + "）"
		}
		if o.Date != "" {
			tail += "　" + clean(o.Date)
		}
		if tail != "" {
			by = append(by, span{[]rune(tail), Fang})
		}
		p := para{part: PartSheet, spans: by, size: sheetSize, pitch: sheetSize, left: left, width: w, align: alignRight}
		sign := s.k.set(&p)
		if n := len(ls); n > 0 && len(sign) == 1 && ls[n-1].end+2*sheetSize < sign[0].x[0] {
			last := &ls[n-1]
			last.cells, last.text = append(slices.Clone(last.cells), sign[0].cells...), nil
			last.x = append(slices.Clone(last.x), sign[0].x...)
			last.end = sign[0].end
		} else {
			ls = append(ls, sign...)
		}
		out = append(out, ls...)
	}
	return out
}
