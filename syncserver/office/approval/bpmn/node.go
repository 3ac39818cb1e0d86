package bpmn

import (
	"encoding/xml"
	"io"
	"strings"

	"qianshao/syncserver/office"
)

// Limits of a file.
const (
	MaxBytes = 512 << 10
	maxNodes = 20000
	maxDeep  = 20
)

// node is one element, with what has not been understood of it yet.
type node struct {
	space, name string
	attrs       map[string]string // by name, those of another namespace as "space name"
	kids        []*node
	text        string
	parent      *node
}

// refuse names what is wrong and where.
func refuse(n *node, format string, args ...any) error {
	e := office.Invalid("xml", format, args...)
	if n != nil {
		e.Field = "xml." + n.label()
	}
	return e
}

// label is an element's name and the nearest id: "userTask[qianfa]".
func (n *node) label() string {
	for m := n; m != nil; m = m.parent {
		if id := m.attrs["id"]; id != "" {
			if m == n {
				return n.name + "[" + id + "]"
			}
			return m.name + "[" + id + "]." + n.name
		}
	}
	return n.name
}

// parse reads a file as a tree. What XML has besides elements, attributes and
// text — document types, entities, instructions — is refused.
func parse(raw string) (*node, error) {
	if len(raw) > MaxBytes {
		return nil, office.Errorf(office.CodeTooLarge, "at most %d bytes", MaxBytes)
	}
	d := xml.NewDecoder(strings.NewReader(raw))
	var root, at *node
	nodes, deep := 0, 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, office.Invalid("xml", "%v", err)
		}
		switch t := tok.(type) {
		case xml.Directive:
			return nil, office.Invalid("xml", "a document type is not taken")
		case xml.ProcInst:
			if t.Target != "xml" {
				return nil, office.Invalid("xml", "instruction %q is not taken", t.Target)
			}
		case xml.StartElement:
			nodes++
			if deep++; nodes > maxNodes || deep > maxDeep {
				return nil, office.Invalid("xml", "more than %d elements, or deeper than %d", maxNodes, maxDeep)
			}
			n := &node{space: t.Name.Space, name: t.Name.Local, attrs: map[string]string{}, parent: at}
			for _, a := range t.Attr {
				switch {
				case a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns":
				case a.Name.Space == "":
					n.attrs[a.Name.Local] = a.Value
				default:
					n.attrs[a.Name.Space+" "+a.Name.Local] = a.Value
				}
			}
			if at == nil {
				if root != nil {
					return nil, office.Invalid("xml", "two roots")
				}
				root = n
			} else {
				at.kids = append(at.kids, n)
			}
			at = n
		case xml.EndElement:
			at = at.parent
			deep--
		case xml.CharData:
			if at != nil {
				at.text += string(t)
			} else if strings.TrimSpace(string(t)) != "" {
				return nil, office.Invalid("xml", "text outside of elements")
			}
		}
	}
	if root == nil {
		return nil, office.Invalid("xml", "nothing is there")
	}
	return root, nil
}

// take gives an attribute and marks it as understood.
func (n *node) take(name string) string {
	v := n.attrs[name]
	if name != "id" {
		delete(n.attrs, name)
	}
	return v
}

// tool takes an attribute that Camunda and Flowable both have.
func (n *node) tool(name string) string {
	v := n.take(Camunda + " " + name)
	if f := n.take(Flowable + " " + name); v == "" {
		v = f
	}
	return v
}

// ours takes an attribute of our own namespace.
func (n *node) ours(name string) string { return n.take(Namespace + " " + name) }

// done refuses what has not been understood of an element.
func (n *node) done() error {
	for a := range n.attrs {
		if a == "id" {
			continue
		}
		if _, local, foreign := strings.Cut(a, " "); foreign {
			return refuse(n, "attribute %q of %s is not understood", local, strings.Fields(a)[0])
		}
		return refuse(n, "attribute %q is not understood", a)
	}
	return nil
}

// leaf is done, for an element that has nothing inside.
func (n *node) leaf() error {
	if len(n.kids) > 0 {
		return refuse(n.kids[0], "%s is not understood inside %s", n.kids[0].name, n.name)
	}
	return n.done()
}
