package bridge

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http/httptest"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// flag is a picture with a red left and a blue right half.
func flag(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{R: 255, A: 255})
			if x >= w/2 {
				m.Set(x, y, color.RGBA{B: 255, A: 255})
			}
		}
	}
	return m
}

func pngFile(t *testing.T, w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, flag(w, h)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photo is a JPEG with Exif that says how it was held, and where.
func photo(t *testing.T, w, h, held int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, flag(w, h), nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	exif = append(exif, byte(held), 0, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 39.9N 116.4E"...)
	seg := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return append(append([]byte{0xff, 0xd8}, append(seg, exif...)...), b.Bytes()[2:]...)
}

func TestPicturesOfAText(t *testing.T) {
	r, h := filePaper(t)
	press := &fakePress{set: machineFonts()}
	r.core.press = press
	done, no := bringPicture(t, r, "d1", "现场.JPG", pngFile(t, 40, 30))
	if no.Code != "" || done.ID == "" {
		t.Fatal(no)
	}
	p, err := r.Files.Picture(done.ID)
	if err != nil || p.W != 40 || p.H != 30 || !office.ValidSHA256(p.SHA256) {
		t.Fatal(p, err)
	}
	if again, no := bringPicture(t, r, "d1", "又.png", pngFile(t, 40, 30)); no.Code != "" || again.ID != done.ID || again.Mid != "" {
		t.Errorf("the same picture is another attachment: %+v %v", again, no)
	}
	w := httptest.NewRecorder()
	r.Local().ServeHTTP(w, httptest.NewRequest("GET", "/local/files/"+done.ID, nil))
	if w.Code != 200 || w.Header().Get("Content-Type") != "image/png" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	list, err := r.Files.List("d1")
	if err != nil || len(list.Rows) != 1 || list.Size != 0 {
		t.Fatal(list, err)
	}
	if x := list.Rows[0]; x.Name != "现场.png" || !x.Inline || x.Used || x.SHA256 != p.SHA256 {
		t.Errorf("%+v", x)
	}
	save := SaveInput{Now: DraftInput{ID: "d1", Kind: document.Outgoing, Genre: "通知", Title: "汛前检查"}, Base: DraftInput{ID: "d1", Kind: document.Outgoing, Genre: "通知", Title: "汛前检查"}}
	save.Now.Blocks = []Block{{ID: "i1", Type: document.BlockImage, Text: "图1", Attrs: map[string]string{"sha256": p.SHA256, "width": "80", "w": "40", "h": "30", "alt": "泵站"}}}
	if _, err := r.Documents.Save(save); err != nil {
		t.Fatal(err)
	}
	if list, err = r.Files.List("d1"); err != nil || !list.Rows[0].Used {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := r.Files.Remove("d1", done.ID, ""); office.CodeOf(err) != office.CodeState {
		t.Errorf("a picture that the text shows is taken off: %v", err)
	}

	// On the page at its place, and in the file that leaves the program.
	page := PaperInput{Kind: document.Outgoing, Document: "d1", Blocks: save.Now.Blocks, Elements: Elements{Title: "汛前检查", Genre: "通知", Issuer: "市政府办公室"}}
	v, err := r.Papers.Draw(page)
	if err != nil {
		t.Fatal(err)
	}
	var place *PaperPlace
	for i := range v.Pages[0].Places {
		if x := &v.Pages[0].Places[i]; x.Kind == "image" {
			place = x
		}
	}
	if place == nil || place.Text != p.SHA256 || place.Alt != "泵站" || place.W != 80_000 || place.H != 60_000 {
		t.Errorf("%+v", place)
	}
	at := &at{core: r.core, desk: h.desk, uid: "lin"}
	if b, err := at.pictures(t.Context(), "d1")(p.SHA256); err != nil || len(b) == 0 {
		t.Error(err)
	}
	if _, err := at.pictures(t.Context(), "d2")(p.SHA256); office.CodeOf(err) != office.CodeNoBlob {
		t.Errorf("another paper shows it: %v", err)
	}
	if _, err := r.Papers.Print(page, false, false); err == nil && !bytes.Contains(press.file, []byte("/Subtype/Image/Width 40/Height 30")) {
		t.Error("the PDF lacks the picture")
	} else if err != nil && office.AsError(err).Field != "fonts" {
		t.Error(err)
	}
	delete(h.desk.blobs, p.SHA256)
	if _, err := at.pictures(t.Context(), "d1")(p.SHA256); err == nil {
		t.Error("a paper is printed with a hole")
	}
}

func TestPicturesRefused(t *testing.T) {
	r, h := filePaper(t)
	for _, x := range []struct {
		doc, name string
		data      []byte
		code      office.Code
	}{
		{"d1", "x.png", []byte("<svg onload=alert(1)>"), office.CodePicture},
		{"d1", "x.png", nil, office.CodePicture},
		{"d1", "x.jpg", photo(t, 30, 20, 1)[:60], office.CodePicture},
		{"d1", "x.png", append(pngFile(t, 4, 3), make([]byte, office.MaxPicture)...), office.CodeTooLarge},
		{"d1", "机密.png", pngFile(t, 4, 3), office.CodeClassified},
		{"d9", "x.png", pngFile(t, 4, 3), office.CodeNotFound},
	} {
		if _, no := bringPicture(t, r, x.doc, x.name, x.data); no.Code != x.code {
			t.Errorf("%s: %+v, want %s", x.name, no, x.code)
		}
	}
	if len(h.desk.blobs) > 0 || len(h.desk.given) > 0 {
		t.Error("a refused picture left something")
	}
}

// TestBareJPEG: where a photograph was made is not told, and it stands upright.
func TestBareJPEG(t *testing.T) {
	for held, want := range map[int]struct {
		w, h      int
		left, top bool // red is left, is above
	}{1: {30, 20, true, false}, 2: {30, 20, false, false}, 3: {30, 20, false, false}, 4: {30, 20, true, false}, 5: {20, 30, false, true}, 6: {20, 30, false, true}, 7: {20, 30, false, false}, 8: {20, 30, false, false}} {
		raw := photo(t, 30, 20, held)
		p, err := office.PictureOf(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		out, p, err := bareJPEG(raw, p)
		if err != nil || p.W != want.w || p.H != want.h {
			t.Fatalf("%d: %+v %v", held, p, err)
		}
		if strings.Contains(string(out), "GPS") || strings.Contains(string(out), "Exif") {
			t.Errorf("%d: it tells where it was made", held)
		}
		m, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		red := func(x, y int) bool {
			r, _, b, _ := m.At(x, y).RGBA()
			return r > b
		}
		if want.w > want.h && red(2, 2) != want.left || want.w < want.h && red(2, 2) != want.top || red(2, 2) == red(want.w-3, want.h-3) {
			t.Errorf("%d: it stands wrong", held)
		}
	}
}
