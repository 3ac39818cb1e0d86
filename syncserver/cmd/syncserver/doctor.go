package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
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

// version prints what this program is and speaks.
func (p *program) version(_ context.Context, args []string) error {
	if len(args) > 0 {
		return p.usageError("version: no arguments")
	}
	fmt.Fprintf(p.out, "syncserver %s (%s %s/%s)\nprotocol %s, oldest answered %s\nschema %d\n",
		version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, protocol.Version, protocol.MinVersion, catalog.SchemaVersion)
	return nil
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}
