package bpmn

import (
	"regexp"

	"strconv"
	"strings"

	"qianshao/syncserver/office/approval"
)

// reader is a file as it is being understood.
type reader struct {
	d        approval.Definition
	nodes    map[string]*node // elements of the flow by id
	order    []*node
	out      map[string][]*link
	in       map[string][]*link
	ids      map[string]string // ids of the file: ours
	foreign  bool              // not written by us: no qs:first
	first    string
	defaults map[*node]string
	held     map[*node]string // gateways that hold a step's lines: the step
}

// link is a sequence flow.
type link struct {
	n        *node
	from, to string
	when     *approval.Cond
	fail     bool
}

// harmless are attributes that say who wrote a file and how it is shown, and
// nothing of the flow.
var harmless = []string{
	"exporter", "exporterVersion", "targetNamespace", "typeLanguage", "expressionLanguage", XSI + " schemaLocation",
	Modeler + " executionPlatform", Modeler + " executionPlatformVersion",
}

// Decode reads a definition. A refusal is CodeInvalid and names the element.
func Decode(raw string) (approval.Definition, error) {
	root, err := parse(raw)
	if err != nil {
		return approval.Definition{}, err
	}
	r := &reader{nodes: map[string]*node{}, out: map[string][]*link{}, in: map[string][]*link{}, ids: map[string]string{}, held: map[*node]string{}, defaults: map[*node]string{}}
	if err := r.definitions(root); err != nil {
		return approval.Definition{}, err
	}
	if err := r.d.Validate(); err != nil {
		return approval.Definition{}, err
	}
	return r.d, nil
}

func (r *reader) definitions(root *node) error {
	if root.space != Model || root.name != "definitions" {
		return refuse(root, "%s is no BPMN 2.0", root.name)
	}
	for _, a := range harmless {
		root.take(a)
	}
	root.take("name")
	if err := root.done(); err != nil {
		return err
	}
	var process *node
	for _, k := range root.kids {
		switch {
		case k.space == Model && k.name == "process":
			if process != nil {
				return refuse(k, "a second process is not understood")
			}
			process = k
		case k.space == Diagram && k.name == "BPMNDiagram":
		default:
			return refuse(k, "%s is not understood", k.name)
		}
	}
	if process == nil {
		return refuse(root, "there is no process")
	}
	return r.process(process)
}

func (r *reader) process(p *node) error {
	r.d.Key, r.d.Name = strings.ToLower(strings.NewReplacer("-", "_", ".", "_").Replace(p.attrs["id"])), p.take("name")
	p.take("isExecutable")
	p.tool("historyTimeToLive")
	if t := p.take("processType"); t != "" && t != "None" && t != "Private" {
		return refuse(p, "process type %q is not understood", t)
	}
	if err := p.done(); err != nil {
		return err
	}
	for _, k := range p.kids {
		if k.space != Model {
			return refuse(k, "%s is not understood", k.name)
		}
		switch k.name {
		case "extensionElements":
			if err := r.flow(k); err != nil {
				return err
			}
		case "documentation":
		case "sequenceFlow":
			if err := r.sequence(k); err != nil {
				return err
			}
		case "startEvent", "endEvent", "userTask", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "callActivity":
			if err := r.element(k); err != nil {
				return err
			}
		default:
			return refuse(k, "%s is not understood", k.name)
		}
	}
	return r.build(p)
}

var notID = regexp.MustCompile(`[^a-z0-9_-]`)

// element notes an element and gives it an id of ours.
func (r *reader) element(n *node) error {
	id := n.attrs["id"]
	if id == "" || r.nodes[id] != nil {
		return refuse(n, "%s has no id, or one that is there twice", n.name)
	}
	ours := notID.ReplaceAllString(strings.ToLower(id), "_")
	if ours == "" || ours[0] < 'a' || ours[0] > 'z' {
		ours = "e" + ours
	}
	for _, other := range r.ids {
		if other == ours {
			return refuse(n, "id %q is another's but for its letters", id)
		}
	}
	r.nodes[id], r.ids[id] = n, ours
	r.defaults[n] = n.take("default")
	r.order = append(r.order, n)
	return nil
}

func (r *reader) sequence(n *node) error {
	l := &link{n: n, from: n.take("sourceRef"), to: n.take("targetRef"), fail: n.ours("fail") == "true"}
	n.take("name")
	for _, k := range n.kids {
		switch {
		case k.space == Model && k.name == "extensionElements":
			for _, x := range k.kids {
				if x.space != Namespace || x.name != "cond" {
					return refuse(x, "%s is not understood", x.name)
				}
				l.when = &approval.Cond{Field: x.take("field"), Op: x.take("op"), Value: x.take("value")}
				if err := x.leaf(); err != nil {
					return err
				}
			}
		case k.space == Model && k.name == "conditionExpression":
			k.take(XSI + " type")
			if lang := k.take("language"); lang != "" && lang != Language && !strings.Contains(lang, "java.sun.com/products/jsp") && !strings.EqualFold(lang, "juel") {
				return refuse(k, "conditions in %q are not understood", lang)
			}
			if l.when == nil {
				l.when = &approval.Cond{Expr: expression(k.text)}
			}
			if err := k.leaf(); err != nil {
				return err
			}
		case k.space == Model && k.name == "documentation":
		default:
			return refuse(k, "%s is not understood", k.name)
		}
	}
	if err := n.done(); err != nil {
		return err
	}
	r.out[l.from] = append(r.out[l.from], l)
	r.in[l.to] = append(r.in[l.to], l)
	return nil
}

// expression takes the bark off a condition of other tools: ${…}.
func expression(s string) string {
	s = strings.TrimSpace(s)
	if (strings.HasPrefix(s, "${") || strings.HasPrefix(s, "#{")) && strings.HasSuffix(s, "}") {
		s = strings.TrimSpace(s[2 : len(s)-1])
	}
	return s
}

