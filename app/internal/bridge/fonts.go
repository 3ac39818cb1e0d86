package bridge

import (
	"context"
	"path/filepath"
	"strings"

	"qianshao/syncserver/office"
)

// FontBook is which font plays each face of paper on this machine.
type FontBook struct {
	Faces  []FontFace `json:"faces"`
	Folder string     `json:"folder"` // chosen here, "" for none
	Policy []string   `json:"policy"` // folders that the office's IT named for this machine
}

// FontFace is a face and the font that plays it.
type FontFace struct {
	Face     string `json:"face"`     // xbs, fang …
	Font     string `json:"font"`     // "" for none
	Official bool   `json:"official"` // not a substitute
	Folder   string `json:"folder"`   // where the font lies
}

// Faces says which font plays each face.
func (s *Papers) Faces() (FontBook, error) {
	return signedIn(s.core, "Papers.Faces", func(context.Context, *at) (FontBook, error) { return s.faces(), nil })
}

func (s *Papers) faces() FontBook {
	var out FontBook
	out.Folder, out.Policy = s.core.press.FontFolders()
	for _, c := range s.core.press.Fonts().Choices() {
		f := FontFace{Face: string(c.Face), Official: c.Official}
		if c.Font != nil {
			f.Font, f.Folder = c.Font.Family, filepath.Dir(c.Font.Path)
		}
		out.Faces = append(out.Faces, f)
	}
	return out
}

// UseFonts names a folder whose fonts draw paper before all others, "" for none.
// CodeInvalid on the field "folder" if it is none or holds no font.
func (s *Papers) UseFonts(folder string) (FontBook, error) {
	return signedIn(s.core, "Papers.UseFonts", func(context.Context, *at) (FontBook, error) {
		folder = strings.TrimSpace(folder)
		if folder != "" && !filepath.IsAbs(folder) {
			return FontBook{}, office.Invalid("folder", "a whole path is needed")
		}
		if err := s.core.press.UseFontFolder(folder); err != nil {
			return FontBook{}, err
		}
		return s.faces(), nil
	})
}
