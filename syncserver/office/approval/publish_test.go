package approval_test

import (
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

func TestDefaultsAreValid(t *testing.T) {
	for _, d := range approval.Defaults() {
		if err := d.Validate(); err != nil {
			t.Errorf("%s: %v", d, err)
		}
		newBench(t, d)
	}
}

// TestPublishRefuses: the refusal names the element.
func TestPublishRefuses(t *testing.T) {
	for _, x := range []struct {
		name  string
		spoil func(d *approval.Definition)
		field string
	}{
		{"key", func(d *approval.Definition) { d.Key = "Fa wen" }, "definition.key"},
		{"name", func(d *approval.Definition) { d.Name = "" }, "definition.name"},
		{"no subject", func(d *approval.Definition) { d.Subjects = nil }, "definition.subjects"},
		{"unknown subject", func(d *approval.Definition) { d.Subjects = []string{"no.kind"} }, "definition.subjects"},
		{"suits", func(d *approval.Definition) { d.Suits = []approval.Cond{{Field: "genre", Op: approval.OpIn}} }, "definition.suits"},
		{"requirement", func(d *approval.Definition) { d.Requires[0].Op = "like" }, "definition.requires"},
		{"one step", func(d *approval.Definition) { d.Steps = d.Steps[:1] }, "definition.steps"},
		{"first", func(d *approval.Definition) { d.First = "banjie" }, "definition.first"},
		{"id", func(d *approval.Definition) { d.Steps[2].ID = "fuze" }, "definition.steps[2].id"},
		{"type", func(d *approval.Definition) { d.Steps[2].Type = "gateway" }, "definition.steps[2].type"},
		{"end with handlers", func(d *approval.Definition) { d.Steps[8].Handlers = d.Steps[1].Handlers }, "definition.steps[8].type"},
		{"policy", func(d *approval.Definition) { d.Steps[2].Policy = "most" }, "definition.steps[2].policy"},
		{"gate", func(d *approval.Definition) { d.Steps[2].Gate = "door" }, "definition.steps[2].gate"},
		{"nobody", func(d *approval.Definition) { d.Steps[2].Handlers = nil }, "definition.steps[2].handlers"},
		{"handler", func(d *approval.Definition) { d.Steps[2].Handlers[0].By = "magic" }, "definition.steps[2].handlers"},
		{"field", func(d *approval.Definition) { d.Steps[2].Handlers[0].ID = "a;b" }, "definition.steps[2].handlers"},
		{"unknown post", func(d *approval.Definition) { d.Steps[3].Handlers[0].ID = "nopost" }, "definition.steps[3].handlers"},
		{"unknown editor", func(d *approval.Definition) {
			d.Steps[3].Editors = []approval.Handler{{By: approval.ByRole, ID: "norole"}}
		}, "definition.steps[3].editors"},
		{"unknown step in editors", func(d *approval.Definition) { d.Steps[5].Editors[0].ID = "nostep" }, "definition.steps[5].editors"},
		{"no approve", func(d *approval.Definition) { d.Steps[2].Acts = []string{approval.ActReturn} }, "definition.steps[2].acts"},
		{"act", func(d *approval.Definition) { d.Steps[2].Acts = []string{approval.ActApprove, "dance"} }, "definition.steps[2].acts"},
		{"return from the first", func(d *approval.Definition) { d.Steps[0].Acts = []string{approval.ActApprove, approval.ActReturn} }, "definition.steps[0].acts"},
		{"effect", func(d *approval.Definition) { d.Steps[7].Effects = []string{"magic"} }, "definition.steps[7].effects"},
		{"hours", func(d *approval.Definition) { d.Steps[7].Hours = -1 }, "definition.steps[7].hours"},
		{"area", func(d *approval.Definition) { d.Steps[7].Area = "备注" }, "definition.steps[7].area"},
		{"no line", func(d *approval.Definition) { d.Steps[3].Lines = nil }, "definition.steps[3].lines"},
		{"line to nowhere", func(d *approval.Definition) { d.Steps[3].Lines[0].To = "x" }, "definition.steps[3].lines"},
		{"no default line", func(d *approval.Definition) { d.Steps[1].Lines = d.Steps[1].Lines[:2] }, "definition.steps[1].lines"},
		{"condition", func(d *approval.Definition) { d.Steps[1].Lines[0].When.Op = "~" }, "definition.steps[1].lines"},
		{"unreachable", func(d *approval.Definition) { d.Steps[1].Lines = d.Steps[1].Lines[2:] }, "definition.steps[2].id"},
		{"no exit", func(d *approval.Definition) { d.Steps[7].Lines[0].To = "fuhe" }, "definition.steps[0].lines"},
		{"around 签发", func(d *approval.Definition) { d.Steps[4].Lines = when(d.Steps[4].Lines, "fuhe") }, "definition.steps[6].gate"},
		{"around 复核", func(d *approval.Definition) { d.Steps[5].Lines = when(d.Steps[5].Lines, "bianhao") }, "definition.steps[5].lines"},
		{"number without gates", func(d *approval.Definition) { d.Steps[3].Effects = []string{approval.EffectNumber} }, "definition.steps[3].effects"},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := newBench(t)
			d := approval.Fawen()
			d.Subjects = []string{papers.Name}
			x.spoil(&d)
			err := b.do(office.System, &approval.Publish{Definition: d})
			if office.CodeOf(err) != office.CodeInvalid || office.AsError(err).Field != x.field {
				t.Errorf("%v, want %s", err, x.field)
			}
			if e := office.AsError(err); strings.Contains(x.field, "steps[") && !strings.Contains(e.Message, `step "`) {
				t.Errorf("%q does not name the step", e.Message)
			}
		})
	}
}

// when puts a conditional line to a step before the others.
func when(lines []approval.Line, to string) []approval.Line {
	return append([]approval.Line{{To: to, When: &approval.Cond{Field: "urgency", Op: approval.OpSet}}}, lines...)
}
