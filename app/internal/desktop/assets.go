package desktop

import (
	"mime"
	"net/http"
	"strings"
)

// policy is what the page may load: itself. Everything a person wrote is shown
// as text; these lines are the second wall behind that rule.
const policy = "default-src 'none'; script-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self' data:; style-src 'self' 'unsafe-inline'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"

// localPolicy is for /local/: an attachment that is somehow opened as a page
// runs nothing and belongs to nobody.
const localPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

const localPath = "/local/"

// securityHeaders puts the page's policy on every answer of the asset server.
// The two scripts that Wails adds (/wails/ipc.js and /wails/runtime.js) come
// from the same origin and need no exception.
func securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		csp := policy
		if Dev {
			// The browser that drives a dev build speaks to Go over a socket.
			csp += " ws://" + r.Host
		}
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// localHandler serves what is not part of the page: everything below /local/
// goes to local, everything else is not there.
func localHandler(local http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Wails adds its scripts to answers of paths that end like a folder or
		// an index page; nothing of a person's may ever be one.
		if local == nil || !strings.HasPrefix(r.URL.Path, localPath) ||
			strings.HasSuffix(r.URL.Path, "/") || strings.HasSuffix(r.URL.Path, "/index.html") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", localPolicy)
		w.Header().Set("Cache-Control", "no-store")
		local.ServeHTTP(&inertWriter{ResponseWriter: w}, r)
	})
}

// inertWriter lets through only content types that a web view does not run.
// An attachment named a.js or a.html arrives as bytes to be saved.
type inertWriter struct {
	http.ResponseWriter
	done bool
}

func (w *inertWriter) WriteHeader(code int) {
	if !w.done {
		w.done = true
		h := w.Header()
		if t := h.Get("Content-Type"); !inert(t) {
			h.Set("Content-Type", "application/octet-stream")
		}
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *inertWriter) Write(b []byte) (int, error) {
	if !w.done {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *inertWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// inert reports whether a content type is shown but never run. SVG is run when
// opened as a page and is left to the sandbox: pictures need it.
func inert(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch t {
	case "application/pdf", "application/json", "application/octet-stream", "text/plain":
		return true
	}
	major, _, _ := strings.Cut(t, "/")
	return major == "image" || major == "font" || major == "audio" || major == "video"
}
