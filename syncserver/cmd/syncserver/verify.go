package main

import (
	"context"
	"fmt"
	"time"
)

// verify holds all traces and the books of numbers together; what is broken
// makes it fail.
func (p *program) verify(ctx context.Context, args []string) error {
	f, w := p.flags("verify")
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	found, err := s.Verify(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d flows, %d events, %d keys\n", found.Instances, found.Events, found.Keys)
	for _, b := range found.Broken {
		fmt.Fprintln(p.out, "BROKEN:", b)
	}
	if len(found.Broken) > 0 {
		return fmt.Errorf("%d are broken", len(found.Broken))
	}
	fmt.Fprintln(p.out, "all hold")
	return nil
}

// key lists the keys that seal traces, or makes a new one.
func (p *program) key(ctx context.Context, args []string) error {
	f, w := p.flags("key")
	rest, err := p.parse(f, args, 1)
	if err != nil {
		return err
	}
	if rest[0] != "list" && rest[0] != "rotate" {
		return p.usageError("key: list or rotate, not %q", rest[0])
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	if rest[0] == "rotate" {
		id, err := s.RotateKey(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%s seals from now on; servers that run follow within a minute\n", id)
		return nil
	}
	keys, err := s.Sealer.Keys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		state := "seals"
		if k.Value.Retired != 0 {
			state = "retired " + time.UnixMilli(k.Value.Retired).Format(time.DateTime)
		}
		fmt.Fprintf(p.out, "%s\t%s\t%s\n", k.ID, time.UnixMilli(k.Value.Created).Format(time.DateTime), state)
	}
	return nil
}
