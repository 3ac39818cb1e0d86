package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
	sheets "qianshao/syncserver/paper"
)

// Templates are the 版式模板, the presets first; numbers are always those of the
// newest version.
func (s *Papers) Templates() (TemplateBook, error) {
	return signedIn(s.core, "Papers.Templates", func(ctx context.Context, a *at) (TemplateBook, error) {
		var out TemplateBook
		for _, t := range layout.Presets() {
			v := templateView(layout.Version{Key: t.ID, Version: t.Version, Format: t.Format, Template: t})
			v.Preset = true
			out.List = append(out.List, v)
		}
		rows, err := list(ctx, a, layout.Versions, office.Query{View: "all", Order: "version", Desc: true})
		if err != nil {
			return out, err
		}
		names := a.names(ctx)
		var own []TemplateView
		for _, r := range rows {
			v := r.Value
			by := ""
			if v.By != office.System {
				by = names.name(v.By)
			}
			i := slices.IndexFunc(own, func(x TemplateView) bool { return x.Key == v.Key })
			if i < 0 {
				x := templateView(v)
				x.By = by
				own, i = append(own, x), len(own)
			}
			own[i].Versions = append(own[i].Versions, TemplateVersion{Version: v.Version, By: by, At: v.At, Words: v.Words, Off: v.Off})
		}
		slices.SortStableFunc(own, func(a, b TemplateView) int {
			return cmp.Or(cmp.Compare(a.Format, b.Format), cmp.Compare(a.Name, b.Name))
		})
		out.List = append(out.List, own...)
		out.MayPut = a.me(ctx).HasRole(directory.RoleSysAdmin)
		return out, nil
	})
}

func templateView(v layout.Version) TemplateView {
	t := v.Template
	out := TemplateView{
		Key: v.Key, Version: v.Version, Name: t.Name, Format: string(v.Format), Issuers: v.Issuers, Off: v.Off, Words: v.Words, At: v.At,
		Flags: []TemplateFlag{{"auto_levels", t.AutoLevels}, {"bold_third", t.BoldThird}, {"colophon_even", t.ColophonEven}},
	}
	for _, l := range layout.Limits() {
		out.Numbers = append(out.Numbers, TemplateNumber{Field: l.Field, Value: fine(l.Value(&t)), Low: int(math.Ceil(l.Low*1000 - 1e-6)), High: int(math.Floor(l.High*1000 + 1e-6)), Whole: l.Whole})
	}
	return out
}

// templateOf makes a template of what the page holds. Fields are those the
// layout knows and no others.
func templateOf(in TemplateInput) (layout.Template, error) {
	t := layout.Preset(layout.Format(in.Format))
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(t.JSON(), &fields); err != nil {
		return t, err
	}
	set := func(field string, v any) error {
		if _, known := fields[field]; !known {
			return office.Invalid("numbers", "there is no %q", field)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return office.Invalid(field, "%v", err)
		}
		fields[field] = raw
		return nil
	}
	for _, n := range in.Numbers {
		if err := set(n.Field, float64(n.Value)/1000); err != nil {
			return t, err
		}
	}
	for _, f := range in.Flags {
		if err := set(f.Field, f.On); err != nil {
			return t, err
		}
	}
	for field, v := range map[string]any{"id": cmp.Or(in.Key, "new"), "version": max(1, in.Base+1), "name": in.Name, "format": in.Format} {
		if err := set(field, v); err != nil {
			return t, err
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return t, err
	}
	return layout.ReadTemplate(raw)
}

// PutTemplate makes the next version of a template; the system administrator
// may, on line.
func (s *Papers) PutTemplate(in TemplateInput) (Done, error) {
	return signedIn(s.core, "Papers.PutTemplate", func(ctx context.Context, a *at) (Done, error) {
		t, err := templateOf(in)
		if err != nil {
			return Done{}, err
		}
		if in.Key == "" {
			if t.ID, err = a.newID(); err != nil {
				return Done{}, err
			}
		}
		t.Version = 0 // the server counts
		return a.give(ctx, t.ID, &layout.PutTemplate{Base: in.Base, Template: t, Issuers: in.Issuers, Off: in.Off, Words: in.Words})
	})
}

// Sample draws a paper that nobody wrote with a template that nobody has saved.
func (s *Papers) Sample(in TemplateInput) (PaperPages, error) {
	return signedIn(s.core, "Papers.Sample", func(context.Context, *at) (PaperPages, error) {
		if in.Name == "" {
			in.Name = "样张"
		}
		t, err := templateOf(in)
		if err != nil {
			return PaperPages{}, err
		}
		return drawn(sheets.SetWith(sheets.Sample(t.Format), t), s.core.press, nil), nil
	})
}

// template is that of a paper: the version it was issued with, or the one that
// would count if it were issued now. What is not on this desk gives way to the
// standard's.
func (a *at) template(ctx context.Context, kind string, e Elements) (layout.Template, error) {
	tx := &reading{ctx: ctx, at: a}
	if e.Template != "" {
		t, ok, err := layout.ByKey(tx, e.Template)
		if ok || err != nil {
			return t, err
		}
	}
	return layout.Current(tx, sheets.FormatOf(kind, e.Genre), document.IssuersOf(e.Issuer)[0])
}
