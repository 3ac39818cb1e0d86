package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"qianshao/syncserver/office/approval/bpmn"
)

// flows lists the office's flows, publishes the standard ones or one of a file,
// or writes one as BPMN 2.0 XML.
func (p *program) flows(ctx context.Context, args []string) error {
	f, w := p.flags("flows list|standard|publish FILE|export KEY")
	if len(args) == 0 {
		return p.usageError("flows: list, standard, publish or export")
	}
	what, want := args[0], map[string]int{"list": 0, "standard": 0, "publish": 1, "export": 1}
	n, ok := want[what]
	if !ok {
		return p.usageError("flows: list, standard, publish or export, not %q", what)
	}
	rest, err := p.parse(f, args[1:], n)
	if err != nil {
		return err
	}
	xml := ""
	if what == "publish" {
		if xml, err = p.readFlow(rest[0]); err != nil {
			return err
		}
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	switch what {
	case "standard":
		posts, flows, err := s.StandardFlows(ctx)
		for _, x := range posts {
			fmt.Fprintf(p.out, "post %s\t%s\tnobody holds it yet\n", x.ID, x.Name)
		}
		for _, x := range flows {
			fmt.Fprintf(p.out, "flow %s\t%s\tpublished\n", x.Key, x.Name)
		}
		if err == nil && len(posts)+len(flows) == 0 {
			fmt.Fprintln(p.out, "all are here already; nothing was changed")
		}
		return err
	case "publish":
		key, version, err := s.PublishFlow(ctx, xml)
		if err != nil {
			return fmt.Errorf("%s: nothing was published: %w", rest[0], err)
		}
		fmt.Fprintf(p.out, "%s.%d is published; papers under way keep the version they began with\n", key, version)
		return nil
	}
	list, err := s.Flows(ctx)
	if err != nil {
		return err
	}
	for _, d := range list {
		if what == "list" {
			fmt.Fprintf(p.out, "%s.%d\t%s\t%d steps\t%s\n", d.Key, d.Version, d.Name, len(d.Steps), time.UnixMilli(d.Published).Format(time.DateTime))
		} else if d.Key == rest[0] {
			_, err := io.WriteString(p.out, bpmn.Export(d))
			return err
		}
	}
	if what == "export" {
		return fmt.Errorf("there is no flow %q; syncserver flows list names all", rest[0])
	}
	return nil
}

// readFlow reads a file, "-" is standard input.
func (p *program) readFlow(name string) (string, error) {
	in := p.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, bpmn.MaxBytes+1)) // Decode refuses what is longer
	return string(raw), err
}
