package desktop

import "log/slog"

// wailsLog writes what the runtime has to say to the program's log.
type wailsLog struct{ log *slog.Logger }

func (l wailsLog) Print(m string)   { l.log.Info(m, "from", "wails") }
func (l wailsLog) Trace(m string)   { l.log.Debug(m, "from", "wails") }
func (l wailsLog) Debug(m string)   { l.log.Debug(m, "from", "wails") }
func (l wailsLog) Info(m string)    { l.log.Info(m, "from", "wails") }
func (l wailsLog) Warning(m string) { l.log.Warn(m, "from", "wails") }
func (l wailsLog) Error(m string)   { l.log.Error(m, "from", "wails") }
func (l wailsLog) Fatal(m string)   { l.log.Error(m, "from", "wails") }
