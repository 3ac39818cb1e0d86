package bridge

import (
	"context"
	"errors"
	"slices"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
)

// quiet are the commands that the window gives by itself, such as that a task was
// opened. They travel like all others, and nobody is told that they wait: the
// person has done nothing that could be lost.
var quiet = []string{"approval.opened@1"}

func isQuiet(x engine.Item) bool { return slices.Contains(quiet, x.Command) }

// given are the commands that the person gave.
func (a *at) given(ctx context.Context, f engine.Filter) ([]engine.Item, error) {
	items, err := a.desk.Outbox(ctx, f)
	return slices.DeleteFunc(items, isQuiet), err
}

// status is the sync line, which counts only what the person gave.
func (a *at) status(ctx context.Context) (Status, error) {
	st := a.desk.Status()
	if st.Waiting+st.NeedsYou > 0 && !st.Locked { // a locked desk tells how many, not which
		items, err := a.desk.Outbox(ctx, engine.Filter{})
		if errors.Is(err, &office.Error{Code: engine.CodeTerm}) { // it has just locked
			return statusOf(a.desk.Status()), nil
		}
		if err != nil {
			return Status{}, err
		}
		for _, x := range items {
			switch {
			case !isQuiet(x):
			case x.NeedsYou:
				st.NeedsYou--
			case x.Outcome == "":
				st.Waiting--
			}
		}
	}
	return statusOf(st), nil
}
