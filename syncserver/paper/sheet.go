package paper

import (
	"strconv"
	"strings"
	"time"

	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
)

// A Handling is what the sheet of a paper says beside the paper itself: 收文处理单,
// 发文稿纸 or 签报.
type Handling struct {
	Source
	From, FromNumber string
	Received, Limit  int64 // Millis, 0 for none
	Handling         string
	Publicity        string
	Copies           int
	Drafter, Phone   string
	Areas            []Area
	Link             string // the content of the code, "" for none
}

// An Area is an area of opinions.
type Area struct {
	ID, Title string
	Opinions  []layout.Opinion
}

// SheetOf sets the sheet of a paper.
func SheetOf(h Handling) layout.Document {
	id, unit := "fagao", firstOf(h.Issuer, h.Unit)
	switch h.Direction {
	case document.Incoming:
		id, unit = "shouwen", ""
	case document.Internal:
		id = "qianbao"
	}
	t, _ := layout.SheetByID(id)
	x := layout.Sheet{Areas: map[string][]layout.Opinion{}, Code: h.Link, Fields: map[string]string{
		"unit": unit, "title": h.Title, "genre": h.Genre, "number": firstOf(h.Number, "待分配"), "register": firstOf(h.Number, "待分配"),
		"level": h.Level, "urgency": h.Urgency, "publicity": h.Publicity, "to": strings.Join(h.To, "，"), "cc": strings.Join(h.CC, "，"),
		"from": h.From, "from_number": h.FromNumber, "handling": h.Handling, "received": dayOf(h.Received), "limit": dayOf(h.Limit),
		"drafter": h.Drafter, "phone": h.Phone, "drafting_unit": h.Unit, "date": dayOf(h.Updated),
	}}
	if h.Copies > 0 {
		x.Fields["copies"] = strconv.Itoa(h.Copies)
	}
	var text, attached []string
	for _, b := range h.Blocks {
		if b.Type == document.BlockAttachment {
			attached = append(attached, strings.TrimPrefix(b.Text, "附件："))
		} else if b.Text != "" {
			text = append(text, strings.ReplaceAll(b.Text, "\t", "　"))
		}
	}
	x.Fields["attachments"] = strings.Join(attached, "\n")
	x.Fields["text"] = strings.Join(text, "\n")
	var titles []layout.AreaTitle
	for _, a := range h.Areas {
		titles = append(titles, layout.AreaTitle{ID: a.ID, Title: a.Title})
		x.Areas[a.ID] = a.Opinions
	}
	return layout.SetSheet(x, t.WithAreas(titles), layout.Options{Protect: Protected(h.Source)})
}

// dayOf is a day in full, "" for none.
func dayOf(at int64) string {
	if at <= 0 {
		return ""
	}
	return time.UnixMilli(at).In(Zone).Format("2006年1月2日")
}

// ShortDay is a day as opinions are dated: 10月8日.
func ShortDay(at int64) string {
	if at <= 0 {
		return ""
	}
	return time.UnixMilli(at).In(Zone).Format("1月2日")
}
