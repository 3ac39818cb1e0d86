package engine

import "context"

const (
	// indexBatch is how many rows are indexed before somebody else may write.
	indexBatch = 200
	// mergeFrom is from how many rows on an index is merged after they came.
	mergeFrom = 5000
)

// Index makes findable what a first load brought and left unindexed, a batch
// at a time, so that neither reading nor giving commands waits for it. It is a
// matter of this desk alone and needs no network.
func (e *Engine) Index(ctx context.Context) error {
	if left, err := e.rep.Unindexed(ctx); err != nil || left == 0 {
		return err
	}
	all := 0
	for {
		did, err := e.indexSome(ctx)
		if err != nil {
			return err
		}
		if all += did; did < indexBatch {
			break
		}
	}
	for more := all >= mergeFrom; more; all = 0 {
		var err error
		if more, err = e.mergeIndex(ctx, all > 0); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) indexSome(ctx context.Context) (did int, err error) {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	if did, err = e.rep.IndexSome(ctx, indexBatch); err != nil {
		return 0, err
	}
	e.crash("index.some")
	if did < indexBatch {
		e.hub.status()
	}
	return did, nil
}

func (e *Engine) mergeIndex(ctx context.Context, from bool) (more bool, err error) {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return e.rep.MergeIndex(ctx, from)
}
