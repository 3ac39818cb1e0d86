package demo

import (
	"reflect"
	"testing"

	"qianshao/syncserver/office/approval/bpmn"
)

// TestFlowsAsBPMN: the demonstration's own flows come back from their files as
// they were, as those that every office begins with do.
func TestFlowsAsBPMN(t *testing.T) {
	for _, d := range flows() {
		raw := bpmn.Encode(d)
		got, err := bpmn.Decode(raw)
		if err != nil || !reflect.DeepEqual(got, d) || bpmn.Encode(got) != raw {
			t.Errorf("%s: %v\n%+v\nwas\n%+v", d.Key, err, got, d)
		}
	}
}
