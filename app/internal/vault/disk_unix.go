//go:build !windows

package vault

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes names in a folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func isQuota(err error) bool { return errors.Is(err, syscall.EDQUOT) }
