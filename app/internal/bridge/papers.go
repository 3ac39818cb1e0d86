package bridge

import (
	"bytes"
	"cmp"
	"context"
	"math"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
	sheets "qianshao/syncserver/paper"
	"qianshao/syncserver/paper/font"
	"qianshao/syncserver/paper/pdf"
)

// Papers draw papers on pages and hand them to the system as PDF.
type Papers struct{ core *core }

// Press is what drawing paper needs of the machine. It is safe for concurrent
// use.
type Press interface {
	// Fonts are the faces of this machine.
	Fonts() *font.Set
	// FontFolders are the folder of fonts that was chosen here, "" for none, and
	// those that the office's IT named.
	FontFolders() (chosen string, policy []string)
	// UseFontFolder chooses another, "" for none, and looks for fonts anew. A
	// folder without fonts is refused.
	UseFontFolder(path string) error
	// URL is where the page loads a font from.
	URL(f *font.Font) string
	// Keep writes a PDF where the page and the person's other programs find it.
	Keep(name string, file []byte) (path, url string, err error)
	// Open lets the system's viewer open what Keep wrote; false where there is
	// none.
	Open(path string) bool
}

// Limits of what is drawn: those of a paper, so that a page that went wrong
// cannot stop the program.
const (
	maxPaperBlocks = 2000
	maxPaperText   = 400_000
)

// Draw sets a paper on pages. It reads the 版式模板 and nothing else.
func (s *Papers) Draw(in PaperInput) (PaperPages, error) {
	return signedIn(s.core, "Papers.Draw", func(ctx context.Context, a *at) (PaperPages, error) {
		d, err := a.setPaper(ctx, in)
		if err != nil {
			return PaperPages{}, err
		}
		return drawn(d, s.core.press, altsOf(in.Blocks)), nil
	})
}

// Print makes the pages a PDF. preprinted leaves out what is red (套打); open has
// the system's viewer open the file, and print it. What is 内部 does not leave the
// program.
func (s *Papers) Print(in PaperInput, preprinted, open bool) (PaperFile, error) {
	return signedIn(s.core, "Papers.Print", func(ctx context.Context, a *at) (PaperFile, error) {
		if in.Elements.Level != "" {
			return PaperFile{}, &office.Error{Code: office.CodeNotPermitted, Field: "level", Message: "内部文件不得导出"}
		}
		d, err := a.setPaper(ctx, in)
		if err != nil {
			return PaperFile{}, err
		}
		if preprinted {
			d = d.WithoutRed()
		}
		return a.file(d, pdf.Options{Title: d.Title, Author: in.Elements.Issuer, Subject: in.Elements.Number, Image: a.pictures(ctx, in.Document)}, open)
	})
}

func (a *at) file(d layout.Document, o pdf.Options, open bool) (PaperFile, error) {
	var b bytes.Buffer
	if err := pdf.Write(&b, d, a.press.Fonts(), o); err != nil {
		return PaperFile{}, err
	}
	path, url, err := a.press.Keep(o.Title, b.Bytes())
	if err != nil {
		return PaperFile{}, err
	}
	out := PaperFile{Path: path, URL: url, Name: o.Title, Pages: len(d.Pages)}
	if open {
		out.Opened = a.press.Open(path)
	}
	return out, nil
}

func (a *at) setPaper(ctx context.Context, in PaperInput) (layout.Document, error) {
	if len(in.Blocks) > maxPaperBlocks {
		return layout.Document{}, office.Invalid("blocks", "%d, at most %d", len(in.Blocks), maxPaperBlocks)
	}
	n := 0
	src := sourceOf(in)
	for _, b := range in.Blocks {
		n += len(b.Text)
		src.Blocks = append(src.Blocks, document.Block(b))
	}
	if n > 4*maxPaperText {
		return layout.Document{}, office.Invalid("blocks", "%d bytes", n)
	}
	t, err := a.template(ctx, in.Kind, in.Elements)
	if err != nil {
		return layout.Document{}, err
	}
	return sheets.SetWith(src, t), nil
}

func sourceOf(in PaperInput) sheets.Source {
	e := in.Elements
	return sheets.Source{
		Direction: in.Kind, Genre: e.Genre, Title: e.Title, Number: e.Number, Series: e.Series, Issuer: e.Issuer, Unit: in.Unit,
		Urgency: e.Urgency, Level: e.Level, To: e.To, CC: e.CC, Note: e.Note, Form: document.Form(e.Form), Signer: in.Signer, Signed: e.SignedAt, Updated: in.Updated,
	}
}

// altsOf are the words for the blind of pictures, by their block: else the caption.
func altsOf(blocks []Block) map[string]string {
	out := map[string]string{}
	for _, b := range blocks {
		if b.Type == document.BlockImage {
			out[b.ID] = cmp.Or(b.Attrs[document.AttrAlt], b.Text)
		}
	}
	return out
}

// fine is a length in thousandths of a millimetre.
func fine(f float64) int { return int(math.Round(f * 1000)) }

