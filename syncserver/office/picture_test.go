package office

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// pngOf is a picture whose head says w×h.
func pngOf(w, h uint32) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2)))
	out := b.Bytes()
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

// TestPictureOf: what a picture is, its content says; limits hold before a
// single pixel is decoded.
func TestPictureOf(t *testing.T) {
	var j bytes.Buffer
	if err := jpeg.Encode(&j, image.NewGray(image.Rect(0, 0, 30, 20)), nil); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name string
		data []byte
		code Code
		want Picture
	}{
		{"PNG", pngOf(40, 30), "", Picture{PicturePNG, 40, 30}},
		{"JPEG", j.Bytes(), "", Picture{PictureJPEG, 30, 20}},
		{"widest", pngOf(10_000, 5_000), "", Picture{PicturePNG, 10_000, 5_000}},
		{"too wide", pngOf(10_001, 1), CodeTooLarge, Picture{PicturePNG, 10_001, 1}},
		{"too many pixels", pngOf(10_000, 5_001), CodeTooLarge, Picture{PicturePNG, 10_000, 5_001}},
		{"nothing", nil, CodePicture, Picture{}},
		{"GIF", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), CodePicture, Picture{}},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), CodePicture, Picture{}},
		{"a page", []byte("<!DOCTYPE html><script>alert(1)</script>"), CodePicture, Picture{}},
		{"cut off", pngOf(40, 30)[:20], CodePicture, Picture{}},
		{"only a beginning", j.Bytes()[:6], CodePicture, Picture{}},
	} {
		got, err := PictureOf(bytes.NewReader(x.data))
		if CodeOf(err) != x.code || got != x.want {
			t.Errorf("%s: %+v %v", x.name, got, err)
		}
	}
	gone := errors.New("the store is away")
	if _, err := PictureOf(io.MultiReader(bytes.NewReader(pngOf(40, 30)[:12]), iotest.ErrReader(gone))); !errors.Is(err, gone) || CodeOf(err) != CodeInternal {
		t.Errorf("a fault of the store: %v", err)
	}
	if _, err := PictureOf(strings.NewReader("\xff\xd8\xff\xe0\x00\x10JFIF")); CodeOf(err) != CodePicture {
		t.Error(err)
	}
}
