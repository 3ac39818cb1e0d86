package main

import (
	"context"
	"fmt"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
)

// list prints records of a kind by a declared view.
func list(ctx context.Context, c *call) error {
	cat, err := catalog.New()
	if err != nil {
		return err
	}
	q, err := buildQuery(cat.Kinds(), c.args[0], c.flags)
	if err != nil {
		return err
	}
	if c.flags.online {
		return listOnline(ctx, c, cat.Kinds(), q)
	}
	k := cat.Kinds().Get(q.Kind)
	return c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		rs, err := pages(ctx, e, cat.Kinds(), q, c.flags.limit)
		if err != nil {
			return err
		}
		waits, err := e.PendingOf(ctx, q.Kind)
		if err != nil {
			return err
		}
		out := make([]recordJSON, len(rs))
		for i, r := range rs {
			out[i] = asJSON(r, waits[r.ID])
		}
		if c.json {
			return writeJSON(c.out, out)
		}
		for i, r := range rs {
			row(c.out, r.ID, titleOf(k, r), waitingMark(out[i].Waiting))
		}
		return nil
	})
}

// pages reads a list to its end or to limit; 0 is no limit.
func pages(ctx context.Context, e *engine.Engine, ks *office.Kinds, q office.Query, limit int) ([]office.Record, error) {
	var out []office.Record
	for {
		rs, err := e.List(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, rs...)
		if limit > 0 && len(out) >= limit {
			return out[:limit], nil
		}
		if len(rs) < q.Limit {
			return out, nil
		}
		if q.After, err = ks.KeyOf(q, rs[len(rs)-1]); err != nil {
			return nil, err
		}
	}
}

func waitingMark(mids []string) string {
	if len(mids) == 0 {
		return ""
	}
	return "待送达"
}

// show prints one record and its children.
func show(ctx context.Context, c *call) error {
	kind, id := c.args[0], c.args[1]
	cat, err := catalog.New()
	if err != nil {
		return err
	}
	k := cat.Kinds().Get(kind)
	if k == nil {
		return usage("没有 %q 这种记录（见 desk kinds）", kind)
	}
	if !office.ValidID(id) {
		return usage("%q 不是记录的 id", id)
	}
	return c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		r, ok, err := e.Get(ctx, kind, id)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotFound, Field: kind, Message: id}
		}
		out, err := whole(ctx, e, cat.Kinds(), k, r)
		if err != nil {
			return err
		}
		if c.json {
			return writeJSON(c.out, out)
		}
		row(c.out, kind, id, titleOf(k, r), waitingMark(out.Waiting))
		writeBody(c.out, "  ", r.Body)
		for _, ck := range cat.Kinds().Children(kind) {
			for _, x := range out.Children[ck.Name] {
				row(c.out, ck.Name, x.ID, waitingMark(x.Waiting))
				writeBody(c.out, "  ", x.Body)
			}
		}
		return nil
	})
}

// whole is a record with its marks and, for a root, its children.
func whole(ctx context.Context, e *engine.Engine, ks *office.Kinds, k *office.Kind, r office.Record) (recordJSON, error) {
	waits, err := e.Pending(ctx, r.Kind, r.ID)
	if err != nil {
		return recordJSON{}, err
	}
	out := asJSON(r, waits)
	for _, ck := range ks.Children(k.Name) {
		rs, err := e.Children(ctx, ck.Name, r.ID)
		if err != nil {
			return out, err
		}
		for _, x := range rs {
			waits, err := e.Pending(ctx, x.Kind, x.ID)
			if err != nil {
				return out, err
			}
			if out.Children == nil {
				out.Children = map[string][]recordJSON{}
			}
			out.Children[ck.Name] = append(out.Children[ck.Name], asJSON(x, waits))
		}
	}
	return out, nil
}

// search prints what has the words, newest first.
func search(ctx context.Context, c *call) error {
	if c.flags.limit < 1 || c.flags.limit > office.MaxLimit {
		return usage("--limit 需要 1 到 %d", office.MaxLimit)
	}
	text := strings.TrimSpace(strings.Join(c.args, " "))
	if text == "" {
		return usage("要找什么？")
	}
	return c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		hits, err := e.Search(ctx, text, c.flags.limit)
		if err != nil {
			return err
		}
		if c.json {
			if hits == nil {
				hits = []engine.Hit{}
			}
			return writeJSON(c.out, hits)
		}
		for _, h := range hits {
			row(c.out, h.Kind, h.ID, h.Title)
		}
		return nil
	})
}

// status prints the status line.
func status(ctx context.Context, c *call) error {
	return c.reading(ctx, func(e *engine.Engine, p settings.Profile) error {
		token, err := c.folder.Token()
		if err != nil {
			return err
		}
		s := e.Status()
		if c.json {
			return writeJSON(c.out, struct {
				Server   string `json:"server"`
				User     string `json:"user"`
				Name     string `json:"name"`
				SignedIn bool   `json:"signed_in"`
				engine.Status
			}{p.Server, p.User, p.Name, token != "", s})
		}
		fmt.Fprintf(c.out, "%s（%s）%s\n", plain(p.Name), plain(p.User), plain(p.Server))
		if token == "" {
			fmt.Fprintln(c.out, "未登录")
		}
		at := "尚未同步"
		if s.SyncedAt != 0 {
			at = "已同步至 " + clock(s.SyncedAt)
		}
		fmt.Fprintf(c.out, "%s · %d 件待送达 · %d 件需您处理\n", at, s.Waiting, s.NeedsYou)
		if s.Loading {
			fmt.Fprintln(c.out, "首次下载尚未完成")
		}
		switch {
		case s.Locked:
			fmt.Fprintln(c.out, "已锁定：超过离线期限，联系上服务器（sync 或 login）后解锁；待送达的都在")
		case s.Term > 0:
			fmt.Fprintf(c.out, "还可离线 %d 天 %d 小时\n", s.Left/(24*hour), s.Left%(24*hour)/hour)
		}
		if s.LastError != "" {
			fmt.Fprintf(c.out, "上次同步未成：%s\n", s.LastError)
		}
		return nil
	})
}
