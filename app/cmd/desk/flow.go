package main

import (
	"context"
	"fmt"
	"io"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
)

// flow prints a version of a flow as BPMN 2.0 XML, as it was drawn where it was
// drawn.
func flow(ctx context.Context, c *call) error {
	id := c.args[0]
	if !office.ValidID(id) {
		return usage("%q 不是流程版本（如 fawen.1）", id)
	}
	return c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		r, ok, err := e.Get(ctx, approval.Definitions.Name, id)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotFound, Field: "flow", Message: id}
		}
		var d approval.Definition
		if err := r.Decode(&d); err != nil {
			return err
		}
		_, err = io.WriteString(c.out, bpmn.Export(d))
		return err
	})
}

// flowCheck reads BPMN from standard input and says whether it could be
// published, as far as one can say without the directory.
func flowCheck(_ context.Context, c *call) error {
	raw, err := io.ReadAll(io.LimitReader(c.in, bpmn.MaxBytes+1))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	d, err := bpmn.Decode(string(raw))
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, d)
	}
	for _, s := range d.Steps {
		row(c.out, s.ID, s.Name, string(s.Policy), s.Type)
	}
	return nil
}
