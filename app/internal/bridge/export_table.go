package bridge

import (
	"bytes"
	"encoding/csv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// FileKind is a kind of file that a dialog offers.
type FileKind struct {
	Name   string
	Ending string // ".xlsx"
}

// A day and a minute are moments in a list, in milliseconds of Unix time; 0 is none.
type (
	day    int64
	minute int64
)

// A table is a list on its way into a file. Its cells are texts, days and minutes.
type table interface {
	head(names []string) error
	row(cells []any) error
	bytes() (*bytes.Buffer, error) // after the last row
	close()
}

// csvTable is CSV that office programs read: UTF-8 with its mark.
type csvTable struct {
	b    bytes.Buffer
	w    *csv.Writer
	line []string
}

func newCSV() *csvTable {
	t := &csvTable{}
	t.b.WriteString("\ufeff")
	t.w = csv.NewWriter(&t.b)
	t.w.UseCRLF = true
	return t
}

func (t *csvTable) head(names []string) error {
	cells := make([]any, len(names))
	for i, x := range names {
		cells[i] = x
	}
	return t.row(cells)
}

func (t *csvTable) row(cells []any) error {
	t.line = t.line[:0]
	for _, c := range cells {
		switch x := c.(type) {
		case day:
			t.line = append(t.line, moment(int64(x), "2006-01-02"))
		case minute:
			t.line = append(t.line, moment(int64(x), "2006-01-02 15:04"))
		case string:
			t.line = append(t.line, cell(x))
		}
	}
	return t.w.Write(t.line)
}

func (t *csvTable) bytes() (*bytes.Buffer, error) {
	t.w.Flush()
	return &t.b, t.w.Error()
}

func (t *csvTable) close() {}

func moment(at int64, form string) string {
	if at == 0 {
		return ""
	}
	return time.UnixMilli(at).In(calendar.Zone).Format(form)
}

// cell is a text that no table program takes for a formula: one that begins
// like one gets an apostrophe, which they show nothing of. Line ends become
// spaces: a row stays a row in programs that know no better.
func cell(s string) string {
	s = oneLine(s)
	switch first := strings.TrimLeft(s, " \t\u3000\u00a0"); {
	case first == "":
		return s
	case strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]), s[0] == '\t':
		return "'" + s
	}
	return s
}

func oneLine(s string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\x00", "").Replace(s)
}

// sheetTable is a workbook of one sheet. Texts are typed as texts, also when they
// are edited there, so that a number of a paper stays as it is written and
// nothing becomes a formula; days and minutes are dates.
type sheetTable struct {
	file                    *excelize.File
	w                       *excelize.StreamWriter
	n                       int // rows so far
	text, bold, day, minute int // styles
}

const sheetName = "Sheet1"

// newSheet begins a workbook; what does not fit into memory lies in folder until
// it is closed.
func newSheet(folder string) (*sheetTable, error) {
	t := &sheetTable{file: excelize.NewFile(excelize.Options{TmpDir: folder})}
	// As text and the dates of ISO 8601, whatever the program's language.
	const asText = 49
	days, minutes := "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
	for style, s := range map[*int]*excelize.Style{
		&t.text:   {NumFmt: asText},
		&t.bold:   {NumFmt: asText, Font: &excelize.Font{Bold: true}},
		&t.day:    {CustomNumFmt: &days},
		&t.minute: {CustomNumFmt: &minutes},
	} {
		var err error
		if *style, err = t.file.NewStyle(s); err != nil {
			return nil, err
		}
	}
	var err error
	t.w, err = t.file.NewStreamWriter(sheetName)
	return t, err
}

func (t *sheetTable) head(names []string) error {
	for i, x := range names {
		width := 16.0
		if i == 0 {
			width = 48
		}
		if err := t.w.SetColWidth(i+1, i+1, max(width, float64(2*len([]rune(x))))); err != nil {
			return err
		}
	}
	if err := t.w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	line := make([]any, len(names))
	for i, x := range names {
		line[i] = excelize.Cell{StyleID: t.bold, Value: oneLine(x)}
	}
	return t.write(line)
}

func (t *sheetTable) row(cells []any) error {
	line := make([]any, len(cells))
	for i, c := range cells {
		switch x := c.(type) {
		case day:
			line[i] = dateCell(int64(x), t.day)
		case minute:
			line[i] = dateCell(int64(x), t.minute)
		case string:
			line[i] = excelize.Cell{StyleID: t.text, Value: oneLine(x)}
		}
	}
	return t.write(line)
}

// dateCell is a moment as the days since 30 December 1899 that workbooks count,
// by the office's clock.
func dateCell(at int64, style int) any {
	if at == 0 {
		return nil
	}
	_, ahead := time.UnixMilli(at).In(calendar.Zone).Zone()
	const perDay = 24 * 60 * 60 * 1000
	return excelize.Cell{StyleID: style, Value: float64(at+int64(ahead)*1000)/perDay + 25569}
}

func (t *sheetTable) write(line []any) error {
	t.n++
	if t.n > excelize.TotalRows {
		return office.Invalid("query", "a workbook holds %d rows", excelize.TotalRows)
	}
	at, err := excelize.CoordinatesToCellName(1, t.n)
	if err != nil {
		return err
	}
	return t.w.SetRow(at, line)
}

func (t *sheetTable) bytes() (*bytes.Buffer, error) {
	if err := t.w.Flush(); err != nil {
		return nil, err
	}
	return t.file.WriteToBuffer()
}

func (t *sheetTable) close() { _ = t.file.Close() }
