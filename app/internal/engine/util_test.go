package engine_test

import "os"

// tempDir is for checks that have no testing.T; tmpfs where there is one.
func tempDir() string {
	base := ""
	if fi, err := os.Stat("/dev/shm"); err == nil && fi.IsDir() {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "desk")
	if err != nil {
		panic(err)
	}
	return dir
}

func removeAll(dir string) {
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
}
