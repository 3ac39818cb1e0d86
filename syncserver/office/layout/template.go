package layout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"qianshao/syncserver/office"
)

// Format is the form of a paper.
type Format string

// Formats.
const (
	FormatFile    Format = "file"    // 文件
	FormatLetter  Format = "letter"  // 信函
	FormatOrder   Format = "order"   // 命令(令)
	FormatMinutes Format = "minutes" // 纪要
	FormatPlain   Format = "plain"   // no red head: what came in, drafts of other kinds
)

// A Template is a 版式模板: the numbers of a layout as data. A unit may change
// them within the limits that Check knows; a document names the template and
// its version that it was set with.
type Template struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Name    string `json:"name"`
	Format  Format `json:"format"`

	Top    float64 `json:"top"`    // 天头
	Left   float64 `json:"left"`   // 订口
	Width  float64 `json:"width"`  // of the 版心
	Height float64 `json:"height"` // of the 版心
	Lines  int     `json:"lines"`  // a page
	Chars  int     `json:"chars"`  // a line

	MarkTop    float64 `json:"mark_top"`    // top of the 发文机关标志, from the page's top
	MarkSize   float64 `json:"mark_size"`   // height of its characters
	NumberGap  float64 `json:"number_gap"`  // empty lines between 标志 and 发文字号
	RuleGap    float64 `json:"rule_gap"`    // 发文字号 to the red line
	RuleWidth  float64 `json:"rule_width"`  // of the red line
	TitleGap   float64 `json:"title_gap"`   // empty lines before the title
	BodyGap    int     `json:"body_gap"`    // empty lines between title and 主送
	AutoLevels bool    `json:"auto_levels"` // faces by 一、 (一) in ordinary paragraphs too
	BoldThird  bool    `json:"bold_third"`  // third level in 黑体

	SealSize  float64 `json:"seal_size"`  // diameter of a seal
	SealBlank int     `json:"seal_blank"` // empty lines before a 署名 that is sealed
	SignW     float64 `json:"sign_w"`     // 签名章
	SignH     float64 `json:"sign_h"`

	ColophonLine float64 `json:"colophon_line"` // height of a line of the 版记
	ColophonEven bool    `json:"colophon_even"` // the 版记 stands on an even page
	PageNoDrop   float64 `json:"page_no_drop"`  // 版心 to the dash of the page number
	TableSize    float64 `json:"table_size"`    // type of tables
}

// A4.
const (
	pageW = 210.0
	pageH = 297.0
)

// Line is the height of a line of the grid, Cell the width of a character.
func (t *Template) Line() float64 { return t.Height / float64(t.Lines) }
func (t *Template) Cell() float64 { return t.Width / float64(t.Chars) }

// Key names a template and its version.
func (t *Template) Key() string { return fmt.Sprintf("%s@%d", t.ID, t.Version) }

// Preset is GB/T 9704-2012 for a format.
func Preset(f Format) Template {
	t := Template{
		ID: "gb-" + string(f), Version: 1, Format: f, Name: "GB/T 9704-2012 文件",
		Top: 37, Left: 28, Width: 156, Height: 225, Lines: 22, Chars: 28,
		MarkTop: 72, MarkSize: 16, NumberGap: 2, RuleGap: 4, RuleWidth: 0.5, TitleGap: 2, BodyGap: 1,
		AutoLevels: true, SealSize: 45, SealBlank: 2, SignW: 40, SignH: 20,
		ColophonLine: 8.6, ColophonEven: true, PageNoDrop: 7, TableSize: SizeS4,
	}
	switch f {
	case FormatLetter:
		t.Name, t.MarkTop, t.ColophonEven = "GB/T 9704-2012 信函格式", 30, false
	case FormatOrder:
		t.Name, t.MarkTop = "GB/T 9704-2012 命令(令)格式", 57
	case FormatMinutes:
		t.Name = "GB/T 9704-2012 纪要格式"
	case FormatPlain:
		t.Name, t.ColophonEven = "无版头", false
	}
	return t
}

