package engine

import "context"

// indexBatch is how many rows are indexed before somebody else may write.
const indexBatch = 200

// Index makes findable what a first load brought and left unindexed, a batch
// at a time, so that neither reading nor giving commands waits for it. It is a
// matter of this desk alone and needs no network.
func (e *Engine) Index(ctx context.Context) error {
	for {
		left, err := e.indexSome(ctx)
		if err != nil || left == 0 {
			return err
		}
	}
}

func (e *Engine) indexSome(ctx context.Context) (left int, err error) {
	left, err = e.rep.Unindexed(ctx)
	if err != nil || left == 0 {
		return 0, err
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	if left, err = e.rep.IndexSome(ctx, indexBatch); err != nil {
		return 0, err
	}
	e.crash("index.some")
	if left == 0 {
		e.hub.status()
	}
	return left, nil
}
