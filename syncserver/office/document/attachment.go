package document

import (
	"regexp"
	"slices"

	"qianshao/syncserver/office"
)

// An Attachment is a file that belongs to a paper. Its content is named by its
// SHA-256 and travels apart from the record: a row may be here before its file.
type Attachment struct {
	Name   string        `json:"name"`
	Type   string        `json:"type,omitempty"` // MIME type as its author's desk took it; "" = unknown
	Size   int64         `json:"size"`           // bytes
	SHA256 string        `json:"sha256"`
	Order  int64         `json:"order"`            // place among the paper's attachments, from 1
	Inline bool          `json:"inline,omitempty"` // a picture that stands in the text: no 附件
	By     office.UserID `json:"by"`
	At     int64         `json:"at"` // when it took effect, Millis
}

// Attachments are the files of papers.
var Attachments = office.Of[Attachment]{Kind: &office.Kind{
	Name: "doc.attachment", Parent: "doc.header", Lane: office.LaneBodies, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "name", Type: office.Text}, {Name: "size", Type: office.Int}, {Name: "sha256", Type: office.Text}, {Name: "order", Type: office.Int},
	},
	Views:  []office.View{{Name: "document", By: []string{"root"}, Filters: []string{"sha256"}, Orders: []string{"order"}}},
	Search: []string{"name"}, Title: "name",
	Blobs: []string{"sha256"},
}}

// A File is an attachment as a version of the paper keeps it and as a signer
// signs it.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// FilesOf are the attachments, in their order, as content.
func FilesOf(as []Attachment) []File {
	as = slices.Clone(as)
	slices.SortStableFunc(as, func(a, b Attachment) int { return int(a.Order - b.Order) })
	out := make([]File, len(as))
	for i, a := range as {
		out[i] = File{Name: a.Name, Size: a.Size, SHA256: a.SHA256}
	}
	return out
}

// files reads a paper's attachments, in their order.
func files(tx office.Tx, id string) ([]office.Item[Attachment], []File, error) {
	rows, err := Attachments.List(tx, office.Query{View: "document", Where: []office.Cond{office.Where("root", id)}})
	if err != nil {
		return nil, nil, err
	}
	as := make([]Attachment, len(rows))
	for i, r := range rows {
		as[i] = r.Value
	}
	return rows, FilesOf(as), nil
}

// maxAttachments is how many files one paper may have.
const maxAttachments = 100

// mimeType is a MIME type without parameters.
var mimeType = regexp.MustCompile(`^[a-z0-9][a-z0-9.+-]{0,40}/[a-z0-9][a-z0-9.+-]{0,80}$`)

// Attach adds a file to a paper, behind those it has. It is sent when the
// server has the file.
type Attach struct {
	ID       string `json:"id"` // of the attachment
	Document string `json:"document"`
	Name     string `json:"name"`
	Type     string `json:"type,omitempty"`
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256"`
	Inline   bool   `json:"inline,omitempty"` // a picture for the text: PNG or JPEG, within the limits of pictures
}

func (*Attach) Kind() string      { return "document.attach@1" }
func (x *Attach) Locks() []string { return lockPaper(x.Document) }

// Blobs is the file.
func (x *Attach) Blobs() []office.BlobRef { return []office.BlobRef{{SHA256: x.SHA256, Size: x.Size}} }

// Pictures is the file, if it is to stand in the text.
func (x *Attach) Pictures() []office.BlobRef {
	if !x.Inline {
		return nil
	}
	return x.Blobs()
}

// Run adds the attachment; the paper's content changes. Refusals: CodeInvalid,
// CodeTooLarge, CodeClassified for a name with a 涉密 word (L15), CodeExists for
// the same file under the same name, CodeNotPermitted and CodeState as Edit.Run.
func (x *Attach) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := office.CheckFileName("name", x.Name); err != nil {
		return err
	}
	if err := office.CheckBlob(office.BlobRef{SHA256: x.SHA256, Size: x.Size}); err != nil {
		return err
	}
	if x.Type != "" && !mimeType.MatchString(x.Type) {
		return office.Invalid("type", "not a MIME type")
	}
	if x.Inline {
		if !office.IsPictureType(x.Type) {
			return &office.Error{Code: office.CodePicture, Field: "type", Message: x.Type}
		}
		if x.Size > office.MaxPicture {
			return &office.Error{Code: office.CodeTooLarge, Field: "picture", Message: "正文图片最大 20 MB"}
		}
	}
	h, err := paperToChange(tx, c, x.Document)
	if err != nil {
		return err
	}
	rows, _, err := files(tx, x.Document)
	if err != nil {
		return err
	}
	if len(rows) >= maxAttachments {
		return &office.Error{Code: office.CodeTooLarge, Field: "document", Message: "附件已达 100 个"}
	}
	order := int64(1)
	for _, r := range rows {
		if r.Value.Name == x.Name && r.Value.SHA256 == x.SHA256 {
			return &office.Error{Code: office.CodeExists, Field: "name", Message: x.Name}
		}
		order = max(order, r.Value.Order+1)
	}
	a := Attachment{Name: x.Name, Type: x.Type, Size: x.Size, SHA256: x.SHA256, Order: order, Inline: x.Inline, By: c.Actor, At: office.Millis(c.Now)}
	if err := Attachments.InsertUnder(tx, x.Document, x.ID, a); err != nil {
		return err
	}
	return settle(tx, c, x.Document, h)
}

// Detach takes a file off a paper. Versions that had it keep it.
type Detach struct {
	ID       string `json:"id"`
	Document string `json:"document"`
}

func (*Detach) Kind() string      { return "document.detach@1" }
func (x *Detach) Locks() []string { return lockPaper(x.Document) }

// Run removes the attachment. CodeNotFound if the paper does not have it,
// CodeState while the text shows it, CodeNotPermitted and CodeState as Edit.Run.
func (x *Detach) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	h, err := paperToChange(tx, c, x.Document)
	if err != nil {
		return err
	}
	r, at, err := tx.Get(Attachments.Name, x.ID)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent || r.Root != x.Document:
		return &office.Error{Code: office.CodeNotFound, Field: Attachments.Name, Message: x.ID}
	}
	if err := unused(tx, r, x.Document); err != nil {
		return err
	}
	if err := Attachments.Delete(tx, x.ID); err != nil {
		return err
	}
	return settle(tx, c, x.Document, h)
}

// paperToChange reads a paper that the actor may change now.
func paperToChange(tx office.Tx, c office.Context, id string) (Header, error) {
	if err := office.CheckID("document", id); err != nil {
		return Header{}, err
	}
	h, err := Headers.Need(tx, id)
	if err != nil {
		return h, err
	}
	return h, mayEdit(h, c.Actor)
}
