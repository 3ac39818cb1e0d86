package desktop

func opener(path string) (string, []string) { return "/usr/bin/open", []string{path} }