// drawn makes the view of a document: runs are parted where the font changes.
func drawn(d layout.Document, press Press, alts map[string]string) PaperPages {
	set := press.Fonts()
	out := PaperPages{Template: d.Template}
	index := map[*font.Font]int{}
	fontOf := func(f *font.Font) int {
		if f == nil {
			return -1
		}
		i, ok := index[f]
		if !ok {
			i = len(out.Fonts)
			index[f] = i
			url := press.URL(f)
			out.Fonts = append(out.Fonts, PaperFont{Family: "qs-" + url[len(url)-8:], URL: url, Name: f.Family})
		}
		return i
	}
	for _, p := range d.Pages {
		q := PaperPage{W: fine(p.W), H: fine(p.H), Number: p.Number}
		for i := range p.Runs {
			q.Runs = append(q.Runs, runViews(&p.Runs[i], set, fontOf)...)
		}
		for _, r := range p.Rules {
			q.Rules = append(q.Rules, PaperRule{fine(r.X1), fine(r.Y1), fine(r.X2), fine(r.Y2), fine(r.Width), int(r.Ink)})
		}
		for _, x := range p.Places {
			v := PaperPlace{Kind: x.Kind, Text: x.Text, X: fine(x.X), Y: fine(x.Y), W: fine(x.W), H: fine(x.H)}
			if x.Kind == layout.PlaceQR {
				v.Dark, v.Side = pdf.Code(x.Text)
			}
			q.Places = append(q.Places, v)
		}
		for _, x := range p.Images {
			q.Places = append(q.Places, PaperPlace{Kind: "image", Text: x.Source, Alt: alts[x.Block], X: fine(x.X), Y: fine(x.Y), W: fine(x.W), H: fine(x.H)})
		}
		out.Pages = append(out.Pages, q)
	}
	gap := set.Gaps(d)
	for _, f := range gap.Faces {
		g := PaperGap{Face: string(f)}
		for _, c := range set.Choices() {
			if c.Face == f && c.Font != nil {
				g.Font = c.Font.Family
			}
		}
		out.Gaps = append(out.Gaps, g)
	}
	out.Lost = string(gap.Chars)
	for _, f := range d.Faults {
		out.Faults = append(out.Faults, PaperFault{f.Rule, f.Page, f.Text})
	}
	return out
}

func runViews(r *layout.Run, set *font.Set, fontOf func(*font.Font) int) []PaperRun {
	var out []PaperRun
	for i := 0; i < len(r.Text); {
		f, _ := set.Pick(r.Face, r.Text[i])
		j := i + 1
		for ; j < len(r.Text); j++ {
			if g, _ := set.Pick(r.Face, r.Text[j]); g != f {
				break
			}
		}
		v := PaperRun{
			Font: fontOf(f), Size: fine(r.Size), Y: fine(r.Y), End: fine(r.End), Text: string(r.Text[i:j]), Ink: int(r.Ink),
			Squeeze: fine(r.Squeeze), Word: r.Word, Upright: r.Upright, Part: string(r.Part), Block: r.Block,
		}
		if j < len(r.Text) {
			v.End = fine(r.X[j])
		}
		for _, x := range r.X[i:j] {
			v.X = append(v.X, fine(x))
		}
		out = append(out, v)
		i = j
	}
	return out
}

// Sheet makes the handling sheet of a paper, 收文处理单, 发文稿纸 or 签报, with the
// opinions as they are on this desk, a PDF; open as in Print.
func (s *Papers) Sheet(id string, open bool) (PaperFile, error) {
	return signedIn(s.core, "Papers.Sheet", func(_ context.Context, a *at) (PaperFile, error) {
		p, err := (&Documents{s.core}).Page(id)
		if err != nil {
			return PaperFile{}, err
		}
		if p.Elements.Level != "" {
			return PaperFile{}, &office.Error{Code: office.CodeNotPermitted, Field: "level", Message: "内部文件不得导出"}
		}
		return a.file(sheets.SheetOf(handlingOf(p)), pdf.Options{Title: p.Elements.Title + "（处理单）", Author: p.Elements.Issuer, Subject: p.Elements.Number}, open)
	})
}

// saidOf are the answers to a 会签 or a vote that are no plain 同意.
var saidOf = map[string]string{approval.VerdictAmend: "有修改意见", approval.VerdictDisagree: "不同意", approval.VerdictAbstain: "弃权"}

// unsaid is how the sheet says what an act without words says (Opinion.Said).
var unsaid = map[string]string{"agree": "同意", "read": "已阅", "return": "退回", "reject": "退文", "abstain": "弃权"}

func handlingOf(p DocumentPage) sheets.Handling {
	e := p.Elements
	h := sheets.Handling{
		Source: sourceOf(PaperInput{Kind: p.Kind, Unit: p.Unit, Signer: p.Signer, Updated: p.Updated, Elements: e}),
		From:   e.From, FromNumber: e.FromNumber, Received: e.Received, Limit: e.Limit, Handling: e.Handling,
		Publicity: e.Publicity, Copies: e.Copies, Drafter: p.Drafter, Phone: p.Phone, Link: LinkScheme + "://document/" + p.ID,
	}
	for _, b := range p.Blocks {
		h.Blocks = append(h.Blocks, document.Block(b))
	}
	for _, x := range p.Areas {
		a := sheets.Area{ID: x.ID, Title: x.Title}
		for _, o := range x.Opinions {
			v := layout.Opinion{Words: o.Words, By: o.By, Unit: o.Unit, Date: sheets.ShortDay(cmp.Or(o.Claimed, o.At))}
			switch {
			case o.Waiting:
				v.Mark = "待送达"
			case o.Old:
				v.Mark = "前一轮"
			case o.Act == approval.ActReturn || o.Act == approval.ActReject:
				v.Mark = unsaid[o.Act]
			case o.Answer == approval.AnswerDisputed:
				v.Mark = "本人有异议"
			case o.Words != "":
				v.Mark = saidOf[o.Verdict]
			}
			if v.Words == "" {
				v.Words = unsaid[o.Said]
			}
			a.Opinions = append(a.Opinions, v)
		}
		h.Areas = append(h.Areas, a)
	}
	return h
}
