package document

import (
	"slices"
	"strconv"

	"qianshao/syncserver/office"
)

// Attributes of a block with a picture. The picture is one of the paper's
// attachments that are made for the text (Attachment.Inline).
const (
	AttrSHA256 = "sha256" // of the attachment's content
	AttrWidth  = "width"  // on paper, whole millimetres
	AttrW      = "w"      // of the picture, in pixels
	AttrH      = "h"
	AttrAlt    = "alt" // what is seen, for those who cannot see it
)

// Limits of a picture on paper. 156 mm is the width of the 版心.
const (
	MinImageWidth = 10
	MaxImageWidth = 156
	maxCaption    = 200
)

// checkImage refuses a block whose attributes make no picture.
func checkImage(field string, b Block) error {
	if !office.ValidSHA256(b.Attrs[AttrSHA256]) {
		return office.Invalid(field, "a picture is named by its SHA-256")
	}
	if err := office.CheckLine(field, b.Text, 0, maxCaption); err != nil {
		return err
	}
	number := func(name string) int {
		n, err := strconv.Atoi(b.Attrs[name])
		if err != nil || strconv.Itoa(n) != b.Attrs[name] {
			return -1
		}
		return n
	}
	if w := number(AttrWidth); w < MinImageWidth || w > MaxImageWidth {
		return office.Invalid(field, "a picture is %d to %d mm wide", MinImageWidth, MaxImageWidth)
	}
	if err := office.CheckPictureSize(number(AttrW), number(AttrH)); err != nil {
		return office.Invalid(field, "a picture of %q×%q pixels", b.Attrs[AttrW], b.Attrs[AttrH])
	}
	return nil
}

// ImageSize is how large a block's picture stands on paper, in millimetres; 0,
// 0 for a block that is none.
func ImageSize(b Block) (w, h float64) {
	if b.Type != BlockImage || checkImage("", b) != nil {
		return 0, 0
	}
	w, _ = strconv.ParseFloat(b.Attrs[AttrWidth], 64)
	pw, _ := strconv.ParseFloat(b.Attrs[AttrW], 64)
	ph, _ := strconv.ParseFloat(b.Attrs[AttrH], 64)
	return w, w * ph / pw
}

// ownPictures refuses blocks with pictures that the paper does not have: whoever
// knows a hash could otherwise show what they may not read. tx nil: it has none.
func ownPictures(tx office.Tx, id string, blocks []Block) error {
	if !slices.ContainsFunc(blocks, func(b Block) bool { return b.Type == BlockImage }) {
		return nil
	}
	var have []office.Item[Attachment]
	if tx != nil {
		var err error
		if have, _, err = files(tx, id); err != nil {
			return err
		}
	}
	for _, b := range blocks {
		if b.Type != BlockImage {
			continue
		}
		sha := b.Attrs[AttrSHA256]
		if !slices.ContainsFunc(have, func(a office.Item[Attachment]) bool { return a.Value.Inline && a.Value.SHA256 == sha }) {
			return &office.Error{Code: office.CodeNoBlob, Field: "block:" + b.ID, Message: "这幅图片不属于本文"}
		}
	}
	return nil
}

// unused refuses to take off a picture that the text still shows, unless the
// paper has it twice.
func unused(tx office.Tx, r office.Record, paper string) error {
	var a Attachment
	if err := r.Decode(&a); err != nil || !a.Inline {
		return err
	}
	rows, _, err := files(tx, paper)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(rows, func(x office.Item[Attachment]) bool {
		return x.ID != r.ID && x.Value.Inline && x.Value.SHA256 == a.SHA256
	}) {
		return nil
	}
	body, err := Bodies.Need(tx, paper)
	if err != nil {
		return err
	}
	for _, b := range body.Blocks {
		if b.Type == BlockImage && b.Attrs[AttrSHA256] == a.SHA256 {
			return &office.Error{Code: office.CodeState, Field: "block:" + b.ID, Message: "正文中还有这幅图片"}
		}
	}
	return nil
}
