package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"qianshao/syncserver/office"
)

// SealKey is a private key that seals traces.
type SealKey struct {
	N       int64 // counted from 1; the highest seals
	ID      string
	Private []byte
	Created time.Time
}

// NewestSealKey is the key that seals now; ok is false while there is none.
func NewestSealKey(ctx context.Context, q Q) (k SealKey, ok bool, err error) {
	var at int64
	var private string
	err = q.QueryRowContext(ctx, "SELECT n, id, private, created FROM seal_key ORDER BY n DESC LIMIT 1").Scan(&k.N, &k.ID, &private, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return k, false, nil
	}
	if err != nil {
		return k, false, fmt.Errorf("read seal key: %w", err)
	}
	if k.Private, err = hex.DecodeString(private); err != nil {
		return k, false, errors.New("read seal key: not hex") // the text itself stays unsaid
	}
	k.Created = time.UnixMilli(at)
	return k, true, nil
}

// AddSealKey keeps a further key. Two that are added at once meet at N.
func AddSealKey(ctx context.Context, q Q, k SealKey) error {
	if _, err := q.ExecContext(ctx, "INSERT INTO seal_key (n, id, private, created) VALUES (?, ?, ?, ?)", k.N, k.ID, hex.EncodeToString(k.Private), office.Millis(k.Created)); err != nil {
		return fmt.Errorf("keep seal key: %w", err)
	}
	return nil
}
