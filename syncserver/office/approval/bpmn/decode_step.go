package bpmn

import (
	"regexp"
	"strconv"
	"strings"

	"qianshao/syncserver/office/approval"
)

// flow reads what our namespace says of the whole flow.
func (r *reader) flow(ext *node) error {
	for _, k := range ext.kids {
		if k.space != Namespace {
			return refuse(k, "%s is not understood", k.name)
		}
		var err error
		switch k.name {
		case "flow":
			r.d.Dedupe = k.take("dedupe")
			r.d.Child, err = truth(k, "child")
		case "subject":
			r.d.Subjects = append(r.d.Subjects, k.take("kind"))
		case "material":
			r.d.Material = append(r.d.Material, k.take("field"))
		case "require":
			r.d.Requires = append(r.d.Requires, approval.Cond{Field: k.take("field"), Op: k.take("op"), Value: k.take("value")})
		case "suit":
			r.d.Suits = append(r.d.Suits, approval.Cond{Field: k.take("field"), Op: k.take("op"), Value: k.take("value")})
		case "field":
			r.d.Form = append(r.d.Form, approval.FormField{Name: k.take("name"), Type: k.take("type")})
		default:
			return refuse(k, "%s is not understood", k.name)
		}
		if err != nil {
			return err
		}
		if err := k.leaf(); err != nil {
			return err
		}
	}
	return nil
}

// types of other tools' form fields.
var types = map[string]string{
	"string": approval.FieldText, "enum": approval.FieldText, "long": approval.FieldNumber, "double": approval.FieldNumber,
	"integer": approval.FieldNumber, "boolean": approval.FieldBool,
}

// formOf reads the form of another tool's start event.
func (r *reader) formOf(ext *node) error {
	add := func(f *node) error {
		t, ok := types[f.take("type")]
		if !ok {
			return refuse(f, "its type is not understood")
		}
		for _, a := range []string{"label", "name", "required", "defaultValue"} {
			f.take(a)
		}
		r.d.Form = append(r.d.Form, approval.FormField{Name: f.attrs["id"], Type: t})
		return f.leaf()
	}
	for _, k := range ext.kids {
		switch {
		case k.space == Camunda && k.name == "formData":
			for _, f := range k.kids {
				if f.space != Camunda || f.name != "formField" {
					return refuse(f, "%s is not understood", f.name)
				}
				if err := add(f); err != nil {
					return err
				}
			}
		case k.space == Flowable && k.name == "formProperty":
			if err := add(k); err != nil {
				return err
			}
		default:
			return refuse(k, "%s is not understood", k.name)
		}
	}
	return nil
}

// step makes a step of an element.
func (r *reader) step(n *node) (approval.Step, error) {
	id := n.attrs["id"]
	s := approval.Step{ID: r.ids[id], Name: n.take("name")}
	if s.Name == "" {
		s.Name = map[string]string{"endEvent": "办结", "exclusiveGateway": "分支", "parallelGateway": "并行", "inclusiveGateway": "并行"}[n.name]
	}
	n.take("gatewayDirection")
	var err error
	if s.Lines, s.Fail, err = r.ways(n); err != nil {
		return s, err
	}
	many := ""
	for _, k := range n.kids {
		switch {
		case k.space == Model && (k.name == "incoming" || k.name == "outgoing" || k.name == "documentation"):
		case k.space == Model && k.name == "extensionElements":
			if err := r.details(&s, k); err != nil {
				return s, err
			}
		case k.space == Model && k.name == "multiInstanceLoopCharacteristics" && n.name == "userTask":
			if many, err = instances(&s, k); err != nil {
				return s, err
			}
		default:
			return s, refuse(k, "%s is not understood inside %s", k.name, n.name)
		}
	}
	switch n.name {
	case "endEvent":
		s.Type = approval.StepEnd
	case "exclusiveGateway":
		s.Type = approval.StepChoice
	case "parallelGateway", "inclusiveGateway":
		s.Type = approval.StepFork
		if len(s.Lines) < 2 {
			s.Type = approval.StepJoin
		}
	case "callActivity":
		s.Type = approval.StepSub
		if s.Sub == nil {
			s.Sub = &approval.Sub{}
		}
		s.Sub.Flow = n.take("calledElement")
	case "userTask":
		if err := r.handlers(&s, n, many); err != nil {
			return s, err
		}
	}
	return s, n.done()
}

