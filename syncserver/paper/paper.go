// Package paper makes of an office's records what the layout sets: the red head
// of an outgoing paper, the text of what came in, the sheets that go with both.
// Desk and server use it alike, so both show and print the same pages.
package paper

import (
	"fmt"
	"slices"
	"strconv"
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
	document.Form
	Signer  string // 签发人
	Signed  int64  // when the 签发 took effect, Millis; 0: not yet
	Updated int64  // Millis
	Blocks  []document.Block
}

// upward are the 文种 that go up and show the 签发人.
var upward = []string{"请示", "报告"}

// withoutTo are those that are addressed to nobody.
var issuedMark = map[string]string{"函": "", "命令": "令", "纪要": "纪要", "公告": "", "通告": ""}

// FormatOf is the format of a kind of paper.
func FormatOf(direction, genre string) layout.Format { return layout.FormatFor(direction, genre) }

// Of makes the layout's paper. What is not known yet, a number, a day, is a
// hole.
func Of(s Source) (layout.Paper, layout.Format) {
	format := FormatOf(s.Direction, s.Genre)
	e := layout.Elements{Title: s.Title, Note: s.Note, HoleHint: "待分配"}
	p := layout.Paper{}
	p.Blocks, p.Annexes = parts(s.Blocks, numberOf(s))
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
		issuers := Issuers(s.Issuer)
		lead := issuers[0]
		e.Mark = lead + suffix
		e.Issuers = issuers
		if s.Joint == document.JointLead {
			e.Issuers = issuers[:1]
		}
		if strings.HasPrefix(s.Title, "关于") && format != layout.FormatMinutes {
			e.Title = strings.Join(issuers, "　") + s.Title
		}
		e.Printer = lead
		e.Printed = day(s.Signed, s.Updated)
	}
	if e.Number = numberOf(s); s.Number == "" && e.Mark == "" {
		e.Number = ""
	}
	if slices.Contains(upward, s.Genre) && s.Signer != "" {
		e.Signers = []string{s.Signer}
		for _, x := range s.AlsoSigned {
			_, name := document.SignerOf(x)
			e.Signers = append(e.Signers, name)
		}
	}
	if s.CopyNo != "" {
		e.CopyNo = fmt.Sprintf("%06s", s.CopyNo)
	}
	e.Seal = seals[s.Seal]
	for _, x := range []struct {
		label string
		names []string
	}{{"出席", s.Present}, {"请假", s.Excused}, {"列席", s.Attending}} {
		if len(x.names) > 0 {
			e.People = append(e.People, layout.Names{Label: x.label, Names: strings.Join(x.names, "　")})
		}
	}
	// The text's own 署名 and date win; without them they come from the elements.
	own := slices.ContainsFunc(p.Blocks, func(b layout.Block) bool {
		return b.Type == layout.BlockSignature || b.Type == layout.BlockDate
	})
	if !own && s.Issuer != "" && format != layout.FormatMinutes {
		for i, u := range Issuers(s.Issuer) {
			x := layout.Signatory{Unit: u}
			switch {
			case e.Seal != layout.SealSign:
			case i == 0:
				x.Title, x.Name = s.SignTitle, s.Signer
			case i <= len(s.AlsoSigned):
				x.Title, x.Name = document.SignerOf(s.AlsoSigned[i-1])
			}
			e.Sign = append(e.Sign, x)
		}
		e.Date = day(s.Signed, s.Updated)
	}
	p.Elements = e
	return p, format
}

// numberOf is the 发文字号; one that is not given yet has a hole.
func numberOf(s Source) string {
	switch {
	case s.Number != "":
		return s.Number
	case s.Series != "":
		return fmt.Sprintf("%s〔%d〕%c号", s.Series, time.UnixMilli(firstTime(s.Signed, s.Updated)).In(Zone).Year(), layout.Hole)
	}
	return string(layout.Hole)
}

// seals are the ways to sign, as the layout calls them.
var seals = map[string]layout.SealKind{document.SealStamp: layout.SealStamp, document.SealNone: layout.SealNone, document.SealSign: layout.SealSign}

// Issuers are the offices in whose name a paper goes out, 主办 first.
func Issuers(issuer string) []string { return document.IssuersOf(issuer) }

// parts are the body and the 附件 of a paper's blocks. One 附件 is called just
// that, several are numbered; one bound apart says whose it is.
func parts(in []document.Block, number string) ([]layout.Block, []layout.Annex) {
	annexes := 0
	for _, b := range in {
		if b.Type == document.BlockAnnex {
			annexes++
		}
	}
	var body []layout.Block
	var out []layout.Annex
	for _, b := range in {
		if b.Type == document.BlockAnnex {
			x := layout.Annex{ID: b.ID, Label: "附件", Title: b.Text, Landscape: b.Attrs[document.AttrTurned] == document.Yes}
			if annexes > 1 {
				x.Label += strconv.Itoa(len(out) + 1)
			}
			if b.Attrs[document.AttrApart] == document.Yes {
				x.Apart = number
			}
			out = append(out, x)
			continue
		}
		v := layout.Block{ID: b.ID, Type: b.Type, Level: b.Level, Text: b.Text, Align: b.Attrs["align"]}
		if b.Type == document.BlockImage {
			v.Source = b.Attrs[document.AttrSHA256]
			v.W, v.H = document.ImageSize(b)
		}
		v.Turned = b.Type == document.BlockTable && b.Attrs[document.AttrTurned] == document.Yes
		if n := len(out); n > 0 {
			out[n-1].Blocks = append(out[n-1].Blocks, v)
		} else {
			body = append(body, v)
		}
	}
	return body, out
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
	for _, n := range slices.Concat(Issuers(s.Issuer), []string{s.Signer}, s.To) {
		if n := strings.TrimSpace(n); n != "" && len([]rune(n)) <= 12 {
			out = append(out, n)
		}
	}
	return out
}

// Set sets a paper after the standard's format for it.
func Set(s Source) layout.Document { return SetWith(s, layout.Template{}) }

// SetWith sets a paper after a template; one of another format than the paper's
// gives way to the standard's.
func SetWith(s Source, t layout.Template) layout.Document {
	p, f := Of(s)
	if t.Format != f {
		t = layout.Preset(f)
	}
	return layout.Set(p, t, layout.Options{Protect: Protected(s)})
}
