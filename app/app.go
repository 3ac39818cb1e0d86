// Package app is the desktop client as a value: a profile opened by one
// process, the rooms the page may call, and the window on them.
//
// Main is the whole program; New and Run are the same without flags and
// without ending the process.
package app

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"qianshao/app/internal/bridge"
	"qianshao/app/internal/desktop"
	"qianshao/app/internal/desktop/door"
	"qianshao/app/internal/settings"
	"qianshao/app/internal/vault"
)

// Version is set by the release build.
var Version = "0.1.0-dev"

// Exit codes of the program.
const (
	exitOK     = 0
	exitFailed = 1 // something is wrong with this machine or this profile
	exitUsage  = 2 // the command line is wrong
	exitBusy   = 5 // the profile is open in another process
)

// ErrBusy says that another process has the profile open.
var ErrBusy = vault.ErrBusy

// Config says which profile to open and what to show on it.
type Config struct {
	Profile string       // folder of everything this person keeps here; made if missing
	Server  string       // server to offer at log-in; "" leaves what the profile knows
	Link    string       // where to go first, see bridge.Route; "" for the first page
	Assets  fs.FS        // the built page
	Log     *slog.Logger // nil writes to the profile's log file
}

// App is the desktop client on one profile.
type App struct {
	config Config
	folder *settings.Folder // nil in a build that only writes bindings
	log    *slog.Logger
	window atomic.Pointer[desktop.Window]
	asked  atomic.Pointer[asked] // the link asked for last
	parts  parts
	taken  []func() error // what Close gives back, the last one first
}

// New locks the profile, then opens what is in it. It answers ErrBusy if
// another process has the profile. Close must be called after.
func New(c Config) (*App, error) {
	a := &App{config: c, log: c.Log}
	if desktop.Generating {
		if a.log == nil {
			a.log = slog.New(slog.NewTextHandler(os.Stderr, nil))
		}
	} else if err := a.open(); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	p, err := wire(a)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.parts = p
	if p.close != nil {
		a.taken = append(a.taken, p.close)
	}
	return a, nil
}

// open takes the profile: nothing in it may be touched before.
func (a *App) open() error {
	folder, err := settings.At(a.config.Profile)
	if err != nil {
		return err
	}
	lock, err := vault.Profile{Dir: folder.Dir(), Now: time.Now}.Lock()
	if err != nil {
		return err
	}
	a.folder = folder
	a.taken = append(a.taken, lock.Release)
	if a.log == nil {
		f, err := openLog(folder.Dir())
		if err != nil {
			return fmt.Errorf("open the log: %w", err)
		}
		a.taken = append(a.taken, f.Close)
		a.log = slog.New(slog.NewTextHandler(f, nil))
	}
	a.ask(a.config.Link)
	d, err := door.Listen(folder.Dir(), a.raise)
	if err != nil {
		a.log.Warn("a second start will not raise this window", "err", err)
		return nil
	}
	a.taken = append(a.taken, d.Close)
	return nil
}

// raise answers a second start. Before the window is there nothing is missing:
// it is about to open, and the page asks for the link.
func (a *App) raise(link string) {
	a.ask(link)
	if w := a.window.Load(); w != nil {
		w.Raise()
		w.Emit(bridge.EventLink, nil)
	}
}

// asked is a link that somebody asked for, and when.
type asked struct {
	link string
	at   time.Time
}

// ask notes a link; "" is none.
func (a *App) ask(link string) {
	if link != "" {
		a.asked.Store(&asked{link, time.Now()})
	}
}

// Run opens the window and returns when it is closed. It must be called from
// the main goroutine.
func (a *App) Run() error {
	return desktop.Run(desktop.Options{
		Profile: a.config.Profile,
		Assets:  a.config.Assets,
		Icon:    icon,
		Log:     a.log,
		Program: desktop.Program{
			Bind:    a.parts.bind,
			Local:   a.parts.local,
			Started: a.started,
		},
	})
}

func (a *App) started(w *desktop.Window) {
	a.window.Store(w)
	if a.parts.started != nil {
		a.parts.started(w)
	}
}

// Close gives back everything New took; the profile last.
func (a *App) Close() error {
	var errs []error
	for _, give := range slices.Backward(a.taken) {
		errs = append(errs, give())
	}
	a.taken = nil
	return errors.Join(errs...)
}

// Main is the program: it reads the command line, opens the window on the
// profile and ends the process.
func Main(assets fs.FS) {
	desktop.AttachConsole()
	os.Exit(run(os.Args[1:], assets, os.Stdout, os.Stderr, desktop.Notice))
}

func run(args []string, assets fs.FS, stdout, stderr io.Writer, notice func(string)) int {
	if desktop.Generating {
		args = nil // they belong to the generator
	}
	c := Config{Assets: assets}
	flags := flag.NewFlagSet("qianshao", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.Profile, "profile", "",
		"资料目录 `DIR`（默认取环境变量 QIANSHAO_PROFILE，再取本人的数据目录）")
	flags.StringVar(&c.Server, "server", "", "登录时使用的服务器地址 `URL`")
	version := flags.Bool("version", false, "显示版本")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() == 1 && strings.HasPrefix(strings.ToLower(flags.Arg(0)), bridge.LinkScheme+":"):
		c.Link = flags.Arg(0) // from the system; the page goes there only if it is on its list
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "多余的参数：%q\n", flags.Args())
		return exitUsage
	}
	if *version {
		fmt.Fprintln(stdout, desktop.Title, Version)
		return exitOK
	}
	if err := c.settle(); err != nil {
		notice("无法确定资料目录：" + err.Error())
		return exitFailed
	}

	a, err := New(c)
	switch {
	case errors.Is(err, ErrBusy):
		told := "前哨已在使用这个资料目录：" + c.Profile
		if door.Knock(c.Profile, c.Link) {
			// The window that came to the front says the rest.
			fmt.Fprintln(stderr, told+"\n已切换到打开的窗口。")
		} else {
			notice(told + "\n请先结束正在使用它的程序，再打开前哨。")
		}
		return exitBusy
	case err != nil:
		notice("前哨无法打开资料目录 " + c.Profile + "\n" + err.Error())
		return exitFailed
	}
	err = a.Run()
	if cerr := a.Close(); err == nil {
		err = cerr
	}
	switch {
	case errors.Is(err, desktop.ErrNoPage):
		notice("这个程序里没有页面，请先构建前端再构建程序。")
		return exitFailed
	case errors.Is(err, desktop.ErrNoWindow):
		notice("无法显示窗口，请在图形桌面中打开前哨。详情见 " + filepath.Join(c.Profile, logName))
		return exitFailed
	case err != nil:
		notice("前哨意外结束：" + err.Error())
		return exitFailed
	}
	return exitOK
}

// settle makes the profile folder an absolute path.
func (c *Config) settle() (err error) {
	if c.Profile == "" {
		if c.Profile, err = settings.Native().Profile(); err != nil {
			return err
		}
	}
	c.Profile, err = filepath.Abs(c.Profile)
	return err
}
