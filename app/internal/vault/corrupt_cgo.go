//go:build cgo

package vault

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// corrupt reports whether an error of the driver says that the file itself is
// bad.
func corrupt(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB)
}
