package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
)

// attach adds a file to a paper. The file is copied into the profile; it goes to
// the server with the next sync.
func attach(ctx context.Context, c *call) error {
	doc, path := c.args[0], c.args[1]
	if !office.ValidID(doc) {
		return usage("%q 不是公文的 id", doc)
	}
	name := c.flags.name
	if name == "" {
		name = filepath.Base(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return usage("读文件：%v", err)
	}
	defer f.Close()
	if fi, err := f.Stat(); err != nil || !fi.Mode().IsRegular() {
		return usage("%s 不是文件", path)
	}
	if err := office.CheckFileName("name", name); err != nil {
		return err
	}
	return c.writing(ctx, false, func(e *engine.Engine, _ settings.Profile) error {
		b, err := e.AddBlob(ctx, f)
		if err != nil {
			return err
		}
		id, err := office.NewID(c.now(), c.rand)
		if err != nil {
			return err
		}
		mid, err := e.Do(ctx, &document.Attach{ID: id, Document: doc, Name: name, Size: b.Size, SHA256: b.SHA256})
		if err != nil {
			return err
		}
		return writeLine(c.out, struct {
			Mid    string `json:"mid"`
			ID     string `json:"id"`
			SHA256 string `json:"sha256"`
			Size   int64  `json:"size"`
		}{mid, id, b.SHA256, b.Size})
	})
}

// fetch brings an attachment's content here and writes it where it is wanted.
func fetch(ctx context.Context, c *call) error {
	id := c.args[0]
	if !office.ValidID(id) {
		return usage("%q 不是附件的 id", id)
	}
	return c.writing(ctx, true, func(e *engine.Engine, _ settings.Profile) (err error) {
		r, ok, err := e.Get(ctx, document.Attachments.Name, id)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotFound, Field: document.Attachments.Name, Message: id}
		}
		var a document.Attachment
		if err := r.Decode(&a); err != nil {
			return err
		}
		if err := e.FetchBlob(ctx, a.SHA256); err != nil {
			return err
		}
		if c.flags.to == "" {
			return writeLine(c.out, struct {
				SHA256 string `json:"sha256"`
				Size   int64  `json:"size"`
			}{a.SHA256, a.Size})
		}
		from, err := e.OpenBlob(ctx, a.SHA256)
		if err != nil {
			return err
		}
		defer from.Close()
		if c.flags.to == "-" {
			_, err := io.Copy(c.out, from)
			return err
		}
		to, err := os.OpenFile(c.flags.to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("写文件：%w", err)
		}
		_, err = io.Copy(to, from)
		return errors.Join(err, to.Close())
	})
}

// listOnline prints records as the server has them, those too that are on no
// desk.
func listOnline(ctx context.Context, c *call, ks *office.Kinds, q office.Query) error {
	p, err := c.folder.Load()
	if err != nil {
		return err
	}
	t, err := c.folder.Client(p, c.network)
	if err != nil {
		return err
	}
	e, err := c.open(ctx, p, t, true)
	if err != nil {
		return err
	}
	defer e.Close()
	out := []recordJSON{}
	q.Limit = protocol.MaxRead
	for {
		rs, next, err := e.ReadOnline(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range rs {
			out = append(out, asJSON(r, nil))
		}
		if next == "" || c.flags.limit > 0 && len(out) >= c.flags.limit {
			break
		}
		q.After = next
	}
	if c.flags.limit > 0 && len(out) > c.flags.limit {
		out = out[:c.flags.limit]
	}
	if c.json {
		return writeJSON(c.out, out)
	}
	for _, r := range out {
		row(c.out, r.ID, titleOf(ks.Get(q.Kind), office.Record{Body: r.Body}), "在线")
	}
	return nil
}
