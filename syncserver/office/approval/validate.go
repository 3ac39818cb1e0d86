package approval

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

const (
	maxSteps = 100
	maxHours = 24 * 366
)

var (
	flowKey   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`)
	stepID    = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,40}$`)
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`)
)

// fault names the element of a definition that is wrong.
func fault(i int, s Step, field, format string, args ...any) error {
	return office.Invalid(fmt.Sprintf("definition.steps[%d].%s", i, field), "step %q: %s", s.ID, fmt.Sprintf(format, args...))
}

// Validate refuses what could not run: CodeInvalid naming the element.
func (d Definition) Validate() error {
	if !flowKey.MatchString(d.Key) {
		return office.Invalid("definition.key", "%q is not the key of a flow", d.Key)
	}
	if err := office.CheckLine("definition.name", d.Name, 1, 60); err != nil {
		return err
	}
	if len(d.Subjects) == 0 {
		return office.Invalid("definition.subjects", "a flow carries something")
	}
	if err := d.checkForm(); err != nil {
		return err
	}
	switch d.Dedupe {
	case DedupeNone, DedupeConsecutive, DedupeAny:
	default:
		return office.Invalid("definition.dedupe", "%q", d.Dedupe)
	}
	for _, f := range d.Material {
		if !fieldName.MatchString(f) {
			return office.Invalid("definition.material", "%q is not a field", f)
		}
	}
	for _, r := range d.Requires {
		if err := r.check(nil, false); err != nil {
			return office.Invalid("definition.requires", "%v", err)
		}
	}
	for _, r := range d.Suits {
		if err := r.check(nil, false); err != nil {
			return office.Invalid("definition.suits", "%v", err)
		}
	}
	if len(d.Steps) < 2 || len(d.Steps) > maxSteps {
		return office.Invalid("definition.steps", "2 to %d steps", maxSteps)
	}
	seen := map[string]bool{}
	for i, s := range d.Steps {
		if !stepID.MatchString(s.ID) || seen[s.ID] {
			return fault(i, s, "id", "bad or repeated id")
		}
		seen[s.ID] = true
	}
	for i, s := range d.Steps {
		if err := d.checkStep(i, s); err != nil {
			return err
		}
	}
	if first, ok := d.Step(d.First); !ok || first.Type != "" && first.Type != StepTask {
		return office.Invalid("definition.first", "%q is not a step with a task", d.First)
	}
	if err := d.checkPaths(); err != nil {
		return err
	}
	if err := d.checkCircles(); err != nil {
		return err
	}
	_, err := d.nesting()
	return err
}

func (d Definition) checkStep(i int, s Step) error {
	if err := office.CheckLine(fmt.Sprintf("definition.steps[%d].name", i), s.Name, 1, 40); err != nil {
		return err
	}
	switch s.Type {
	case StepEnd:
		if len(s.Lines)+len(s.Handlers)+len(s.Effects) > 0 {
			return fault(i, s, "type", "an end has no lines, handlers or effects")
		}
		return nil
	case StepChoice, StepFork, StepJoin, StepSub:
		if err := d.checkSpecial(i, s); err != nil {
			return err
		}
		return d.checkLines(i, s)
	case "", StepTask:
	default:
		return fault(i, s, "type", "%q is no type of step", s.Type)
	}
	switch s.policy() {
	case Serial, All, Any, Pool, Collect, Ratio, Vote:
	default:
		return fault(i, s, "policy", "%q is no policy", s.Policy)
	}
	if err := d.checkMore(i, s); err != nil {
		return err
	}
	switch s.Gate {
	case "", GateSign, GateReview:
	default:
		return fault(i, s, "gate", "%q is no gate", s.Gate)
	}
	if len(s.Handlers) == 0 {
		return fault(i, s, "handlers", "nobody handles it")
	}
	for _, h := range s.Handlers {
		if err := d.checkHandler(h); err != nil {
			return fault(i, s, "handlers", "%v", err)
		}
	}
	for _, h := range s.Editors {
		if err := d.checkHandler(h); err != nil {
			return fault(i, s, "editors", "%v", err)
		}
	}
	if len(s.Acts) > 0 && !slices.Contains(s.Acts, ActApprove) {
		return fault(i, s, "acts", "without %s there is no way on", ActApprove)
	}
	for _, a := range s.Acts {
		if !slices.Contains(knownActs, a) {
			return fault(i, s, "acts", "%q is no act", a)
		}
		if a == ActReturn && s.ID == d.First {
			return fault(i, s, "acts", "there is nothing before the first step")
		}
	}
	for _, e := range s.Effects {
		if !slices.Contains(knownEffects, e) {
			return fault(i, s, "effects", "%q is no effect", e)
		}
	}
	if s.Hours < 0 || s.Hours > maxHours {
		return fault(i, s, "hours", "0 to %d", maxHours)
	}
	if s.Area != "" && !fieldName.MatchString(s.Area) {
		return fault(i, s, "area", "%q is not the id of an area", s.Area)
	}
	if err := office.CheckLine(fmt.Sprintf("definition.steps[%d].area_name", i), s.AreaName, 0, 40); err != nil {
		return err
	}
	return d.checkLines(i, s)
}

func (d Definition) checkLines(i int, s Step) error {
	if len(s.Lines) == 0 {
		return fault(i, s, "lines", "it leads nowhere")
	}
	for j, l := range s.Lines {
		if _, ok := d.Step(l.To); !ok {
			return fault(i, s, "lines", "there is no step %q", l.To)
		}
		last := j == len(s.Lines)-1
		if s.Type == StepFork && !conditional(s) {
			continue
		}
		if last != (l.When == nil) {
			return fault(i, s, "lines", "all lines but the last have a condition, the last has none")
		}
		if l.When != nil {
			if err := l.When.check(d.Form, true); err != nil {
				return fault(i, s, "lines", "%v", err)
			}
		}
	}
	return nil
}

func (d Definition) checkHandler(h Handler) error {
	switch h.By {
	case ByStarter, BySuperior, ByChosen:
		if h.ID != "" {
			return fmt.Errorf("%s takes no id", h.By)
		}
		return nil
	case ByPerson, ByPost, ByRole:
		if !office.ValidID(h.ID) {
			return fmt.Errorf("%s: %q is not an id", h.By, h.ID)
		}
		return nil
	case ByCharge:
		if h.ID != "" && !fieldName.MatchString(h.ID) {
			return fmt.Errorf("%s: %q is not a field", h.By, h.ID)
		}
		return nil
	case ByHead:
		if h.ID != "" && !office.ValidID(h.ID) {
			return fmt.Errorf("%s: %q is not an id", h.By, h.ID)
		}
		return nil
	case ByField, ByFieldUnits:
		if !fieldName.MatchString(h.ID) {
			return fmt.Errorf("%s: %q is not a field", h.By, h.ID)
		}
		return nil
	case ByDone:
		if _, ok := d.Step(h.ID); !ok {
			return fmt.Errorf("%s: there is no step %q", h.By, h.ID)
		}
		return nil
	}
	return fmt.Errorf("%q is no way to name people", h.By)
}

// check refuses a condition that cannot be evaluated, or an expression where none
// may stand.
func (c Cond) check(form []FormField, exprs bool) error {
	if c.Expr != "" {
		if c.Field != "" || c.Op != "" || c.Value != "" || !exprs {
			return fmt.Errorf("an expression stands alone, and reads the fields of the form")
		}
		_, err := compile(c.Expr, form)
		return err
	}
	if !fieldName.MatchString(c.Field) {
		return fmt.Errorf("%q is not a field", c.Field)
	}
	switch c.Op {
	case OpSet, OpUnset:
		if c.Value != "" {
			return fmt.Errorf("%s takes no value", c.Op)
		}
	case OpIs, OpNot, OpHas:
	case OpIn:
		if c.Value == "" {
			return fmt.Errorf("%s needs values", c.Op)
		}
	default:
		return fmt.Errorf("%q is no comparison", c.Op)
	}
	return nil
}

// checkPaths refuses steps that cannot be reached, loops without an exit, and
// any way to a number that goes around 签发 or 复核 (L1, L11).
func (d Definition) checkPaths() error {
	reached := d.reach(d.First, "")
	for i, s := range d.Steps {
		if !reached[s.ID] {
			return fault(i, s, "id", "no line leads here")
		}
		if !slices.ContainsFunc(d.Steps, func(e Step) bool { return e.Type == StepEnd && d.reach(s.ID, "")[e.ID] }) {
			return fault(i, s, "lines", "no way from here to an end")
		}
	}
	for i, s := range d.Steps {
		if slices.Contains(s.Effects, EffectNumber) {
			for _, g := range []Gate{GateSign, GateReview} {
				if d.reach(d.First, g)[s.ID] || s.Gate == g {
					return fault(i, s, "effects", "a number is given only after %s", g)
				}
			}
		}
		if s.Gate == GateReview && d.reach(d.First, GateSign)[s.ID] {
			return fault(i, s, "gate", "复核 comes after 签发")
		}
		if s.Gate == GateSign {
			for _, l := range s.Lines {
				if slices.ContainsFunc(d.Steps, func(e Step) bool { return e.Type == StepEnd && d.reach(l.To, GateReview)[e.ID] }) {
					return fault(i, s, "lines", "after 签发 the end is reached only through 复核")
				}
			}
		}
	}
	return nil
}

// reach is every step that can be reached from one, without going through a
// step that has the gate without (""): any step may be gone through.
func (d Definition) reach(from string, without Gate) map[string]bool {
	out := map[string]bool{}
	var walk func(string)
	walk = func(id string) {
		if out[id] {
			return
		}
		out[id] = true
		s, _ := d.Step(id)
		if without != "" && s.Gate == without {
			return
		}
		for _, next := range s.ways() {
			walk(next)
		}
	}
	walk(from)
	return out
}

// String is the definition's id and its steps, for messages.
func (d Definition) String() string {
	ids := make([]string, len(d.Steps))
	for i, s := range d.Steps {
		ids[i] = s.ID
	}
	return DefinitionID(d.Key, d.Version) + " (" + strings.Join(ids, " ") + ")"
}
