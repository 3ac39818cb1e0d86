package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// ExportColumn is a column of a list that is written to a file.
type ExportColumn struct {
	ID    string `json:"id"` // as the lists name it: title, number, unit …
	Label string `json:"label"`
}

// ExportInput asks for a list as a file: all its rows, as it is filtered and
// sorted.
type ExportInput struct {
	Query   ListQuery      `json:"query"`
	Columns []ExportColumn `json:"columns"`
	// Words are what the window calls values that are kept as codes, by column
	// and value: "state.done", "urgency.".
	Words map[string]string `json:"words"`
	Name  string            `json:"name"` // of the file, to be offered
}

// ExportDone says what became of it.
type ExportDone struct {
	Path string `json:"path"` // "": the person gave up
	Rows int    `json:"rows"`
	Held int    `json:"held"` // left out because they are 内部
}

// exportable are the columns of a list and what stands in them: a text, or a
// moment as milliseconds of Unix time.
var exportable = map[string]func(r DocumentRow, word func(column, value string) string) any{
	"title":    func(r DocumentRow, _ func(string, string) string) any { return r.Title },
	"number":   func(r DocumentRow, _ func(string, string) string) any { return r.Number },
	"register": func(r DocumentRow, _ func(string, string) string) any { return r.Register },
	"unit":     func(r DocumentRow, _ func(string, string) string) any { return r.Unit },
	"genre":    func(r DocumentRow, _ func(string, string) string) any { return r.Genre },
	"handling": func(r DocumentRow, _ func(string, string) string) any { return r.Handling },
	"drafter":  func(r DocumentRow, _ func(string, string) string) any { return r.Drafter },
	"created":  func(r DocumentRow, _ func(string, string) string) any { return day(r.Created) },
	"updated":  func(r DocumentRow, _ func(string, string) string) any { return day(r.Updated) },
	"due":      func(r DocumentRow, _ func(string, string) string) any { return minute(r.Due) },
	"holder": func(r DocumentRow, _ func(string, string) string) any {
		return strings.Join(r.Holders, "、")
	},
	"urgency": func(r DocumentRow, word func(string, string) string) any { return word("urgency", r.Urgency) },
	"level":   func(r DocumentRow, word func(string, string) string) any { return word("level", r.Level) },
	"step": func(r DocumentRow, word func(string, string) string) any {
		if r.Step != "" && r.State != document.Done {
			return r.Step
		}
		return word("state", cmp.Or(r.Ending, r.State, "draft"))
	},
	"state": func(r DocumentRow, word func(string, string) string) any {
		return word("state", cmp.Or(r.Ending, r.State, "draft"))
	},
}

// The kinds of file that a list is written as.
var (
	kindSheet = FileKind{Name: "Excel 工作簿", Ending: ".xlsx"}
	kindCSV   = FileKind{Name: "CSV", Ending: ".csv"}
)

// Export asks where to and writes a list there, as a workbook or, if the name
// that was given ends so, as CSV. It holds what the person may read on this desk
// and no more; what is 内部 does not leave the program.
func (s *Documents) Export(in ExportInput) (ExportDone, error) {
	return signedIn(s.core, "Documents.Export", func(ctx context.Context, a *at) (ExportDone, error) {
		var out ExportDone
		if len(in.Columns) == 0 || len(in.Columns) > len(exportable) {
			return out, office.Invalid("columns", "1 to %d", len(exportable))
		}
		head := make([]string, len(in.Columns))
		for i, c := range in.Columns {
			if exportable[c.ID] == nil {
				return out, office.Invalid("columns", "%q", c.ID)
			}
			head[i] = c.Label
		}
		if _, err := in.Query.check(); err != nil {
			return out, err
		}
		path, err := s.core.host.AskSave(office.ShortFileName(in.Name, 100)+kindSheet.Ending, kindSheet, kindCSV)
		if err != nil || path == "" {
			return out, err
		}
		word := func(column, value string) string {
			if w, ok := in.Words[column+"."+value]; ok {
				return w
			}
			return value
		}
		var t table
		if strings.EqualFold(filepath.Ext(path), kindCSV.Ending) {
			t = newCSV()
		} else {
			if !strings.EqualFold(filepath.Ext(path), kindSheet.Ending) {
				path = free(path, kindSheet.Ending)
			}
			folder, err := s.core.host.ExportFolder()
			if err != nil {
				return out, err
			}
			if t, err = newSheet(folder); err != nil {
				return out, err
			}
		}
		defer t.close()
		if err := t.head(head); err != nil {
			return out, err
		}
		line := make([]any, len(in.Columns))
		err = a.every(ctx, in.Query, func(r DocumentRow) error {
			if r.Level != "" {
				out.Held++
				return nil
			}
			for i, c := range in.Columns {
				line[i] = exportable[c.ID](r, word)
			}
			out.Rows++
			return t.row(line)
		})
		if err != nil {
			return out, err
		}
		b, err := t.bytes()
		if err != nil {
			return out, err
		}
		out.Path = path
		return out, copyTo(path, b)
	})
}

// free is a path with an ending that a program knows it by, and that no file has:
// the person was asked about the path without it only.
func free(path, ending string) string {
	for i := 1; ; i++ {
		p := path + ending
		if i > 1 {
			p = fmt.Sprintf("%s (%d)%s", path, i, ending)
		}
		if _, err := os.Lstat(p); errors.Is(err, os.ErrNotExist) {
			return p
		}
	}
}

// every calls f with each row of a list, each paper once.
func (a *at) every(ctx context.Context, q ListQuery, f func(DocumentRow) error) error {
	q.Limit, q.Count, q.After, q.Skip = office.MaxLimit, false, "", 0
	seen := map[string]bool{}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		l, err := a.list(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range l.Rows {
			if seen[r.ID] { // it moved down while the list was read
				continue
			}
			seen[r.ID] = true
			if err := f(r); err != nil {
				return err
			}
		}
		if len(l.Rows) < q.Limit {
			return nil
		}
		if q.After = l.Next; q.After == "" {
			q.Skip += len(l.Rows)
		} else {
			q.Skip = 0
		}
	}
}
