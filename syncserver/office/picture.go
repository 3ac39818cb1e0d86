package office

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// Limits of a picture in a text. A scan of a page at 300 dpi has 9 million
// pixels; whoever opens a paper decodes what it shows.
const (
	MaxPicture     = 20 << 20   // bytes
	MaxPictureSide = 10_000     // pixels
	MaxPictureArea = 50_000_000 // pixels
)

// CodePicture refuses a file that is no picture this program shows.
const CodePicture Code = "bad_picture"

// PictureUser is a command some of whose files must be pictures: the server
// looks into them before it takes the command. The answer depends on the
// command's fields alone.
type PictureUser interface {
	BlobUser
	Pictures() []BlobRef
}

// A Picture is what its first bytes say.
type Picture struct {
	Type string // PicturePNG or PictureJPEG
	W, H int    // pixels
}

// Types of picture.
const (
	PicturePNG  = "image/png"
	PictureJPEG = "image/jpeg"
)

// IsPictureType reports whether pictures of a MIME type are shown.
func IsPictureType(t string) bool { return t == PicturePNG || t == PictureJPEG }

// PictureOf reads what kind of picture begins here; the name of the file plays
// no part. CodePicture for what is neither PNG nor JPEG or is damaged,
// CodeTooLarge for more pixels than the limits. A fault of r comes back as it is.
func PictureOf(r io.Reader) (Picture, error) {
	src := &watched{r: r}
	head := make([]byte, 8)
	n, _ := io.ReadFull(src, head)
	all := io.MultiReader(bytes.NewReader(head[:n]), src)
	var err error
	var c image.Config
	p := Picture{}
	switch {
	case n == 8 && string(head) == "\x89PNG\r\n\x1a\n":
		p.Type = PicturePNG
		c, err = png.DecodeConfig(all)
	case n > 3 && string(head[:3]) == "\xff\xd8\xff":
		p.Type = PictureJPEG
		c, err = jpeg.DecodeConfig(all)
	default:
		err = errors.New("neither PNG nor JPEG")
	}
	if src.err != nil {
		return Picture{}, src.err
	}
	if err != nil {
		return Picture{}, &Error{Code: CodePicture, Field: "picture", Message: err.Error()}
	}
	p.W, p.H = c.Width, c.Height
	return p, CheckPictureSize(p.W, p.H)
}

// CheckPictureSize holds a picture's sides, in pixels, against the limits.
func CheckPictureSize(w, h int) error {
	switch {
	case w < 1 || h < 1:
		return &Error{Code: CodePicture, Field: "picture", Message: "a picture without pixels"}
	case w > MaxPictureSide || h > MaxPictureSide || w*h > MaxPictureArea:
		return &Error{Code: CodeTooLarge, Field: "picture", Message: fmt.Sprintf("%d×%d", w, h)}
	}
	return nil
}

// watched remembers why reading failed: a store that is away says nothing
// against a picture.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}
