package desktop

import (
	"fmt"
	"os"
)

// Notice tells the person something when there is no window to tell it in: on
// standard error for those who have one, and in a box of the system for those
// who clicked an icon.
func Notice(text string) {
	fmt.Fprintln(os.Stderr, text)
	if fi, err := os.Stderr.Stat(); err == nil && fi.Mode()&os.ModeCharDevice != 0 {
		return // a terminal: it was read there
	}
	showBox(Title, text)
}
