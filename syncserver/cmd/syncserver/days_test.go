package main

import (
	"testing"
	"time"
)

func TestDays(t *testing.T) {
	for in, want := range map[string]time.Duration{"7d": 168 * time.Hour, "36h": 36 * time.Hour, "0": 0, "0d": 0, " 30d": 720 * time.Hour} {
		var d days
		if err := d.Set(in); err != nil || time.Duration(d) != want {
			t.Errorf("%q: %v %v", in, time.Duration(d), err)
		}
		var back days
		if err := back.Set(d.String()); err != nil || back != d {
			t.Errorf("%q tells itself as %q", in, d.String())
		}
	}
	for _, in := range []string{"", "7", "-1d", "1.5d", "7m", "d", "99999999999999999d", "4000d", "9223372036854775807h"} {
		var d days
		if err := d.Set(in); err == nil {
			t.Errorf("%q is taken as %v", in, time.Duration(d))
		}
	}
}