// details reads what our namespace says of a step.
func (r *reader) details(s *approval.Step, ext *node) error {
	for _, k := range ext.kids {
		if k.space != Namespace {
			return refuse(k, "%s of %s is not understood", k.name, k.space)
		}
		if err := detail(s, k); err != nil {
			return err
		}
	}
	return nil
}

func detail(s *approval.Step, k *node) (err error) {
	switch k.name {
	case "step":
		return settings(s, k)
	case "handler", "editor", "cc":
		h, err := people(k)
		list := map[string]*[]approval.Handler{"handler": &s.Handlers, "editor": &s.Editors, "cc": &s.CC}[k.name]
		*list = append(*list, h)
		return err
	case "act", "effect", "ban", "reason":
		list := map[string]*[]string{"act": &s.Acts, "effect": &s.Effects, "ban": &s.Ban, "reason": &s.Reasons}[k.name]
		*list = append(*list, k.take("value"))
	case "remind":
		h, err := whole(k, "hours")
		if err != nil {
			return err
		}
		s.Remind = append(s.Remind, h)
	case "pass":
		p := &approval.Pass{}
		s.Pass = p
		for _, f := range []func() error{
			func() error { p.Percent, err = whole(k, "percent"); return err }, func() error { p.Weight, err = whole(k, "weight"); return err },
			func() error { p.Over, err = truth(k, "over"); return err }, func() error { p.AbstainOut, err = truth(k, "abstainOut"); return err },
		} {
			if err := f(); err != nil {
				return err
			}
		}
	case "limit":
		s.Limit = &approval.Limit{Unit: k.take("unit")}
		for name, to := range map[string]*int{"n": &s.Limit.N, "fast": &s.Limit.Fast, "urgent": &s.Limit.Urgent} {
			if *to, err = whole(k, name); err != nil {
				return err
			}
		}
	case "timeout":
		t := &approval.Timeout{Do: k.take("do")}
		if t.After, err = whole(k, "after"); err != nil {
			return err
		}
		for _, x := range k.kids {
			if x.space != Namespace || x.name != "to" {
				return refuse(x, "%s is not understood", x.name)
			}
			h, err := people(x)
			if err != nil {
				return err
			}
			t.To = append(t.To, h)
		}
		s.Timeout = t
		return k.done()
	case "join":
		s.Join = &approval.Join{}
		if s.Join.Need, err = whole(k, "need"); err != nil {
			return err
		}
		if s.Join.Ended, err = truth(k, "ended"); err != nil {
			return err
		}
	case "sub":
		s.Sub = &approval.Sub{Units: k.take("units"), Refused: k.take("refused")}
		if s.Sub.Async, err = truth(k, "async"); err != nil {
			return err
		}
	default:
		return refuse(k, "%s is not understood", k.name)
	}
	return k.leaf()
}

func settings(s *approval.Step, k *node) (err error) {
	s.Type, s.Policy, s.Gate = k.take("type"), approval.Policy(k.take("policy")), approval.Gate(k.take("gate"))
	s.Area, s.AreaName, s.Order, s.Resubmit = k.take("area"), k.take("areaName"), k.take("order"), k.take("resubmit")
	s.TakeBack, s.Empty, s.Self = k.take("takeBack"), k.take("empty"), k.take("self")
	for name, to := range map[string]*bool{"edit": &s.Edit, "sealed": &s.Sealed, "free": &s.Free, "switch": &s.Switch, "keep": &s.Keep} {
		if *to, err = truth(k, name); err != nil {
			return err
		}
	}
	for name, to := range map[string]*int{"hours": &s.Hours, "claim": &s.Claim} {
		if *to, err = whole(k, name); err != nil {
			return err
		}
	}
	return k.leaf()
}

