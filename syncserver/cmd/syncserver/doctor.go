package main

import (
	"context"
	"fmt"
	"text/tabwriter"
)

// doctor examines the store; faults make it fail.
func (p *program) doctor(ctx context.Context, args []string) error {
	f, w := p.flags("doctor")
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	counts, faults, err := s.Doctor(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(p.out, 0, 8, 2, ' ', 0)
	for _, c := range counts {
		fmt.Fprintf(t, "%s\t%d\n", c.What, c.N)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, x := range faults {
		fmt.Fprintln(p.out, "FAULT:", x)
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d faults", len(faults))
	}
	fmt.Fprintln(p.out, "no faults")
	return nil
}
