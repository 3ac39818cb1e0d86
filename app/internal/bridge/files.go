package bridge

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// Files are the attachments of papers.
type Files struct{ core *core }

// States of an attachment, as a person reads them.
const (
	FileWait    = "wait"    // 待上传: brought here, not at the server
	FileUp      = "up"      // 上传中
	FileSent    = "sent"    // 待送达: the server has the file, not yet the act
	FileAway    = "away"    // 未下载
	FileDown    = "down"    // 下载中
	FileHere    = "here"    // 已下载
	FileRefused = "refused" // 被拒
)

// AttachmentRow is one file of a paper.
type AttachmentRow struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Size    int64  `json:"size"`
	By      string `json:"by"`
	At      int64  `json:"at"`
	State   string `json:"state"`
	Done    int64  `json:"done"`    // bytes that went or came
	Error   string `json:"error"`   // a code: why it is not there, or was refused
	Mid     string `json:"mid"`     // the command that adds it, while it waits or is refused
	Preview string `json:"preview"` // image | text | pdf | ""
	MayOpen bool   `json:"mayOpen"` // the system may open it: nothing that runs
	SHA256  string `json:"sha256"`
	Inline  bool   `json:"inline"` // a picture for the text
	Used    bool   `json:"used"`   // the text shows it
}

// AttachmentList are the files of a paper.
type AttachmentList struct {
	Rows   []AttachmentRow `json:"rows"`
	Size   int64           `json:"size"` // of all together, pictures of the text left out
	Away   int             `json:"away"` // how many are not here
	MayAdd bool            `json:"mayAdd"`
	Online bool            `json:"online"` // of a paper that is not on this desk: files come once it is pinned
}

// previews are the types that are shown in the window, by extension.
var previews = map[string]string{
	".png": "image", ".jpg": "image", ".jpeg": "image", ".gif": "image", ".webp": "image", ".bmp": "image",
	".txt": "text", ".csv": "text", ".md": "text", ".log": "text", ".pdf": "pdf",
}

// opens are the types the system's own programs open, by extension: an explicit
// list, so that nothing that runs is ever among them.
var opens = []string{
	".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ppt", ".pptx", ".dps", ".pdf", ".ofd", ".rtf", ".odt", ".ods", ".odp",
	".txt", ".csv", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".mp3", ".mp4", ".zip",
}

// types are MIME types by extension; others are unknown.
var types = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".bmp": "image/bmp",
	".txt": "text/plain", ".csv": "text/plain", ".md": "text/plain", ".log": "text/plain", ".pdf": "application/pdf", ".ofd": "application/ofd",
	".doc": "application/msword", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".zip": "application/zip",
}

func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }

// List are the attachments of a paper with how each stands, those that were
// refused behind the others.
func (s *Files) List(id string) (AttachmentList, error) {
	return signedIn(s.core, "Files.List", func(ctx context.Context, a *at) (AttachmentList, error) {
		var out AttachmentList
		a, online, err := a.reach(ctx, id)
		if errors.Is(err, &office.Error{Code: CodeNotHere}) || errors.Is(err, &office.Error{Code: office.CodeNotFound}) {
			return out, nil // the page says it
		} else if err != nil {
			return out, err
		}
		out.Online = online
		h, here, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return out, err
		}
		out.MayAdd = here && mayEdit(h.Value, a.uid)
		rows, err := a.attachments(ctx, id)
		if err != nil {
			return out, err
		}
		items, err := a.desk.Outbox(ctx, engine.Filter{})
		if err != nil {
			return out, err
		}
		var shas []string
		for _, r := range rows {
			shas = append(shas, r.Value.SHA256)
		}
		states, err := a.desk.Blobs(ctx, shas)
		if err != nil {
			return out, err
		}
		shown, err := a.shown(ctx, id)
		if err != nil {
			return out, err
		}
		names := a.names(ctx)
		for _, r := range rows {
			v, st := r.Value, states[r.Value.SHA256]
			row := AttachmentRow{
				ID: r.ID, Name: v.Name, Size: v.Size, By: names.name(v.By), At: v.At, Done: st.Done, Error: string(st.Error),
				Preview: previews[extension(v.Name)], MayOpen: slices.Contains(opens, extension(v.Name)),
				SHA256: v.SHA256, Inline: v.Inline, Used: v.Inline && shown[v.SHA256],
			}
			row.State, row.Mid = fileState(st, items, r.ID)
			if !st.Here {
				out.Away++
			}
			if !v.Inline {
				out.Size += v.Size
			}
			out.Rows = append(out.Rows, row)
		}
		for _, x := range items {
			args := parseFile(x)
			if args.Document != id || !x.NeedsYou {
				continue
			}
			out.Rows = append(out.Rows, AttachmentRow{
				ID: args.ID, Name: args.Name, Size: args.Size, By: names.name(a.uid), At: x.Claimed, State: FileRefused, Error: string(x.Code), Mid: x.Mid, SHA256: args.SHA256, Inline: args.Inline,
			})
		}
		return out, nil
	})
}