// build makes the steps, in the order of the file.
func (r *reader) build(p *node) error {
	for from, ls := range r.out {
		for _, l := range ls {
			if r.nodes[from] == nil || r.nodes[l.to] == nil {
				return refuse(l.n, "it leads from %q to %q, and one of them is not there", l.from, l.to)
			}
		}
	}
	var start *node
	for _, n := range r.order {
		if n.name == "startEvent" {
			if start != nil {
				return refuse(n, "a second start is not understood")
			}
			start = n
		}
		if n.name == "userTask" && n.ours("first") == "true" {
			r.first = n.attrs["id"]
		}
	}
	if start == nil {
		return refuse(p, "there is no start")
	}
	r.foreign = r.first == ""
	if err := r.start(start); err != nil {
		return err
	}
	for _, n := range r.order {
		if of := n.ours("of"); of != "" {
			if r.nodes[of] == nil || len(r.in[n.attrs["id"]]) != 1 || r.in[n.attrs["id"]][0].from != of {
				return refuse(n, "it is not behind %q alone", of)
			}
			r.held[n] = of
		}
	}
	for _, n := range r.order {
		if n == start {
			continue
		}
		if r.held[n] != "" {
			n.take("gatewayDirection")
			n.take("name")
			if err := n.leaf(); err != nil {
				return err
			}
			continue
		}
		if r.inline(n) != "" {
			continue // its lines are its step's
		}
		s, err := r.step(n)
		if err != nil {
			return err
		}
		r.d.Steps = append(r.d.Steps, s)
	}
	return nil
}

// start makes the starter's step of a file that has none.
func (r *reader) start(n *node) error {
	outs := r.out[n.attrs["id"]]
	if len(outs) != 1 || outs[0].when != nil || len(r.in[n.attrs["id"]]) > 0 {
		return refuse(n, "a start leads on by one plain line")
	}
	name := n.take("name")
	n.tool("initiator")
	n.tool("formKey")
	for _, k := range n.kids {
		if k.space == Model && (k.name == "incoming" || k.name == "outgoing" || k.name == "documentation") {
			continue
		}
		if k.space != Model || k.name != "extensionElements" {
			return refuse(k, "%s is not understood in a start", k.name)
		}
		if err := r.formOf(k); err != nil {
			return err
		}
	}
	if err := n.done(); err != nil {
		return err
	}
	if !r.foreign {
		if outs[0].to != r.first {
			return refuse(n, "it does not lead to the starter's own step")
		}
		r.d.First = r.ids[r.first]
		return nil
	}
	if name == "" {
		name = "提交"
	}
	if len(r.d.Subjects) == 0 {
		r.d.Subjects = []string{"doc.header"}
	}
	r.d.First = r.ids[n.attrs["id"]]
	r.d.Steps = append(r.d.Steps, approval.Step{
		ID: r.d.First, Name: name, Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true,
		Lines: []approval.Line{{To: r.land(outs[0].to)}},
	})
	return nil
}

// land is the id of ours that a line to an element of the file leads to.
func (r *reader) land(id string) string { return r.ids[id] }

// inline says of a gateway whose lines it holds: the step before it, if we wrote
// it so, or if in a file of others it stands behind one task and nothing else.
func (r *reader) inline(n *node) string {
	if n.name != "exclusiveGateway" {
		return ""
	}
	id := n.attrs["id"]
	if !r.foreign || len(r.in[id]) != 1 || len(r.out[id]) < 2 {
		return ""
	}
	before := r.in[id][0]
	from := r.nodes[before.from]
	if before.when != nil || from.name != "userTask" && from.name != "callActivity" || len(r.out[before.from]) != 1 {
		return ""
	}
	return before.from
}

// ways are the lines that lead on from an element, its gateway's if it has one.
func (r *reader) ways(n *node) ([]approval.Line, string, error) {
	id := n.attrs["id"]
	outs, fail, at := []*link(nil), "", n
	for _, l := range r.out[id] {
		if l.fail {
			fail = r.land(l.to)
		} else {
			outs = append(outs, l)
		}
	}
	if len(outs) == 1 {
		if g := r.nodes[outs[0].to]; g.name == "exclusiveGateway" && (r.inline(g) == id || r.held[g] == id) {
			at, outs = g, r.out[g.attrs["id"]]
		}
	}
	def := r.defaults[at]
	var lines []approval.Line
	var last *approval.Line
	for _, l := range outs {
		line := approval.Line{To: r.land(l.to), When: l.when}
		if def != "" && l.n.attrs["id"] == def {
			if l.when != nil {
				return nil, "", refuse(l.n, "the default line has a condition")
			}
			last = &line
			continue
		}
		lines = append(lines, line)
	}
	if last != nil {
		lines = append(lines, *last)
	}
	return lines, fail, nil
}

// people reads names of people: qs elements with by, id and weight.
func people(n *node) (approval.Handler, error) {
	h := approval.Handler{By: n.take("by"), ID: n.attrs["id"]}
	delete(n.attrs, "id")
	var err error
	if h.Weight, err = whole(n, "weight"); err != nil {
		return h, err
	}
	return h, n.leaf()
}

func whole(n *node, name string) (int, error) {
	v := n.take(name)
	if v == "" {
		return 0, nil
	}
	i, err := strconv.Atoi(v)
	if err != nil {
		return 0, refuse(n, "%s %q is no number", name, v)
	}
	return i, nil
}

func truth(n *node, name string) (bool, error) {
	switch v := n.take(name); v {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	default:
		return false, refuse(n, "%s %q is neither true nor false", name, v)
	}
}
