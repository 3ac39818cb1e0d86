package backup

// syncDir has nothing to do: the file system keeps names itself.
func syncDir(string) error { return nil }
