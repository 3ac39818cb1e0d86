package app

import (
	"os"
	"path/filepath"
)

const (
	logName = "qianshao.log"
	logMax  = 5 << 20
)

// openLog opens the profile's log. A log that has grown past logMax becomes the
// one old log that is kept.
func openLog(profile string) (*os.File, error) {
	path := filepath.Join(profile, logName)
	if fi, err := os.Stat(path); err == nil && fi.Size() > logMax {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}
