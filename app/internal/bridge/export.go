package bridge

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
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

// exportable are the columns of a list and what stands in them.
var exportable = map[string]func(r DocumentRow, word func(column, value string) string) string{
	"title":    func(r DocumentRow, _ func(string, string) string) string { return r.Title },
	"number":   func(r DocumentRow, _ func(string, string) string) string { return r.Number },
	"register": func(r DocumentRow, _ func(string, string) string) string { return r.Register },
	"unit":     func(r DocumentRow, _ func(string, string) string) string { return r.Unit },
	"genre":    func(r DocumentRow, _ func(string, string) string) string { return r.Genre },
	"handling": func(r DocumentRow, _ func(string, string) string) string { return r.Handling },
	"drafter":  func(r DocumentRow, _ func(string, string) string) string { return r.Drafter },
	"created":  func(r DocumentRow, _ func(string, string) string) string { return day(r.Created) },
	"updated":  func(r DocumentRow, _ func(string, string) string) string { return day(r.Updated) },
	"due":      func(r DocumentRow, _ func(string, string) string) string { return minute(r.Due) },
	"holder": func(r DocumentRow, _ func(string, string) string) string {
		return strings.Join(r.Holders, "、")
	},
	"urgency": func(r DocumentRow, word func(string, string) string) string { return word("urgency", r.Urgency) },
	"level":   func(r DocumentRow, word func(string, string) string) string { return word("level", r.Level) },
	"step": func(r DocumentRow, word func(string, string) string) string {
		if r.Step != "" && r.State != document.Done {
			return r.Step
		}
		return word("state", cmp.Or(r.Ending, r.State, "draft"))
	},
	"state": func(r DocumentRow, word func(string, string) string) string {
		return word("state", cmp.Or(r.Ending, r.State, "draft"))
	},
}

func day(at int64) string {
	if at == 0 {
		return ""
	}
	return time.UnixMilli(at).In(calendar.Zone).Format("2006-01-02")
}

func minute(at int64) string {
	if at == 0 {
		return ""
	}
	return time.UnixMilli(at).In(calendar.Zone).Format("2006-01-02 15:04")
}

// Export asks where to and writes a list there as CSV that office programs read:
// UTF-8 with its mark. It holds what the person may read on this desk and no
// more; what is 内部 does not leave the program.
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
			head[i] = cell(c.Label)
		}
		if _, err := in.Query.check(); err != nil {
			return out, err
		}
		path, err := s.core.host.AskSave(office.ShortFileName(in.Name, 100) + ".csv")
		if err != nil || path == "" {
			return out, err
		}
		word := func(column, value string) string {
			if w, ok := in.Words[column+"."+value]; ok {
				return w
			}
			return value
		}
		var b bytes.Buffer
		b.WriteString("\ufeff")
		w := csv.NewWriter(&b)
		w.UseCRLF = true
		if err := w.Write(head); err != nil {
			return out, err
		}
		line := make([]string, len(in.Columns))
		err = a.every(ctx, in.Query, func(r DocumentRow) error {
			if r.Level != "" {
				out.Held++
				return nil
			}
			for i, c := range in.Columns {
				line[i] = cell(exportable[c.ID](r, word))
			}
			out.Rows++
			return w.Write(line)
		})
		if err != nil {
			return out, err
		}
		w.Flush()
		out.Path = path
		return out, copyTo(path, &b)
	})
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

// cell is a text that no table program takes for a formula: one that begins
// like one gets an apostrophe, which they show nothing of. Line ends become
// spaces: a row stays a row in programs that know no better.
func cell(s string) string {
	s = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\x00", "").Replace(s)
	switch first := strings.TrimLeft(s, " \t\u3000\u00a0"); {
	case first == "":
		return s
	case strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]), s[0] == '\t':
		return "'" + s
	}
	return s
}