// instances reads several instances of a task of another tool: how many must act.
func instances(s *approval.Step, k *node) (string, error) {
	if k.ours("drawn") == "true" { // ours: the step's policy says it already
		k.take("isSequential")
		return "", k.leaf()
	}
	policy := approval.All
	if k.take("isSequential") == "true" {
		policy = approval.Serial
	}
	k.tool("elementVariable")
	many := variable(k.tool("collection"))
	for _, x := range k.kids {
		if x.space != Model {
			return "", refuse(x, "%s is not understood", x.name)
		}
		switch x.name {
		case "completionCondition":
			p, pass, ok := completion(expression(x.text))
			if !ok {
				return "", refuse(x, "completion %q is not understood", strings.TrimSpace(x.text))
			}
			policy, s.Pass = p, pass
			x.take(XSI + " type")
		case "loopDataInputRef":
			many = variable(strings.TrimSpace(x.text))
		case "inputDataItem":
			x.take("name")
		default:
			return "", refuse(x, "%s is not understood", x.name)
		}
		if err := x.leaf(); err != nil {
			return "", err
		}
	}
	s.Policy = policy
	return many, k.done()
}

var ratio = regexp.MustCompile(`^nrOfCompletedInstances\s*/\s*nrOfInstances\s*(>=|>|==)\s*([0-9.]+)$`)

// completion understands the usual conditions of other tools.
func completion(c string) (approval.Policy, *approval.Pass, bool) {
	switch strings.ReplaceAll(c, " ", "") {
	case "nrOfCompletedInstances==nrOfInstances", "nrOfActiveInstances==0":
		return approval.All, nil, true
	case "nrOfCompletedInstances==1", "nrOfCompletedInstances>=1", "nrOfCompletedInstances>0":
		return approval.Any, nil, true
	}
	m := ratio.FindStringSubmatch(c)
	if m == nil {
		return "", nil, false
	}
	f, err := strconv.ParseFloat(m[2], 64)
	if err != nil || f <= 0 || f > 1 {
		return "", nil, false
	}
	if f == 1 && m[1] != ">" {
		return approval.All, nil, true
	}
	return approval.Ratio, &approval.Pass{Percent: int(f*100 + 0.5), Over: m[1] == ">"}, m[1] != "=="
}

// variable is the name inside ${…}.
func variable(s string) string { return expression(s) }

// handlers reads who does a task of another tool.
func (r *reader) handlers(s *approval.Step, n *node, many string) error {
	add := func(h approval.Handler) { s.Handlers = append(s.Handlers, h) }
	if a := n.tool("assignee"); a != "" {
		v := variable(a)
		switch {
		case v == a:
			add(approval.Handler{By: approval.ByPerson, ID: a})
		case v == "initiator" || v == "starter":
			add(approval.Handler{By: approval.ByStarter})
		case many != "": // one of the list, see collection
			add(approval.Handler{By: approval.ByField, ID: strings.ToLower(many)})
		default:
			add(approval.Handler{By: approval.ByField, ID: strings.ToLower(v)})
		}
	} else if many != "" {
		add(approval.Handler{By: approval.ByField, ID: strings.ToLower(many)})
	}
	for attr, by := range map[string]string{"candidateUsers": approval.ByPerson, "candidateGroups": approval.ByPost} {
		list := n.tool(attr)
		for _, x := range strings.Split(list, ",") {
			if x = strings.TrimSpace(x); x != "" {
				if v := variable(x); v != x {
					return refuse(n, "%s %q is not understood", attr, x)
				}
				add(approval.Handler{By: by, ID: x})
			}
		}
		if list != "" && s.Policy == "" {
			s.Policy = approval.Any
		}
	}
	n.tool("formKey")
	return nil
}
