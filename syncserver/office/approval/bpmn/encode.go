package bpmn

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"qianshao/syncserver/office/approval"
)

// Export is a definition as XML: as it was drawn, or written anew with a plain
// drawing.
func Export(d approval.Definition) string {
	if d.Source != "" {
		return d.Source
	}
	return Encode(d)
}

// writer writes elements with their attributes in order.
type writer struct {
	b      strings.Builder
	indent int
	shapes []shape
	edges  []edge
}

type edge struct{ id, from, to string }

// open writes an element's start; attributes come in pairs, empty ones are left out.
func (w *writer) open(name string, attrs ...string) {
	w.line(name, false, attrs)
	w.indent++
}

func (w *writer) empty(name string, attrs ...string) { w.line(name, true, attrs) }

func (w *writer) line(name string, closed bool, attrs []string) {
	w.b.WriteString(strings.Repeat("  ", w.indent) + "<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			w.b.WriteString(" " + attrs[i] + `="` + escape(attrs[i+1]) + `"`)
		}
	}
	if closed {
		w.b.WriteString("/")
	}
	w.b.WriteString(">\n")
}

func (w *writer) close(name string) {
	w.indent--
	w.b.WriteString(strings.Repeat("  ", w.indent) + "</" + name + ">\n")
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) //nolint:errcheck // a Builder does not fail
	return b.String()
}

