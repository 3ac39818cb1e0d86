package bridge

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"qianshao/syncserver/office"
)

// localFiles is where contents of files are read and brought, below /local/.
const localFiles = "/local/files/"

// Local answers requests of the page below /local/: contents that are too large
// for calls.
//
//	GET  /local/files/<attachment>                         the content, for a preview
//	POST /local/files/new?document=ID&name=NAME            brings a content and adds it to a paper
//	POST /local/files/new?document=ID&name=NAME&use=text   the same for a picture of its text
func (r *Rooms) Local() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		id, ok := strings.CutPrefix(q.URL.Path, localFiles)
		switch {
		case !ok:
			http.NotFound(w, q)
		case q.Method == http.MethodPost && id == "new":
			r.core.bring(w, q)
		case q.Method == http.MethodGet && office.ValidID(id):
			r.core.show(w, q, id)
		default:
			http.NotFound(w, q)
		}
	})
}

// bring adds what the body holds to a paper.
func (c *core) bring(w http.ResponseWriter, q *http.Request) {
	done, err := signedIn(c, "local.bring", func(ctx context.Context, a *at) (Done, error) {
		v := q.URL.Query()
		if v.Get("use") == "text" {
			return a.attachPicture(ctx, v.Get("document"), v.Get("name"), q.Body)
		}
		return a.attach(ctx, v.Get("document"), v.Get("name"), io.LimitReader(q.Body, office.MaxBlob+1))
	})
	answer(w, done, err)
}

// show gives a content that is shown in the window. Only types that are never
// run keep their name; all others come as bytes.
func (c *core) show(w http.ResponseWriter, q *http.Request, id string) {
	_, err := signedIn(c, "local.show", func(ctx context.Context, a *at) (struct{}, error) {
		f, v, err := a.open(ctx, id)
		if err != nil {
			return struct{}{}, err
		}
		defer f.Close()
		t := "application/octet-stream"
		if previews[extension(v.Name)] != "" {
			t = types[extension(v.Name)]
		}
		if v.Inline && office.IsPictureType(v.Type) {
			t = v.Type
		}
		if t == "text/plain" {
			t += "; charset=utf-8"
		}
		w.Header().Set("Content-Type", t)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, q, "", time.Time{}, f)
		return struct{}{}, nil
	})
	if err != nil {
		answer(w, nil, err)
	}
}

// answer gives a value, or an error in the form that calls have.
func answer(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		v = office.AsError(err)
	}
	_ = json.NewEncoder(w).Encode(v) // the page may be gone
}

// decodeArgs reads the arguments of a queued command.
func decodeArgs(raw json.RawMessage, v any) error { return json.Unmarshal(raw, v) }