func parseFile(x engine.Item) document.Attach {
	var args document.Attach
	if strings.HasPrefix(x.Command, "document.attach@") {
		_ = decodeArgs(x.Args, &args) // arguments of another form name no document
	}
	return args
}

// fileState is the word for how a file stands, and the command that still adds it.
func fileState(st engine.BlobState, items []engine.Item, id string) (state, mid string) {
	for _, x := range items {
		if x.Outcome == "" && x.Waiting && parseFile(x).ID == id {
			mid = x.Mid
		}
	}
	switch {
	case st.Active == "up":
		return FileUp, mid
	case st.Waits:
		return FileWait, mid
	case mid != "":
		return FileSent, mid
	case st.Here:
		return FileHere, ""
	case st.Active == "down":
		return FileDown, ""
	}
	return FileAway, ""
}

// attachments are the files of a paper, in their order.
func (a *at) attachments(ctx context.Context, id string) ([]item[document.Attachment], error) {
	return list(ctx, a, document.Attachments, office.Query{View: "document", Where: []office.Cond{office.Where("root", id)}})
}

// filesOf are the attachments of a paper as a signer signs them.
func (a *at) filesOf(ctx context.Context, id string) ([]document.File, error) {
	rows, err := a.attachments(ctx, id)
	if err != nil {
		return nil, err
	}
	as := make([]document.Attachment, len(rows))
	for i, r := range rows {
		as[i] = r.Value
	}
	return document.FilesOf(as), nil
}

// attach brings a content into the desk and adds it to a paper.
func (a *at) attach(ctx context.Context, doc, name string, r io.Reader) (Done, error) {
	// Before gigabytes are copied: what the name or the paper would refuse.
	if _, err := a.mayAttach(ctx, doc, name); err != nil {
		return Done{}, err
	}
	b, err := a.desk.AddBlob(ctx, r)
	if err != nil {
		return Done{}, err
	}
	id, err := a.newID()
	if err != nil {
		return Done{}, err
	}
	return a.give(ctx, id, &document.Attach{ID: id, Document: doc, Name: name, Type: types[extension(name)], Size: b.Size, SHA256: b.SHA256})
}

// mayAttach refuses what the name or the paper would refuse.
func (a *at) mayAttach(ctx context.Context, doc, name string) (document.Header, error) {
	if err := office.CheckFileName("name", name); err != nil {
		return document.Header{}, err
	}
	h, ok, err := get(ctx, a, document.Headers, doc)
	switch {
	case err != nil:
		return h.Value, err
	case !ok:
		return h.Value, &office.Error{Code: office.CodeNotFound, Field: document.Headers.Name, Message: doc}
	case !mayEdit(h.Value, a.uid):
		return h.Value, &office.Error{Code: office.CodeNotPermitted}
	}
	return h.Value, nil
}

// shown are the pictures that a paper's text shows, by their hash.
func (a *at) shown(ctx context.Context, id string) (map[string]bool, error) {
	body, ok, err := get(ctx, a, document.Bodies, id)
	if err != nil || !ok {
		return nil, err
	}
	out := map[string]bool{}
	for _, b := range body.Value.Blocks {
		if b.Type == document.BlockImage {
			out[b.Attrs[document.AttrSHA256]] = true
		}
	}
	return out, nil
}

