package settings

// syncDir does nothing: a folder cannot be flushed on Windows, and NTFS
// journals the rename itself.
func syncDir(string) error { return nil }
