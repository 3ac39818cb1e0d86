// Package paper makes of an office's records what the layout sets: the red head
// of an outgoing paper, the text of what came in, the sheets that go with both.
// Desk and server use it alike, so both show and print the same pages.
package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
)

// Zone is the office's: dates on paper are its days.
var Zone = time.FixedZone("UTC+8", 8*3600)

// A Source is a paper as it is known on this machine. Names are names, not ids.
type Source struct {
	Direction string // document.Outgoing …
	Genre     string
	Title     string
	Number    string
	Series    string // 机关代字, for a number that is not given yet
	Issuer    string
	Unit      string // the unit that drafts, which heads an internal paper
	Urgency   string
	Level     string
	To, CC    []string
	Note      string
	Signer    string // 签发人
	Signed    int64  // when the 签发 took effect, Millis; 0: not yet
	Updated   int64  // Millis
	Blocks    []document.Block
}

// upward are the 文种 that go up and show the 签发人.
var upward = []string{"请示", "报告"}

// withoutTo are those that are addressed to nobody.
var issuedMark = map[string]string{"函": "", "命令": "令", "纪要": "纪要", "公告": "", "通告": ""}

// FormatOf is the format of a kind of paper.
func FormatOf(direction, genre string) layout.Format {
	switch {
	case direction == document.Incoming:
		return layout.FormatPlain
	case direction == document.Internal:
		return layout.FormatFile
	case genre == "函":
		return layout.FormatLetter
	case genre == "命令":
		return layout.FormatOrder
	case genre == "纪要":
		return layout.FormatMinutes
	}
	return layout.FormatFile
}

// Of makes the layout's paper. What is not known yet, a number, a day, is a
// hole.
func Of(s Source) (layout.Paper, layout.Format) {
	format := FormatOf(s.Direction, s.Genre)
	e := layout.Elements{Title: s.Title, Note: s.Note, HoleHint: "待分配"}
	p := layout.Paper{Blocks: blocks(s.Blocks)}
	if s.Direction == document.Incoming {
		p.Elements = e
		return p, format
	}
	e.To, e.Urgency, e.Level = s.To, s.Urgency, s.Level
	if s.Direction == document.Internal {
		e.Seal = layout.SealNone
		if s.Issuer != "" || s.Unit != "" {
			e.Mark = firstOf(s.Issuer, s.Unit) + s.Genre
		}
		p.Elements = e
		return p, format
	}
	e.CC = s.CC
	if s.Issuer != "" {
		suffix, special := issuedMark[s.Genre]
		if !special {
			suffix = "文件"
		}
		e.Mark = s.Issuer + suffix
		e.Issuers = []string{s.Issuer}
		if strings.HasPrefix(s.Title, "关于") && format != layout.FormatMinutes {
			e.Title = s.Issuer + s.Title
		}
		e.Printer = s.Issuer
		e.Printed = day(s.Signed, s.Updated)
	}
	e.Number = s.Number
	if e.Number == "" {
		e.Number = string(layout.Hole)
		if s.Series != "" {
			e.Number = fmt.Sprintf("%s〔%d〕%c号", s.Series, time.UnixMilli(firstTime(s.Signed, s.Updated)).In(Zone).Year(), layout.Hole)
		}
		if e.Mark == "" {
			e.Number = ""
		}
	}
	if slices.Contains(upward, s.Genre) && s.Signer != "" {
		e.Signers = []string{s.Signer}
	}
	// The text's own 署名 and date win; without them they come from the elements.
	own := slices.ContainsFunc(s.Blocks, func(b document.Block) bool {
		return b.Type == document.BlockSignature || b.Type == document.BlockDate
	})
	if !own && s.Issuer != "" && format != layout.FormatMinutes {
		e.Sign = []layout.Signatory{{Unit: s.Issuer}}
		e.Date = day(s.Signed, s.Updated)
	}
	p.Elements = e
	return p, format
}

func blocks(in []document.Block) []layout.Block {
	out := make([]layout.Block, 0, len(in))
	for _, b := range in {
		x := layout.Block{ID: b.ID, Type: b.Type, Level: b.Level, Text: b.Text, Align: b.Attrs["align"]}
		if b.Type == document.BlockImage {
			x.Source = b.Attrs[document.AttrSHA256]
			x.W, x.H = document.ImageSize(b)
		}
		out = append(out, x)
	}
	return out
}

// day is a day as it is printed; before it is known, its month with a hole.
func day(at, about int64) string {
	if at > 0 {
		return time.UnixMilli(at).In(Zone).Format("2006年1月2日")
	}
	return time.UnixMilli(about).In(Zone).Format("2006年1月") + string(layout.Hole) + "日"
}

func firstTime(a, b int64) int64 {
	if a > 0 {
		return a
	}
	return b
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Protected are terms that no line of the paper tears: the names it is written
// by and to. (Of a person's name two or three characters are enough to look
// torn.)
func Protected(s Source) []string {
	var out []string
	for _, n := range append([]string{s.Issuer, s.Signer}, s.To...) {
		if n := strings.TrimSpace(n); n != "" && len([]rune(n)) <= 12 {
			out = append(out, n)
		}
	}
	return out
}

// Set sets a paper after the standard's format for it.
func Set(s Source) layout.Document {
	p, f := Of(s)
	return layout.Set(p, layout.Preset(f), layout.Options{Protect: Protected(s)})
}
