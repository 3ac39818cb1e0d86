package bridge

import (
	"context"
	"slices"

	"qianshao/app/internal/engine"
)

// quiet are the commands that the window and the desk give by themselves, such as
// that a task was opened, or that what was taken back is erased. They travel like all others, and nobody is told that they wait: the
// person has done nothing that could be lost.
var quiet = []string{"approval.opened@1", "approval.confirm_purge@1"}

func isQuiet(x engine.Item) bool { return slices.Contains(quiet, x.Command) }

// given are the commands that the person gave.
func (a *at) given(ctx context.Context, f engine.Filter) ([]engine.Item, error) {
	items, err := a.desk.Outbox(ctx, f)
	return slices.DeleteFunc(items, isQuiet), err
}

// status is the sync line, which counts only what the person gave.
func (a *at) status(ctx context.Context) (Status, error) {
	st := a.desk.Status()
	if st.Waiting+st.NeedsYou > 0 {
		waiting, needsYou, err := a.desk.CountOf(ctx, quiet...)
		if err != nil {
			return Status{}, err
		}
		st.Waiting, st.NeedsYou = st.Waiting-waiting, st.NeedsYou-needsYou
	}
	return statusOf(st), nil
}