func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func num(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Encode writes a definition as BPMN 2.0 XML.
func Encode(d approval.Definition) string {
	w := &writer{}
	w.b.WriteString(xml.Header)
	w.open("bpmn:definitions", "xmlns:bpmn", Model, "xmlns:bpmndi", Diagram, "xmlns:dc", DC, "xmlns:di", DI, "xmlns:xsi", XSI, "xmlns:qs", Namespace,
		"id", "definitions_"+d.Key, "targetNamespace", "urn:qianshao:flow:"+d.Key, "expressionLanguage", Language)
	w.open("bpmn:process", "id", d.Key, "name", d.Name, "isExecutable", "true")
	w.flow(d)
	w.empty("bpmn:startEvent", "id", "start_")
	w.link(edge{"flow_start_", "start_", d.First}, nil, false)
	for _, s := range d.Steps {
		w.step(d, s)
	}
	w.close("bpmn:process")
	w.drawing(d)
	w.close("bpmn:definitions")
	return w.b.String()
}

// Language of conditions.
const Language = "https://expr-lang.org"

func (w *writer) flow(d approval.Definition) {
	w.open("bpmn:extensionElements")
	w.empty("qs:flow", "child", flag(d.Child), "dedupe", d.Dedupe)
	for _, k := range d.Subjects {
		w.empty("qs:subject", "kind", k)
	}
	for _, f := range d.Material {
		w.empty("qs:material", "field", f)
	}
	for _, r := range d.Requires {
		w.empty("qs:require", "field", r.Field, "op", r.Op, "value", r.Value)
	}
	for _, r := range d.Suits {
		w.empty("qs:suit", "field", r.Field, "op", r.Op, "value", r.Value)
	}
	for _, f := range d.Form {
		w.empty("qs:field", "name", f.Name, "type", f.Type)
	}
	w.close("bpmn:extensionElements")
}

func (w *writer) step(d approval.Definition, s approval.Step) {
	switch s.Type {
	case approval.StepEnd:
		w.empty("bpmn:endEvent", "id", s.ID, "name", s.Name)
		return
	case approval.StepChoice:
		w.gateway("bpmn:exclusiveGateway", s, "")
	case approval.StepFork:
		name := "bpmn:parallelGateway"
		if s.Lines[len(s.Lines)-1].When == nil && hasCondition(s) {
			name = "bpmn:inclusiveGateway"
		}
		w.gateway(name, s, "")
	case approval.StepJoin:
		w.open("bpmn:parallelGateway", "id", s.ID, "name", s.Name, "gatewayDirection", "Converging")
		if s.Join != nil {
			w.open("bpmn:extensionElements")
			w.empty("qs:join", "need", num(s.Join.Need), "ended", flag(s.Join.Ended))
			w.close("bpmn:extensionElements")
		}
		w.close("bpmn:parallelGateway")
	case approval.StepSub:
		w.open("bpmn:callActivity", "id", s.ID, "name", s.Name, "calledElement", s.Sub.Flow)
		w.open("bpmn:extensionElements")
		w.empty("qs:sub", "units", s.Sub.Units, "async", flag(s.Sub.Async), "refused", s.Sub.Refused)
		w.details(s)
		w.close("bpmn:extensionElements")
		w.close("bpmn:callActivity")
	default:
		w.task(d, s)
	}
	w.lines(s)
}

func hasCondition(s approval.Step) bool {
	for _, l := range s.Lines {
		if l.When != nil {
			return true
		}
	}
	return false
}

// gateway writes a branching; of says whose lines it holds, if it is no step itself.
func (w *writer) gateway(name string, s approval.Step, of string) {
	id, title := s.ID, s.Name
	if of != "" {
		id, title = gatewayOf(s.ID), ""
	}
	def := ""
	if hasCondition(s) {
		def = flowID(s, len(s.Lines)-1)
	}
	w.empty(name, "id", id, "name", title, "gatewayDirection", "Diverging", "default", def, "qs:of", of)
}

func gatewayOf(step string) string { return "gateway_" + step }

func flowID(s approval.Step, line int) string { return fmt.Sprintf("flow_%s_%d", s.ID, line) }

func (w *writer) task(d approval.Definition, s approval.Step) {
	w.open("bpmn:userTask", "id", s.ID, "name", s.Name, "qs:first", flag(s.ID == d.First))
	w.open("bpmn:extensionElements")
	w.details(s)
	w.close("bpmn:extensionElements")
	switch s.Policy {
	case approval.All, approval.Collect, approval.Ratio, approval.Vote:
		w.empty("bpmn:multiInstanceLoopCharacteristics", "isSequential", "false", "qs:drawn", "true")
	case approval.Serial:
		w.empty("bpmn:multiInstanceLoopCharacteristics", "isSequential", "true", "qs:drawn", "true")
	}
	w.close("bpmn:userTask")
}

// details are what BPMN has no word for.
func (w *writer) details(s approval.Step) {
	w.empty("qs:step", "policy", string(s.Policy), "gate", string(s.Gate), "area", s.Area, "areaName", s.AreaName, "edit", flag(s.Edit),
		"hours", num(s.Hours), "sealed", flag(s.Sealed), "order", s.Order, "resubmit", s.Resubmit, "takeBack", s.TakeBack,
		"claim", num(s.Claim), "free", flag(s.Free), "switch", flag(s.Switch), "keep", flag(s.Keep), "empty", s.Empty, "self", s.Self,
		"type", typed(s))
	people := func(name string, hs []approval.Handler) {
		for _, h := range hs {
			w.empty(name, "by", h.By, "id", h.ID, "weight", num(h.Weight))
		}
	}
	people("qs:handler", s.Handlers)
	people("qs:editor", s.Editors)
	people("qs:cc", s.CC)
	for _, x := range s.Acts {
		w.empty("qs:act", "value", x)
	}
	for _, x := range s.Effects {
		w.empty("qs:effect", "value", x)
	}
	for _, x := range s.Ban {
		w.empty("qs:ban", "value", x)
	}
	for _, x := range s.Reasons {
		w.empty("qs:reason", "value", x)
	}
	for _, h := range s.Remind {
		w.empty("qs:remind", "hours", strconv.Itoa(h))
	}
	if p := s.Pass; p != nil {
		w.empty("qs:pass", "percent", num(p.Percent), "weight", num(p.Weight), "over", flag(p.Over), "abstainOut", flag(p.AbstainOut))
	}
	if l := s.Limit; l != nil {
		w.empty("qs:limit", "n", num(l.N), "unit", l.Unit, "fast", num(l.Fast), "urgent", num(l.Urgent))
	}
	if t := s.Timeout; t != nil {
		w.open("qs:timeout", "do", t.Do, "after", num(t.After))
		people("qs:to", t.To)
		w.close("qs:timeout")
	}
}

// typed keeps a type that is written out where it need not be.
func typed(s approval.Step) string {
	if s.Type == approval.StepTask {
		return s.Type
	}
	return ""
}

// lines are the ways on: of a step with tasks and several lines through a
// gateway of its own.
func (w *writer) lines(s approval.Step) {
	from := s.ID
	if len(s.Lines) > 1 && (s.Type == "" || s.Type == approval.StepTask || s.Type == approval.StepSub) {
		w.gateway("bpmn:exclusiveGateway", s, s.ID)
		w.link(edge{"flow_" + s.ID, s.ID, gatewayOf(s.ID)}, nil, false)
		from = gatewayOf(s.ID)
	}
	for i, l := range s.Lines {
		w.link(edge{flowID(s, i), from, l.To}, l.When, false)
	}
	if s.Fail != "" {
		w.link(edge{"fail_" + s.ID, s.ID, s.Fail}, nil, true)
	}
}

func (w *writer) link(e edge, when *approval.Cond, fail bool) {
	w.edges = append(w.edges, e)
	attrs := []string{"id", e.id, "sourceRef", e.from, "targetRef", e.to, "qs:fail", flag(fail)}
	if when == nil {
		w.empty("bpmn:sequenceFlow", attrs...)
		return
	}
	w.open("bpmn:sequenceFlow", attrs...)
	if when.Expr == "" {
		w.open("bpmn:extensionElements")
		w.empty("qs:cond", "field", when.Field, "op", when.Op, "value", when.Value)
		w.close("bpmn:extensionElements")
	}
	w.b.WriteString(strings.Repeat("  ", w.indent) + `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">` + escape(Text(*when)) + "</bpmn:conditionExpression>\n")
	w.close("bpmn:sequenceFlow")
}

// Text is a condition as an expression, for people and for tools that know no
// comparison of ours.
func Text(c approval.Cond) string {
	if c.Expr != "" {
		return c.Expr
	}
	v := strconv.Quote(c.Value)
	switch c.Op {
	case approval.OpSet:
		return c.Field + " != nil"
	case approval.OpUnset:
		return c.Field + " == nil"
	case approval.OpNot:
		return c.Field + " != " + v
	case approval.OpHas:
		return v + " in " + c.Field
	}
	return c.Field + " == " + v
}
