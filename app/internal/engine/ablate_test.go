package engine_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"qianshao/app/internal/engine"
)

// ablations are the defences and, for each, a seed whose run fails without it.
var ablations = []struct {
	a     engine.Ablation
	seed  uint64
	steps int
}{
	{engine.NoBase, 1, 80},
	{engine.NoSweep, 5, 80},
	{engine.ApplyPartial, 17, 80},
	{engine.NoReplay, 1, 80},
	{engine.NoOverlayOrd, 1, 80},
	{engine.NoClosure, 14, 80},
	{engine.NoMid, 1, 80},
	{engine.EarlyForget, 2, 80},
}

// With a defence removed a recorded run fails; with all of them it passes.
func TestEveryDefenceIsNeeded(t *testing.T) {
	for _, c := range ablations {
		t.Run(string(c.a), func(t *testing.T) {
			for seed := c.seed; seed < c.seed+*search; seed++ {
				r := func() *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
				if breaks(t, func(f tb) { play(seedDraw{f, r()}, c.steps, c.a) }) {
					if *search > 1 {
						fmt.Println(c.a, seed)
					}
					play(seedDraw{t, r()}, c.steps)
					return
				}
			}
			t.Errorf("without %s the run of seed %d passes", c.a, c.seed)
		})
	}
}
