package settings

import (
	"fmt"
	"time"
)

// Policy is what the office decides for its desks. A profile that says nothing
// has DefaultPolicy.
type Policy struct {
	// Insecure allows http to servers beyond this machine. For trials only.
	Insecure bool `json:"insecure,omitempty"`
	// PollSeconds is how often a desk asks the server by itself when no poke
	// came (sync.md §2: 60 s). 5 to 3600.
	PollSeconds int `json:"poll_seconds"`
}

// DefaultPolicy is the policy of a new profile.
func DefaultPolicy() Policy { return Policy{PollSeconds: 60} }

// Poll is PollSeconds as a duration.
func (p Policy) Poll() time.Duration { return time.Duration(p.PollSeconds) * time.Second }

func (p Policy) check() error {
	if p.PollSeconds < 5 || p.PollSeconds > 3600 {
		return fmt.Errorf("the policy's poll_seconds must be 5 to 3600, not %d", p.PollSeconds)
	}
	return nil
}
