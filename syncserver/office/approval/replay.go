package approval

import (
	"fmt"
	"slices"
	"strconv"
)

// Replayed is what a trace says of an instance.
type Replayed struct {
	State string
	Stays []string // where the paper is, see Visit.Key, sorted
}

// Replay makes an instance's state from its trace alone. It is how a reader who
// has only the trace knows that nothing was left out: what it gives must be what
// the instance says.
func Replay(events []Event) (Replayed, error) {
	r := Replayed{State: Running}
	for i, e := range events {
		if e.N != i+1 {
			return r, fmt.Errorf("entry %d has the number %d", i+1, e.N)
		}
		for _, g := range e.Gone {
			if k := slices.Index(r.Stays, g); k >= 0 {
				r.Stays = slices.Delete(r.Stays, k, k+1)
			}
		}
		switch e.What {
		case EventArrive, EventRescue, EventStuck, EventSub, EventMigrate:
			if key := e.Step + "#" + strconv.Itoa(e.Round); !slices.Contains(r.Stays, key) {
				r.Stays = append(r.Stays, key)
			}
		case EventEnd:
			r.State, r.Stays = Ended, nil
		case EventSuspend:
			r.State = Suspended
		case EventResume, EventReopen:
			r.State = Running
		}
	}
	slices.Sort(r.Stays)
	return r, nil
}

// StaysOf are where an instance says that the paper is.
func StaysOf(i Instance) []string {
	var out []string
	for _, v := range i.Tokens {
		out = append(out, v.Key())
	}
	slices.Sort(out)
	return out
}
