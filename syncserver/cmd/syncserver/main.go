// Command syncserver is the server of 前哨: it keeps the office's records, carries
// out what desks send, and tells them what is new. See syncserver/README.md.
//
// This package is flags, configuration and wiring, nothing else.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

const usage = `syncserver, the server of 前哨 Qianshao

  syncserver serve  --data DIR --listen ADDR [--tls-cert F --tls-key F] …
  syncserver demo   --data DIR [--password-file F]
  syncserver user   add|password NAME --data DIR [--uid UID] [--password-file F] …
  syncserver user   disable|enable|end-sessions|devices NAME --data DIR
  syncserver user   revoke DEVICE --data DIR
  syncserver user   list --data DIR
  syncserver flows  list|standard|publish FILE|export KEY --data DIR
  syncserver series list|put ID --data DIR [--code 代字 --name NAME --direction out|in|sign --next N] …
  syncserver backup  --data DIR --to DIR [--keep N]
  syncserver restore --from BACKUP --data DIR
  syncserver migrate --from DIR --to URL
  syncserver doctor --data DIR
  syncserver verify --data DIR
  syncserver key    list|rotate --data DIR
  syncserver version

With PostgreSQL: --database URL instead of --data DIR, or the variable
QIANSHAO_DATABASE. "syncserver COMMAND --help" lists the flags of a command.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// program is one call of the program.
type program struct {
	in       io.Reader
	out, err io.Writer
}

// errUsage is a mistake in the command line that has been told already.
var errUsage = errors.New("usage")

// run is the program; it gives its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	p := &program{in: in, out: out, err: errs}
	commands := map[string]func(context.Context, []string) error{
		"serve": p.serve, "demo": p.demo, "user": p.user, "flows": p.flows, "series": p.series, "doctor": p.doctor, "verify": p.verify, "key": p.key, "backup": p.backup, "restore": p.restore, "migrate": p.migrate, "version": p.showVersion,
	}
	if len(args) == 0 {
		fmt.Fprint(errs, usage)
		return exitUsage
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprint(out, usage)
		return exitOK
	}
	command := commands[args[0]]
	if command == nil {
		fmt.Fprintf(errs, "syncserver: unknown command %q\n\n%s", args[0], usage)
		return exitUsage
	}
	err := command(ctx, args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	}
	fmt.Fprintln(errs, "syncserver:", err)
	return exitFailed
}

// usageError tells a mistake in the command line.
func (p *program) usageError(format string, args ...any) error {
	fmt.Fprintf(p.err, "syncserver: "+format+"\n", args...)
	return errUsage
}
