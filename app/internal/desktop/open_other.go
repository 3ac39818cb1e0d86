//go:build !windows && !darwin

package desktop

func opener(path string) (string, []string) { return "xdg-open", []string{path} }
