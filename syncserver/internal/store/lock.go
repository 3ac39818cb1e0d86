package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"qianshao/syncserver/rowsql"
)

// Lock holds these names until the transaction ends; others that lock one of
// them wait. All callers take them in one order. The embedded database's writer
// is alone and needs none.
func Lock(ctx context.Context, q Q, names []string) error {
	if q.Dialect() != rowsql.Postgres || len(names) == 0 {
		return nil
	}
	keys := make([]int64, len(names))
	for i, n := range names {
		h := sha256.Sum256([]byte(n))
		keys[i] = int64(binary.BigEndian.Uint64(h[:8]))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	args := make([]any, len(keys))
	for i := range keys {
		args[i] = keys[i]
	}
	// One round trip; a target list is computed from left to right.
	if _, err := q.ExecContext(ctx, "SELECT "+tuples(len(keys), "pg_advisory_xact_lock(?)"), args...); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}
