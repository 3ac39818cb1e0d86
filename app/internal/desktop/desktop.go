// Package desktop is the Wails runtime of the window: its options, its place on
// the screen, its dialogs and notifications, and what the page may load.
//
// Nothing else but package app and main.go knows Wails. The rest of the
// program gives its parts as a [Program] and sees the window as a [Window].
package desktop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
)

// Title is the window's name as people read it.
const Title = "前哨"

// Size of the window: as it first opens, and the least it may have.
const (
	Width, Height       = 1280, 800
	MinWidth, MinHeight = 1024, 640
)

// Program is what the window shows and calls.
type Program struct {
	// Bind lists the structs whose methods the page may call, one per room.
	Bind []any
	// Local answers requests below /local/: bodies, attachments, pages of
	// paper. It may be nil.
	Local http.Handler
	// Started is called once, on a goroutine of its own, when the window can
	// be spoken to. It may be nil.
	Started func(*Window)
}

// Options say how to open the window.
type Options struct {
	Profile string       // folder of this profile; the window keeps its place there
	Assets  fs.FS        // the built page
	Icon    []byte       // PNG, for window managers that show one
	Log     *slog.Logger // where the runtime writes; required
	Program Program
}

// ErrNoPage says that the binary was built before the page.
var ErrNoPage = errors.New("the binary holds no page: build the frontend first")

// ErrNoWindow says that this session cannot show a window.
var ErrNoWindow = errors.New("no window can be shown")

// shutdownGrace is how long the window system may take to end after the
// window closed. Every state of the profile is safe to stop in, so waiting
// longer would only make a log-off hang.
const shutdownGrace = 5 * time.Second

// Run opens the window and returns when it is closed. It must be called from
// the main goroutine, by the process that holds the profile.
func Run(o Options) (err error) {
	// Under the dev tag the page comes from assetdir.
	if _, err := fs.Stat(o.Assets, "index.html"); err != nil && !Dev && !Generating {
		return ErrNoPage
	}
	// Without a display the window system panics; the person gets a sentence
	// and the log the place.
	defer func() {
		if p := recover(); p != nil {
			o.Log.Error("the window system stopped", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("%w: %v", ErrNoWindow, p)
		}
	}()
	w := &Window{log: o.Log}
	place := loadPlacement(o.Profile)
	keep := newKeeper(w, o.Profile, place)

	startState := options.Normal
	if place.Maximised {
		startState = options.Maximised
	}
	err = wails.Run(&options.App{
		Title:     Title,
		Width:     place.Width,
		Height:    place.Height,
		MinWidth:  MinWidth,
		MinHeight: MinHeight,

		WindowStartState: startState,
		BackgroundColour: options.NewRGB(0xF6, 0xF7, 0xF9),
		// The runtime shows it only on text fields and on selected text.
		EnableDefaultContextMenu: true,
		// Never ask a service of the system's vendor about what is shown.
		EnableFraudulentWebsiteDetection: false,
		DragAndDrop:                      &options.DragAndDrop{EnableFileDrop: true},

		AssetServer: &assetserver.Options{
			Assets:     o.Assets,
			Handler:    localHandler(o.Program.Local),
			Middleware: securityHeaders,
		},
		Bind:           o.Program.Bind,
		ErrorFormatter: func(err error) any { return formatError(o.Log, err) },

		Logger:             wailsLog{o.Log},
		LogLevel:           logger.INFO,
		LogLevelProduction: logger.WARNING,

		OnStartup: func(ctx context.Context) {
			w.attach(ctx)
			go keep.run()
			if o.Program.Started != nil {
				go o.Program.Started(w)
			}
		},
		// Closing never waits and is never refused: work is safe in the
		// profile at every moment, and a refusal would also stop a log-off.
		OnBeforeClose: func(context.Context) bool {
			keep.stop()
			time.AfterFunc(shutdownGrace, func() {
				o.Log.Warn("the window system did not end in time")
				os.Exit(0)
			})
			return false
		},

		Linux: &linux.Options{
			Icon:        o.Icon,
			ProgramName: "qianshao",
			// Broken drivers of older desktops show a white window otherwise.
			WebviewGpuPolicy: linux.WebviewGpuPolicyNever,
			Messages: &linux.Messages{
				WebKit2GTKMinRequired: "运行前哨需要 WebKit2GTK %s 或更高版本，请联系系统管理员。",
			},
		},
		Windows: &windows.Options{
			// Inside the profile: wiping the profile wipes it too.
			WebviewUserDataPath: filepath.Join(o.Profile, "webview"),
			Theme:               windows.SystemDefault,
			DisablePinchZoom:    true,
			Messages:            windowsMessages(),
		},
		Mac: &mac.Options{
			About: &mac.AboutInfo{Title: Title},
		},
	})
	w.detach()
	return err
}

func windowsMessages() *windows.Messages {
	const ask = "请联系系统管理员安装离线运行库。"
	return &windows.Messages{
		InstallationRequired: "运行前哨需要 WebView2 运行库。" + ask,
		UpdateRequired:       "WebView2 运行库版本过低。" + ask,
		MissingRequirements:  "缺少运行条件",
		Webview2NotInstalled: "没有安装 WebView2 运行库",
		Error:                "错误",
		FailedToInstall:      "运行库没有安装成功。" + ask,
		DownloadPage:         "运行前哨需要 WebView2 运行库，最低版本：",
		PressOKToInstall:     "按“确定”安装。",
		ContactAdmin:         "运行前哨需要 WebView2 运行库。" + ask,
		InvalidFixedWebview2: "指定的 WebView2 运行库不可用，请检查路径和版本。",
		WebView2ProcessCrash: "WebView2 已停止工作，请重新打开前哨。已办的事项都已保存。",
	}
}
