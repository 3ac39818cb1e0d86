package approval

import (
	"encoding/json"
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"qianshao/syncserver/office"
)

// maxExpr bounds the text of an expression.
const maxExpr = 500

// Names that every expression may read besides the form's fields.
var knownNames = map[string]any{
	"verdict": "", // the answer the paper was last sent on with
	"chosen":  0,  // how many people were chosen for the next step
	"unit":    "", // where the paper comes from
	"starter": "",
}

var zeroOf = map[string]any{FieldText: "", FieldNumber: float64(0), FieldBool: false, FieldList: []string{}}

// env is what expressions of a form may read, all of it empty.
func env(form []FormField) map[string]any {
	out := map[string]any{}
	for k, v := range knownNames {
		out[k] = v
	}
	for _, f := range form {
		out[f.Name] = zeroOf[f.Type]
	}
	return out
}

// compile checks an expression against a form. What would depend on where or
// when it runs is not there.
func compile(code string, form []FormField) (*vm.Program, error) {
	if len(code) > maxExpr {
		return nil, fmt.Errorf("an expression has at most %d bytes", maxExpr)
	}
	return expr.Compile(code, expr.Env(env(form)), expr.AsBool(),
		expr.DisableBuiltin("now"), expr.DisableBuiltin("date"), expr.DisableBuiltin("timezone"), expr.MaxNodes(200))
}

// holds evaluates a condition (W30). An expression that fails on the values at
// hand does not hold: the default line is taken.
func (s scene) holds(form []FormField, c *Cond) bool {
	if c == nil || c.Expr == "" {
		return s.subject.holds(c)
	}
	p, err := compile(c.Expr, form)
	if err != nil {
		return false // Publish lets none through
	}
	in := env(form)
	for _, f := range form {
		raw := s.subject.fields[f.Name]
		switch f.Type {
		case FieldText:
			in[f.Name] = plain(raw)
		case FieldNumber:
			var n float64
			if json.Unmarshal(raw, &n) == nil {
				in[f.Name] = n
			}
		case FieldBool:
			in[f.Name] = isSet(raw)
		case FieldList:
			if l := s.subject.list(f.Name); l != nil {
				in[f.Name] = l
			}
		}
	}
	in["verdict"], in["chosen"], in["unit"], in["starter"] = s.inst.Verdict, len(s.chosen), s.inst.Unit, string(s.inst.Starter)
	v, err := expr.Run(p, in)
	ok, is := v.(bool)
	return err == nil && is && ok
}

func (a *advance) holds(c *Cond) bool { return a.scene.holds(a.def.Form, c) }

// checkForm refuses fields that are no fields, or of no type.
func (d Definition) checkForm() error {
	seen := map[string]bool{}
	for _, f := range d.Form {
		_, typed := zeroOf[f.Type]
		_, taken := knownNames[f.Name]
		if !fieldName.MatchString(f.Name) || !typed || taken || seen[f.Name] {
			return office.Invalid("definition.form", "field %q of type %q", f.Name, f.Type)
		}
		seen[f.Name] = true
	}
	return nil
}
