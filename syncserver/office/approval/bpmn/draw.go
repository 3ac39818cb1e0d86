package bpmn

import (
	"strconv"
	"strings"

	"qianshao/syncserver/office/approval"
)

// shape is where an element is drawn.
type shape struct {
	id         string
	x, y, w, h int
}

func (s shape) bounds() (string, string, string, string) {
	return strconv.Itoa(s.x), strconv.Itoa(s.y), strconv.Itoa(s.w), strconv.Itoa(s.h)
}

// drawing lays the flow out: from left to right by how far a step is from the
// start, steps at the same distance below each other.
func (w *writer) drawing(d approval.Definition) {
	column := map[string]int{"start_": 0}
	for range w.edges { // distances settle after as many rounds as there are edges at most
		moved := false
		for _, e := range w.edges {
			c, ok := column[e.from]
			if _, has := column[e.to]; ok && !has {
				column[e.to] = c + 1
				moved = true
			}
		}
		if !moved {
			break
		}
	}
	rows := map[int]int{}
	at := map[string]shape{}
	place := func(id string, width, height int) {
		c := column[id]
		s := shape{id, 80 + c*160 + (100-width)/2, 80 + rows[c]*120 + (80-height)/2, width, height}
		rows[c]++
		at[id] = s
		w.shapes = append(w.shapes, s)
	}
	place("start_", 36, 36)
	for _, s := range d.Steps {
		switch s.Type {
		case approval.StepEnd:
			place(s.ID, 36, 36)
		case approval.StepChoice, approval.StepFork, approval.StepJoin:
			place(s.ID, 50, 50)
		default:
			place(s.ID, 100, 80)
			if len(s.Lines) > 1 {
				place(gatewayOf(s.ID), 50, 50)
			}
		}
	}
	w.open("bpmndi:BPMNDiagram", "id", "diagram_"+d.Key)
	w.open("bpmndi:BPMNPlane", "id", "plane_"+d.Key, "bpmnElement", d.Key)
	for _, s := range w.shapes {
		x, y, width, height := s.bounds()
		w.open("bpmndi:BPMNShape", "id", "shape_"+s.id, "bpmnElement", s.id)
		w.b.WriteString(strings.Repeat("  ", w.indent) + `<dc:Bounds x="` + x + `" y="` + y + `" width="` + width + `" height="` + height + "\"/>\n")
		w.close("bpmndi:BPMNShape")
	}
	for _, e := range w.edges {
		a, b := at[e.from], at[e.to]
		w.open("bpmndi:BPMNEdge", "id", "edge_"+e.id, "bpmnElement", e.id)
		for _, p := range [][2]int{{a.x + a.w, a.y + a.h/2}, {b.x, b.y + b.h/2}} {
			w.b.WriteString(strings.Repeat("  ", w.indent) + `<di:waypoint x="` + strconv.Itoa(p[0]) + `" y="` + strconv.Itoa(p[1]) + "\"/>\n")
		}
		w.close("bpmndi:BPMNEdge")
	}
	w.close("bpmndi:BPMNPlane")
	w.close("bpmndi:BPMNDiagram")
}
