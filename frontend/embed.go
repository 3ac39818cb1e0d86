// Package frontend holds the built page of the desktop window.
package frontend

import (
	"embed"
	"io/fs"
)

// all: takes dist/.gitkeep too, so that a clone compiles before the first
// frontend build.
//
//go:embed all:dist
var dist embed.FS

// Dist is the built page: index.html and its assets at the top. Before the
// first frontend build it holds no page; the desktop then says so and stops.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	return sub
}
