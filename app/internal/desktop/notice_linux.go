package desktop

import (
	"os"
	"os/exec"
)

// showBox uses what the desktop brings: UOS and Kylin have zenity, KDE has
// kdialog. Where neither is, standard error has said it.
func showBox(title, text string) {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return
	}
	for _, c := range [][]string{
		{"zenity", "--info", "--no-markup", "--title=" + title, "--text=" + text, "--timeout=60"},
		{"kdialog", "--title", title, "--msgbox", text},
	} {
		if path, err := exec.LookPath(c[0]); err == nil && exec.Command(path, c[1:]...).Start() == nil {
			return
		}
	}
}
