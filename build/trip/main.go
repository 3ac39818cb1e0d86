// Command trip plays the demonstration trip through the real programs and tells
// it as a story: exit 0 after the story, 1 if an outcome differs from what was
// written or a program failed, 2 for a wrong command line.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"qianshao/build/trip/script"
	"qianshao/build/trip/story"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are what the command line says.
type options struct {
	server, desk, window string
	runner               string
	data, shots          string
	scenes               bool
	papers               int
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var o options
	f := flag.NewFlagSet("trip", flag.ContinueOnError)
	f.SetOutput(errs)
	f.StringVar(&o.server, "server-bin", "", "the server `program`")
	f.StringVar(&o.desk, "desk-bin", "", "the desk `program`")
	f.StringVar(&o.window, "window-bin", "", "the window `program`, for pictures; none without it")
	f.StringVar(&o.runner, "runner", "", "what runs the desk, such as wine64")
	f.StringVar(&o.data, "data", "", "an empty `folder` for the server and the profiles")
	f.StringVar(&o.shots, "shots", "", "the `folder` for pictures")
	f.BoolVar(&o.scenes, "scenes", false, "play the scenarios (a)–(l) instead; the desk must have been built with the tag wrongclock")
	f.IntVar(&o.papers, "papers", 3000, "papers of scenario (h)")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case o.server == "" || o.desk == "" || o.data == "" || f.NArg() > 0:
		fmt.Fprintln(errs, "trip: --server-bin, --desk-bin and --data are needed, and nothing else")
		return 2
	case o.window != "" && o.shots == "":
		fmt.Fprintln(errs, "trip: --window-bin needs --shots")
		return 2
	}
	if err := play(ctx, o, out); err != nil {
		fmt.Fprintln(errs, "trip:", err)
		return 1
	}
	return 0
}

func play(ctx context.Context, o options, out io.Writer) error {
	office, err := script.New(script.Programs{Server: o.server, Desk: o.desk, Runner: strings.Fields(o.runner)}, o.data)
	if err != nil {
		return err
	}
	defer office.Close()
	var secret [12]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return err
	}
	stage := story.Stage{Office: office, Password: hex.EncodeToString(secret[:]), Out: out, Papers: o.papers}
	if !o.scenes {
		fmt.Fprintln(out, "示范：林知远的三天行程")
	}
	if _, err := office.Admin(ctx, stage.Password+"\n", "demo", "--data", office.Data()); err != nil {
		return err
	}
	if o.scenes {
		office.Serve = story.OfflineTerm()
	}
	if err := office.Start(ctx); err != nil {
		return err
	}
	if o.scenes {
		return story.Scenes(ctx, stage)
	}
	if o.window != "" {
		shots, err := filepath.Abs(o.shots)
		if err != nil {
			return err
		}
		stage.Picture = func(ctx context.Context, p *script.Person, name string) error {
			path := filepath.Join(shots, "trip-"+name+".png")
			if err := picture(ctx, o.window, p.Profile, office.URL(), path); err != nil {
				return fmt.Errorf("picture %s: %w", name, err)
			}
			fmt.Fprintf(out, "　［图］%s\n", path)
			return nil
		}
	}
	return story.Tell(ctx, stage)
}
