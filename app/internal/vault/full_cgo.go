//go:build cgo

package vault

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// Full reports whether an error says that the disk has no room left.
func Full(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrFull || IsFull(e.SystemErrno)) || IsFull(err)
}
