package desktop

import "os/exec"

// showBox passes title and text as arguments, never as script.
func showBox(title, text string) {
	_ = exec.Command("osascript",
		"-e", "on run {t, m}",
		"-e", "display dialog m with title t buttons {\"好\"} default button 1 giving up after 60",
		"-e", "end run",
		title, text).Start()
}
