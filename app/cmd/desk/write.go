package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
)

// do gives one command. Nothing is sent, sync does that; only a command that
// needs the server now (class N) is given on line and sent at once.
func do(ctx context.Context, c *call) error {
	kind := c.args[0]
	if c.args[1] != "-" {
		return usage("参数从标准输入读取：desk do %s -", kind)
	}
	cat, err := catalog.New()
	if err != nil {
		return err
	}
	given, err := readAll(c.in, c.flags.many)
	if err != nil {
		return err
	}
	// What cannot be decoded is wrong input, not a refusal: it is told before
	// the profile is touched. An absent id is the engine's to fill.
	for i, args := range given {
		if err := decodes(cat, kind, args); err != nil {
			return &usageError{numbered(err, i, c.flags.many)}
		}
	}
	online := cat.Class(kind) == office.Online
	return c.writing(ctx, online, func(e *engine.Engine, _ settings.Profile) error {
		if online {
			if _, err := e.Sync(ctx); err != nil {
				return fmt.Errorf("%s 需要联网办理：%w", kind, err)
			}
		}
		var done []queued
		for i, args := range given {
			mid, id, err := e.DoJSON(ctx, kind, args)
			if err != nil {
				return numbered(err, i, c.flags.many)
			}
			done = append(done, queued{mid, id})
		}
		if online {
			if _, err := e.Sync(ctx); err != nil {
				fmt.Fprintf(c.err, "desk: 已排队，尚未送达：%v\n", err)
			}
		}
		for _, q := range done {
			if err := writeLine(c.out, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// queued is what do prints of each command.
type queued struct {
	Mid string `json:"mid"`
	ID  string `json:"id,omitempty"`
}

// numbered says which of many was wrong; those before it were taken.
func numbered(err error, i int, many bool) error {
	if !many {
		return err
	}
	return fmt.Errorf("第 %d 份：%w", i+1, err)
}

// readAll reads one object, or with many one on each line.
func readAll(r io.Reader, many bool) ([]json.RawMessage, error) {
	if !many {
		args, err := readArgs(r)
		return []json.RawMessage{args}, err
	}
	var out []json.RawMessage
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, protocol.MaxCommand+1)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		args, err := readArgs(bytes.NewReader(bytes.Clone(lines.Bytes())))
		if err != nil {
			return nil, err
		}
		out = append(out, args)
	}
	switch err := lines.Err(); {
	case err != nil:
		return nil, usage("读标准输入：%v", err)
	case len(out) == 0:
		return nil, usage("标准输入没有 JSON 对象")
	}
	return out, nil
}

func decodes(cat *catalog.Catalog, kind string, args json.RawMessage) error {
	_, err := cat.Decode(kind, args)
	return err
}

// readArgs reads one JSON object of at most the size of a command.
func readArgs(r io.Reader) (json.RawMessage, error) {
	raw, err := io.ReadAll(io.LimitReader(r, protocol.MaxCommand+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > protocol.MaxCommand {
		return nil, &usageError{office.Errorf(office.CodeTooLarge, "参数超过 %d 字节", protocol.MaxCommand)}
	}
	if raw = bytes.TrimSpace(raw); !json.Valid(raw) || raw[0] != '{' {
		return nil, usage("标准输入不是一个 JSON 对象")
	}
	return raw, nil
}

// outbox prints what was given here and what became of it.
func outbox(ctx context.Context, c *call) error {
	return c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		items, err := e.Outbox(ctx, engine.Filter{Archived: c.flags.all})
		if err != nil {
			return err
		}
		if c.json {
			if items == nil {
				items = []engine.Item{}
			}
			return writeJSON(c.out, items)
		}
		for _, it := range items {
			row(c.out, it.Mid, it.Command, it.State, string(it.Code), it.Message, string(it.Args))
		}
		return nil
	})
}

// retry sends an item again on the current version.
func retry(ctx context.Context, c *call) error {
	return c.writing(ctx, false, func(e *engine.Engine, _ settings.Profile) error {
		if err := known(ctx, e, c.args[0]); err != nil {
			return err
		}
		mid, err := e.Retry(ctx, c.args[0])
		if err != nil {
			return err
		}
		return writeLine(c.out, struct {
			Mid string `json:"mid"`
		}{mid})
	})
}

// discard gives an item up.
func discard(ctx context.Context, c *call) error {
	return c.writing(ctx, false, func(e *engine.Engine, _ settings.Profile) error {
		if err := known(ctx, e, c.args[0]); err != nil {
			return err
		}
		return e.Discard(ctx, c.args[0])
	})
}

// known refuses a mid that is not in this outbox.
func known(ctx context.Context, e *engine.Engine, mid string) error {
	if !office.ValidID(mid) {
		return usage("%q 不是事项的编号", mid)
	}
	_, ok, err := e.Item(ctx, mid)
	if err == nil && !ok {
		err = &office.Error{Code: office.CodeNotFound, Field: "mid", Message: mid}
	}
	return err
}

// doctor checks the profile and says what is wrong with it.
func doctor(ctx context.Context, c *call) error {
	found, err := c.folder.Check()
	if err != nil {
		return err
	}
	err = c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		more, err := examine(ctx, e)
		found = append(found, more...)
		return err
	})
	if err != nil {
		return err
	}
	if c.json {
		if found == nil {
			found = []string{}
		}
		if err := writeJSON(c.out, struct {
			OK       bool     `json:"ok"`
			Problems []string `json:"problems"`
		}{len(found) == 0, found}); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			row(c.out, f)
		}
	}
	if len(found) > 0 {
		return errors.New("资料目录有问题")
	}
	if !c.json {
		row(c.out, "完好")
	}
	return nil
}
