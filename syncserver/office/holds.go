package office

import (
	"cmp"
	"slices"
	"strings"
)

// Holds reports whether a column's value meets a condition that Check has let
// through: what the databases answer, for one record in hand.
func (w Cond) Holds(v any) bool {
	switch w.Op {
	case In, Has:
		list, _ := w.Value.([]any)
		if w.Op == Has {
			s, _ := v.(string)
			return slices.ContainsFunc(list, func(x any) bool { m, _ := x.(string); return strings.Contains(s, m) })
		}
		return slices.ContainsFunc(list, func(x any) bool { return CompareColumns(v, x) == 0 })
	case Eq:
		return CompareColumns(v, w.Value) == 0
	case Lt:
		return CompareColumns(v, w.Value) < 0
	case Le:
		return CompareColumns(v, w.Value) <= 0
	case Gt:
		return CompareColumns(v, w.Value) > 0
	case Ge:
		return CompareColumns(v, w.Value) >= 0
	}
	return false
}

// Meets reports whether a record meets checked conditions. cols are its Columns.
func Meets(k *Kind, root string, cols []any, where []Cond) bool {
	for _, w := range where {
		if !w.Holds(Value(k, root, cols, w.Field)) {
			return false
		}
	}
	return true
}

// Value is the value of a declared field among a record's Columns, or of "root".
func Value(k *Kind, root string, cols []any, field string) any {
	if i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == field }); i >= 0 {
		return cols[i]
	}
	return root
}

// CompareColumns orders two values of one column, text by code point as both
// databases do. A value of another type counts as that type's zero.
func CompareColumns(a, b any) int {
	switch x := a.(type) {
	case string:
		y, _ := b.(string)
		return cmp.Compare(x, y)
	case int64:
		y, _ := b.(int64)
		return cmp.Compare(x, y)
	case float64:
		y, _ := b.(float64)
		return cmp.Compare(x, y)
	}
	return 0
}
