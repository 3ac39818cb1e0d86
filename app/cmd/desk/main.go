// Command desk is the desktop client without a window: the same engine on the
// same profile, for scripts, for diagnosis and for black-box tests.
//
//	desk [--profile DIR] [--json] VERB …
//
// Run "desk help" for the verbs. What was asked for goes to standard output,
// messages to standard error. The exit codes are part of the contract:
//
//	0  done; for "do": queued; for "sync": the server was asked and has answered
//	1  this machine or this profile is at fault
//	2  the command line or the input is wrong
//	3  refused at once, by the rules or by the server
//	4  the server was not reached, or cannot work now
//	5  the profile is in use by another process
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"syscall"

	"qianshao/app/internal/settings"
)

// version is set by the release build.
var version = "0.1.0-dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		system: settings.Native(), now: now, rand: rand.Reader,
	}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
