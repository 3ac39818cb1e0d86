package main

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// defaultLimit is how many records list prints unless told otherwise.
const defaultLimit = 100

// buildQuery makes a query of list's options. It holds every name against the
// kind's declaration.
func buildQuery(ks *office.Kinds, kind string, f flags) (office.Query, error) {
	k := ks.Get(kind)
	if k == nil {
		return office.Query{}, usage("没有 %q 这种记录（见 desk kinds）", kind)
	}
	if f.limit < 0 {
		return office.Query{}, usage("--limit 不能小于 0")
	}
	q := office.Query{Kind: kind, View: f.view, Order: f.order, Desc: f.desc, Limit: office.MaxLimit}
	if f.limit > 0 && f.limit < q.Limit {
		q.Limit = f.limit
	}
	for _, w := range f.where {
		field, value, ok := strings.Cut(w, "=")
		if !ok || field == "" {
			return q, usage("--where 需要 字段=值，而不是 %q", w)
		}
		decl, ok := k.Field(field)
		if !ok && field != "root" {
			return q, usage("%s 没有声明字段 %q（见 desk kinds）", kind, field)
		}
		q.Where = append(q.Where, office.Where(field, whereValue(decl, value)))
	}
	if q.View == "" {
		v, ok := pickView(k, q)
		if !ok {
			return q, usage("%s 没有视图允许这样筛选和排序；有：%s", kind, describeViews(k))
		}
		q.View = v
	}
	if _, err := ks.Check(q); err != nil {
		return q, &usageError{err}
	}
	return q, nil
}

// whereValue is the value of a condition: "true" and "false" stand for 1 and 0
// of a whole number field; the rest is converted where the query is checked.
func whereValue(f office.Field, s string) any {
	if f.Type == office.Int {
		switch s {
		case "true":
			return int64(1)
		case "false":
			return int64(0)
		}
	}
	return s
}

// pickView is the first view that takes the query's conditions and order.
func pickView(k *office.Kind, q office.Query) (string, bool) {
	var given []string
	for _, w := range q.Where {
		given = append(given, w.Field)
	}
	for _, v := range k.Views {
		takes := !slices.ContainsFunc(given, func(f string) bool {
			return !slices.Contains(v.By, f) && !slices.Contains(v.Filters, f)
		})
		has := !slices.ContainsFunc(v.By, func(f string) bool { return !slices.Contains(given, f) })
		if takes && has && (q.Order == "" || slices.Contains(v.Orders, q.Order)) {
			return v.Name, true
		}
	}
	return "", false
}

func describeViews(k *office.Kind) string {
	var out []string
	for _, v := range k.Views {
		s := v.Name
		if len(v.By) > 0 {
			s += " 必须 " + strings.Join(v.By, ",")
		}
		if len(v.Filters) > 0 {
			s += " 可以 " + strings.Join(v.Filters, ",")
		}
		out = append(out, s+" 排序 "+strings.Join(v.Orders, ","))
	}
	return strings.Join(out, "；")
}
