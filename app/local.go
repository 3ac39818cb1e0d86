package app

import (
	"net/http"
	"strings"
)

// local parts what the page asks for below /local/: fonts and printed
// papers are the press's, everything else is the rooms'; nil answers nothing.
func local(press, rooms http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, fontPath), strings.HasPrefix(r.URL.Path, printPath):
			press.ServeHTTP(w, r)
		case rooms != nil:
			rooms.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}
