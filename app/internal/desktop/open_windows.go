package desktop

func opener(path string) (string, []string) {
	return "rundll32.exe", []string{"url.dll,FileProtocolHandler", path}
}
