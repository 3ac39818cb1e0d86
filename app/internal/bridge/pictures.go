package bridge

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// PictureInfo is what a block of the text needs to know of a picture.
type PictureInfo struct {
	SHA256 string `json:"sha256"`
	W      int    `json:"w"` // pixels
	H      int    `json:"h"`
}

// Picture looks into a picture that was brought for the text of a paper.
func (s *Files) Picture(id string) (PictureInfo, error) {
	return signedIn(s.core, "Files.Picture", func(ctx context.Context, a *at) (PictureInfo, error) {
		f, v, err := a.open(ctx, id)
		if err != nil {
			return PictureInfo{}, err
		}
		defer f.Close()
		p, err := office.PictureOf(f)
		return PictureInfo{SHA256: v.SHA256, W: p.W, H: p.H}, err
	})
}

// attachPicture brings a picture into the desk and adds it to a paper. What it
// is, its content says. A picture that the paper has already is not added again.
func (a *at) attachPicture(ctx context.Context, doc, name string, r io.Reader) (Done, error) {
	raw, err := io.ReadAll(io.LimitReader(r, office.MaxPicture+1))
	if err != nil {
		return Done{}, err
	}
	if len(raw) > office.MaxPicture {
		return Done{}, &office.Error{Code: office.CodeTooLarge, Field: "picture", Message: "正文图片最大 20 MB"}
	}
	p, err := office.PictureOf(bytes.NewReader(raw))
	if err != nil {
		return Done{}, err
	}
	if p.Type == office.PictureJPEG {
		if raw, p, err = bareJPEG(raw, p); err != nil {
			return Done{}, err
		}
	}
	rows, err := a.attachments(ctx, doc)
	if err != nil {
		return Done{}, err
	}
	// Before the bytes are kept: what the name or the paper would refuse.
	name = pictureName(name, p.Type)
	if _, err := a.mayAttach(ctx, doc, name); err != nil {
		return Done{}, err
	}
	b, err := a.desk.AddBlob(ctx, bytes.NewReader(raw))
	if err != nil {
		return Done{}, err
	}
	if i := slices.IndexFunc(rows, func(x item[document.Attachment]) bool { return x.Value.Inline && x.Value.SHA256 == b.SHA256 }); i >= 0 {
		return Done{ID: rows[i].ID}, nil
	}
	id, err := a.newID()
	if err != nil {
		return Done{}, err
	}
	return a.give(ctx, id, &document.Attach{
		ID: id, Document: doc, Name: name, Type: p.Type, Size: b.Size, SHA256: b.SHA256, Inline: true,
	})
}

// pictureName is a file's name with the extension that its content asks for.
func pictureName(name, kind string) string {
	if name = strings.TrimSpace(name); name == "" {
		name = "图片"
	}
	if types[extension(name)] == kind {
		return name
	}
	if strings.HasPrefix(types[extension(name)], "image/") {
		name = name[:len(name)-len(extension(name))]
	}
	return name + map[string]string{office.PicturePNG: ".png", office.PictureJPEG: ".jpg"}[kind]
}

// bareJPEG is a photograph as it looks, without what it tells of itself: place,
// time and camera are nobody's business in a paper, and the way it was held is
// turned into its pixels, so that screen and paper show it alike.
func bareJPEG(raw []byte, p office.Picture) ([]byte, office.Picture, error) {
	bad := &office.Error{Code: office.CodePicture, Field: "picture", Message: "a damaged JPEG"}
	out := append([]byte(nil), raw[:2]...)
	turn := 1
	for at := 2; ; {
		if at+4 > len(raw) || raw[at] != 0xff {
			return nil, p, bad
		}
		mark := raw[at+1]
		if mark == 0xff { // a fill byte
			at++
			continue
		}
		n := int(binary.BigEndian.Uint16(raw[at+2:]))
		if n < 2 || at+2+n > len(raw) {
			return nil, p, bad
		}
		switch {
		case mark == 0xda: // the picture itself
			out = append(out, raw[at:]...)
			if turn == 1 {
				return out, p, nil
			}
			return turned(out, turn)
		case mark == 0xe1:
			if o := orientation(raw[at+4 : at+2+n]); o > 0 {
				turn = o
			}
		case mark == 0xfe, mark >= 0xe3 && mark <= 0xed, mark == 0xef: // words and notes of programs
		default: // tables, sizes, JFIF, colour profile, Adobe's colours
			out = append(out, raw[at:at+2+n]...)
		}
		at += 2 + n
	}
}

// orientation is how a photograph was held, 1 to 8 as Exif counts; 0 unknown.
func orientation(exif []byte) int {
	if len(exif) < 14 || string(exif[:6]) != "Exif\x00\x00" {
		return 0
	}
	b := exif[6:]
	var order binary.ByteOrder = binary.LittleEndian
	if string(b[:2]) == "MM" {
		order = binary.BigEndian
	}
	dir := int(order.Uint32(b[4:]))
	if dir < 8 || dir+2 > len(b) {
		return 0
	}
	for i := range int(order.Uint16(b[dir:])) {
		e := dir + 2 + 12*i
		if e+12 > len(b) {
			return 0
		}
		if order.Uint16(b[e:]) == 0x0112 {
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
	}
	return 0
}

// turned is the picture as it was meant, encoded again.
func turned(raw []byte, turn int) ([]byte, office.Picture, error) {
	src, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, office.Picture{}, &office.Error{Code: office.CodePicture, Field: "picture", Message: err.Error()}
	}
	r := src.Bounds()
	w, h := r.Dx(), r.Dy()
	if turn >= 5 {
		w, h = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch turn {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			dst.Set(x, y, src.At(r.Min.X+sx, r.Min.Y+sy))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, dst, &jpeg.Options{Quality: 92}); err != nil {
		return nil, office.Picture{}, err
	}
	return b.Bytes(), office.Picture{Type: office.PictureJPEG, W: w, H: h}, nil
}

// pictures reads pictures of a paper's text for a file that leaves the program;
// one that is not here is fetched, and refused if it does not come: no paper is
// printed with a hole that nobody sees.
func (a *at) pictures(ctx context.Context, doc string) func(sha string) ([]byte, error) {
	return func(sha string) ([]byte, error) {
		rows, err := a.attachments(ctx, doc)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(rows, func(x item[document.Attachment]) bool { return x.Value.Inline && x.Value.SHA256 == sha })
		if i < 0 {
			return nil, &office.Error{Code: office.CodeNoBlob, Field: "picture", Message: sha}
		}
		f, _, err := a.open(ctx, rows[i].ID)
		if err != nil {
			e := *office.AsError(err)
			e.Field = "picture"
			return nil, &e
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, office.MaxPicture))
	}
}