// Remove takes a file off a paper; one that waits or was refused is given up.
func (s *Files) Remove(doc, id, mid string) (Done, error) {
	return signedIn(s.core, "Files.Remove", func(ctx context.Context, a *at) (Done, error) {
		if mid != "" {
			err := a.desk.Discard(ctx, mid)
			if err == nil || !errors.Is(err, &office.Error{Code: office.CodeState}) {
				return Done{Mid: mid, ID: id}, err
			}
			// It is under way: taking it off follows it.
		}
		return a.give(ctx, id, &document.Detach{ID: id, Document: doc})
	})
}

// Retry sends a refused file again.
func (s *Files) Retry(mid string) (Done, error) {
	return signedIn(s.core, "Files.Retry", func(ctx context.Context, a *at) (Done, error) {
		next, err := a.desk.Retry(ctx, mid)
		return Done{Mid: next}, err
	})
}

// Fetch asks for a file, or with id "" for all of a paper; it answers at once.
func (s *Files) Fetch(doc, id string) error {
	return do(s.core, "Files.Fetch", func(ctx context.Context, a *at) error {
		rows, err := a.attachments(ctx, doc)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if id == "" || r.ID == id {
				a.desk.WantBlob(r.Value.SHA256)
			}
		}
		return nil
	})
}

// open opens an attachment's content, fetching it if it is not here.
func (a *at) open(ctx context.Context, id string) (*os.File, document.Attachment, error) {
	r, ok, err := get(ctx, a, document.Attachments, id)
	if err != nil {
		return nil, r.Value, err
	}
	if !ok {
		return nil, r.Value, &office.Error{Code: office.CodeNotFound, Field: document.Attachments.Name, Message: id}
	}
	f, err := a.desk.OpenBlob(ctx, r.Value.SHA256)
	if errors.Is(err, &office.Error{Code: engine.CodeAway}) {
		if err = a.desk.FetchBlob(ctx, r.Value.SHA256); err == nil {
			f, err = a.desk.OpenBlob(ctx, r.Value.SHA256)
		}
	}
	return f, r.Value, err
}

// SaveAs asks where to and writes the file there; "" if the person gave up.
func (s *Files) SaveAs(id string) (string, error) {
	return signedIn(s.core, "Files.SaveAs", func(ctx context.Context, a *at) (string, error) {
		f, v, err := a.open(ctx, id)
		if err != nil {
			return "", err
		}
		defer f.Close()
		path, err := s.core.host.AskSave(office.ShortFileName(v.Name, 200))
		if err != nil || path == "" {
			return "", err
		}
		return path, copyTo(path, f)
	})
}

// Open lets the system's program open a copy of the file. What could run is
// refused: it can be saved.
func (s *Files) Open(id string) error {
	return do(s.core, "Files.Open", func(ctx context.Context, a *at) error {
		f, v, err := a.open(ctx, id)
		if err != nil {
			return err
		}
		defer f.Close()
		if !slices.Contains(opens, extension(v.Name)) {
			return &office.Error{Code: CodeRisky, Field: "name", Message: extension(v.Name)}
		}
		dir, err := s.core.host.ExportFolder()
		if err != nil {
			return err
		}
		path := filepath.Join(dir, office.ShortFileName(v.Name, 200))
		if err := copyTo(path, f); err != nil {
			return err
		}
		return s.core.host.OpenPath(path)
	})
}

// CodeRisky refuses to open what could run on this machine.
const CodeRisky office.Code = "risky_file"

// copyTo writes a file whole, readable by its owner only.
func copyTo(path string, r io.Reader) (err error) {
	w, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return saveFault(err)
	}
	_, err = io.Copy(w, r)
	return saveFault(cmp.Or(err, w.Close()))
}

// saveFault gives what a person can mend a code.
func saveFault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrPermission):
		return &office.Error{Code: office.CodeNotPermitted, Field: "path"}
	case engine.IsDiskFull(err):
		return &office.Error{Code: engine.CodeFull, Field: "path"}
	}
	return err
}
