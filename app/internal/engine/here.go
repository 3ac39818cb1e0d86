package engine

import "context"

// Here is what this machine holds of the office: for the person who asks.
type Here struct {
	Kinds map[string]int // records by kind; kinds with none are left out
	Use   []Use          // room on the disk by part of the profile
}

// Use is how many bytes a part of the profile takes; see package vault.
type Use struct {
	Part  string
	Bytes int64
}

// Here counts it.
func (e *Engine) Here(ctx context.Context) (Here, error) {
	kinds, err := e.rep.Counts(ctx)
	if err != nil {
		return Here{}, err
	}
	sizes, err := e.prof.Sizes()
	if err != nil {
		return Here{}, err
	}
	h := Here{Kinds: kinds}
	for _, s := range sizes {
		h.Use = append(h.Use, Use(s))
	}
	return h, nil
}
