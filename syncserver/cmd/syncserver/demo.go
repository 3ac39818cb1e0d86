package main

import (
	"context"
	"fmt"

	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/wiring/fill"
)

// demo fills an empty store with the demonstration office.
func (p *program) demo(ctx context.Context, args []string) error {
	f, w := p.flags("demo")
	file := f.String("password-file", "-", `file with the password of all demonstration accounts; "-" = standard input`)
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	// A hundred hashes of one password that everybody knows need not cost
	// much; each is renewed at the full costs when its owner first signs in.
	s, err := p.open(ctx, w, mode{passwords: identity.Params{Memory: 8 << 10, Time: 1, Threads: 1}})
	if err != nil {
		return err
	}
	defer s.Close()
	password := ""
	if have, err := fill.Has(ctx, s); err != nil {
		return err
	} else if !have {
		if password, err = p.password(*file); err != nil {
			return err
		}
	}
	n, already, err := fill.Demo(ctx, s, password)
	switch {
	case err != nil:
		return fmt.Errorf("demonstration: %w", err)
	case already:
		fmt.Fprintln(p.out, "the demonstration is here already; nothing was changed")
	default:
		fmt.Fprintf(p.out, "the demonstration is filled in; %d accounts have the password given\n", n)
	}
	return nil
}
