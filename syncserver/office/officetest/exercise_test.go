package officetest

import (
	"testing"

	"qianshao/syncserver/office"
)

func TestMem(t *testing.T) {
	for name, desk := range map[string]bool{"all": false, "desk": true} {
		t.Run(name, func(t *testing.T) {
			Exercise(t, func(t *testing.T, ks *office.Kinds) Exercised {
				m := NewMem(ks)
				m.Desk = desk
				return Exercised{Begin: m.Update, Desk: desk}
			})
		})
	}
}
