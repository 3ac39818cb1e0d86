package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
)

// line is one line of the replication history: a sync, or something out of the
// ordinary.
type line struct {
	At    int64         `json:"at"`
	Sync  *engine.Sync  `json:"sync,omitempty"`
	Event *engine.Event `json:"event,omitempty"`
}

// lines are the newest of both, newest first.
func lines(ctx context.Context, e *engine.Engine, limit int) ([]line, error) {
	ss, err := e.History(ctx, limit)
	if err != nil {
		return nil, err
	}
	es, err := e.Events(ctx, limit)
	if err != nil {
		return nil, err
	}
	var out []line
	for i := range ss {
		out = append(out, line{At: ss[i].At, Sync: &ss[i]})
	}
	for i := range es {
		out = append(out, line{At: es[i].At, Event: &es[i]})
	}
	slices.SortStableFunc(out, func(a, b line) int { return -cmp.Compare(a.At, b.At) })
	return out[:min(len(out), limit)], nil
}

// words are the events as people read them.
var words = map[string]string{
	"repair": "修复", "reset": "重读频道", "rebuild": "整体重建", "replay": "重新送出", "fork": "换设备号", "aside": "搁置损坏文件", "upgrade": "升级文件", "refused": "停止收发", "blob": "附件",
}

// history prints what each sync did and what was out of the ordinary.
func history(ctx context.Context, c *call) error {
	if c.flags.limit < 1 || c.flags.limit > 5000 {
		return usage("--limit 需要 1 到 5000")
	}
	return c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		ls, err := lines(ctx, e, c.flags.limit)
		if err != nil {
			return err
		}
		if c.json {
			if ls == nil {
				ls = []line{}
			}
			return writeJSON(c.out, ls)
		}
		for _, l := range ls {
			if x := l.Event; x != nil {
				row(c.out, clock(x.At), cmp.Or(words[x.What], x.What), strings.TrimSpace(fmt.Sprintf("%s %s %s", x.Chan, counted(x.Rows), x.Why)), x.Detail)
				continue
			}
			s := l.Sync
			what := fmt.Sprintf("送达 %d（被拒 %d）· 取回 %d", s.Pushed, s.Refused, s.Pulled)
			if s.Repairs > 0 {
				what += fmt.Sprintf(" · 修复 %d", s.Repairs)
			}
			if s.Count > 1 {
				what += fmt.Sprintf(" · 同样 %d 次", s.Count)
			}
			row(c.out, clock(s.At), "同步", what, string(s.Error))
		}
		return nil
	})
}

func counted(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d 条", n)
}

// exportLog writes what those who help need to know, and nothing of contents:
// no titles, no arguments, no drafts, no messages.
func exportLog(ctx context.Context, c *call) (err error) {
	to := ""
	if len(c.args) > 0 {
		to = c.args[0]
	}
	if to == "-" {
		return c.reading(ctx, func(e *engine.Engine, p settings.Profile) error { return c.writeLog(ctx, e, p, c.out) })
	}
	if to == "" {
		dir, err := vault.Profile{Dir: c.folder.Dir(), Now: c.now}.Export()
		if err != nil {
			return err
		}
		to = filepath.Join(dir, "log-"+c.now().UTC().Format("20060102T150405Z")+".jsonl")
	}
	return c.reading(ctx, func(e *engine.Engine, p settings.Profile) error {
		f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write the log: %w", err)
		}
		if err := errors.Join(c.writeLog(ctx, e, p, f), f.Close()); err != nil {
			return err
		}
		if c.json {
			return writeJSON(c.out, map[string]string{"file": to})
		}
		fmt.Fprintln(c.out, to)
		return nil
	})
}

// logItem is a command without what it says.
type logItem struct {
	Mid       string      `json:"mid"`
	Ord       int64       `json:"ord"`
	Command   string      `json:"command"`
	State     string      `json:"state"`
	Outcome   string      `json:"outcome,omitempty"`
	Code      office.Code `json:"code,omitempty"`
	Waiting   bool        `json:"waiting"`
	N         int64       `json:"n,omitempty"`
	Claimed   int64       `json:"claimed"`
	At        int64       `json:"at,omitempty"`
	Deps      []string    `json:"deps,omitempty"`
	Next      string      `json:"next,omitempty"`
	Foresight string      `json:"foresight,omitempty"`
	Bytes     int         `json:"bytes"`
}

func (c *call) writeLog(ctx context.Context, e *engine.Engine, p settings.Profile, w io.Writer) error {
	head := map[string]any{
		"at": office.Millis(c.now()), "desk": version, "protocol": protocol.Version, "schema": catalog.SchemaVersion,
		"server": p.Server, "install": p.Install, "status": e.Status(),
	}
	if err := writeLine(w, map[string]any{"profile": head}); err != nil {
		return err
	}
	found, err := examine(ctx, e)
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := writeLine(w, map[string]string{"problem": f}); err != nil {
			return err
		}
	}
	ls, err := lines(ctx, e, 5000)
	if err != nil {
		return err
	}
	for _, l := range ls {
		if err := writeLine(w, l); err != nil {
			return err
		}
	}
	items, err := e.Outbox(ctx, engine.Filter{Archived: true})
	if err != nil {
		return err
	}
	for _, i := range items {
		x := logItem{
			Mid: i.Mid, Ord: i.Ord, Command: i.Command, State: i.State, Outcome: i.Outcome, Code: i.Code, Waiting: i.Waiting, N: i.N,
			Claimed: i.Claimed, At: i.At, Deps: i.Deps, Next: i.Next, Foresight: i.Foresight, Bytes: len(i.Args),
		}
		if err := writeLine(w, map[string]logItem{"command": x}); err != nil {
			return err
		}
	}
	return nil
}

// examine is what the doctor says of the files and of the queue.
func examine(ctx context.Context, e *engine.Engine) ([]string, error) {
	found, err := e.Check(ctx)
	if err != nil {
		return nil, err
	}
	stuck, err := e.Stuck(ctx)
	if stuck != "" {
		found = append(found, stuck)
	}
	return found, err
}