// Presets are the formats that ship.
func Presets() []Template {
	var out []Template
	for _, f := range formats {
		out = append(out, Preset(f))
	}
	return out
}

var formats = []Format{FormatFile, FormatLetter, FormatOrder, FormatMinutes, FormatPlain}

// Check refuses a template that leaves what the standard allows; the field of
// the error names the number.
func (t *Template) Check() error {
	if err := office.CheckID("id", t.ID); err != nil {
		return err
	}
	if err := office.CheckLine("name", t.Name, 1, 60); err != nil {
		return err
	}
	if t.Version < 1 {
		return office.Invalid("version", "counts from 1")
	}
	if !slices.Contains(formats, t.Format) {
		return office.Invalid("format", "%q is no format", t.Format)
	}
	for _, l := range Limits() {
		if v := l.of(t); math.IsNaN(v) || v < l.Low-eps || v > l.High+eps {
			return office.Invalid(l.Field, "%g: %g to %g", v, l.Low, l.High)
		}
	}
	return nil
}

// A Limit is how far a number of a template may go.
type Limit struct {
	Field     string // its JSON name
	Low, High float64
	Whole     bool // lines and characters are counted, all else is millimetres or lines
	of        func(t *Template) float64
}

// Limits are those of all numbers, in the order in which a person reads them.
func Limits() []Limit {
	whole := func(n func(t *Template) int) func(t *Template) float64 {
		return func(t *Template) float64 { return float64(n(t)) }
	}
	return []Limit{
		{"top", 36, 38, false, func(t *Template) float64 { return t.Top }},   // 37±1
		{"left", 27, 29, false, func(t *Template) float64 { return t.Left }}, // 28±1
		{"width", 155, 157, false, func(t *Template) float64 { return t.Width }},
		{"height", 224, 226, false, func(t *Template) float64 { return t.Height }},
		{"lines", 20, 24, true, whole(func(t *Template) int { return t.Lines })},
		{"chars", 26, 30, true, whole(func(t *Template) int { return t.Chars })},
		{"mark_top", 20, 130, false, func(t *Template) float64 { return t.MarkTop }},
		{"mark_size", 8, 24, false, func(t *Template) float64 { return t.MarkSize }},
		{"number_gap", 1, 3, false, func(t *Template) float64 { return t.NumberGap }},
		{"rule_gap", 3, 5, false, func(t *Template) float64 { return t.RuleGap }},
		{"rule_width", 0.35, 1, false, func(t *Template) float64 { return t.RuleWidth }},
		{"title_gap", 1, 3, false, func(t *Template) float64 { return t.TitleGap }},
		{"body_gap", 0, 2, true, whole(func(t *Template) int { return t.BodyGap })},
		{"seal_size", 36, 50, false, func(t *Template) float64 { return t.SealSize }},
		{"seal_blank", 1, 4, true, whole(func(t *Template) int { return t.SealBlank })},
		{"sign_w", 20, 50, false, func(t *Template) float64 { return t.SignW }},
		{"sign_h", 8, 24, false, func(t *Template) float64 { return t.SignH }},
		{"colophon_line", 7, 10.5, false, func(t *Template) float64 { return t.ColophonLine }},
		{"page_no_drop", 5, 10, false, func(t *Template) float64 { return t.PageNoDrop }},
		{"table_size", Size5 - 0.01, Size3, false, func(t *Template) float64 { return t.TableSize }},
	}
}

// Value is the number of a limit's field.
func (l Limit) Value(t *Template) float64 { return l.of(t) }

// ReadTemplate reads a template from JSON and checks it. Unknown fields are
// refused: a number that is not understood must not be dropped.
func ReadTemplate(b []byte) (Template, error) {
	var t Template
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return t, office.Invalid("template", "%v", err)
	}
	return t, t.Check()
}

// JSON is the template as it is kept.
func (t *Template) JSON() []byte {
	b, _ := json.Marshal(t) // it holds nothing that JSON could not express
	return b
}
