package blobs

// syncDir is the file system's own business there.
func syncDir(string) error { return nil }
