// Package sealer seals the traces of approvals with the server's key: it keeps
// the key, publishes it, seals each event in the transaction that makes it, and
// verifies a whole store.
//
// What a seal is, and how anybody verifies one, is package seal's.
package sealer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/seal"
)

// Give carries a command of the system out; authority.As is what it wraps.
type Give func(ctx context.Context, mid string, cmd office.Command) error

// Options say what a sealer works on and with. All are needed.
type Options struct {
	Store *store.Store
	Now   func() time.Time
	Rand  io.Reader
}

// Sealer holds the key that seals now. Safe for concurrent use.
type Sealer struct {
	Options
	mu     sync.RWMutex
	signer *seal.Signer
}

// Open reads the key of the store, made if there is none.
func Open(ctx context.Context, o Options) (*Sealer, error) {
	s := &Sealer{Options: o}
	if err := s.Reload(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Reload reads the newest key again: another process may have made one.
func (s *Sealer) Reload(ctx context.Context) error {
	k, ok, err := s.newest(ctx)
	if err == nil && !ok {
		k, err = s.make(ctx, 1)
	}
	if err != nil {
		return err
	}
	return s.use(k)
}

func (s *Sealer) newest(ctx context.Context) (k store.SealKey, ok bool, err error) {
	err = s.Store.Read(ctx, func(q store.Q) (err error) {
		k, ok, err = store.NewestSealKey(ctx, q)
		return err
	})
	return k, ok, err
}

func (s *Sealer) use(k store.SealKey) error {
	signer, err := seal.NewSigner(k.Private)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.signer = signer
	s.mu.Unlock()
	return nil
}

// make makes the nth key, unless another process has made it meanwhile.
func (s *Sealer) make(ctx context.Context, n int64) (store.SealKey, error) {
	var k store.SealKey
	for range store.Attempts {
		private := make([]byte, 32)
		if _, err := io.ReadFull(s.Rand, private); err != nil {
			return k, fmt.Errorf("make seal key: %w", err)
		}
		signer, err := seal.NewSigner(private)
		if err != nil {
			continue // not below the order of the curve: once in 2^32 tries
		}
		k = store.SealKey{N: n, ID: signer.Key, Private: private, Created: s.Now()}
		err = s.Store.Once(ctx, func(q store.Q) error {
			now, ok, err := store.NewestSealKey(ctx, q)
			if err != nil {
				return err
			}
			if ok && now.N >= n {
				k = now
				return nil
			}
			return store.AddSealKey(ctx, q, k)
		})
		if err == nil || !store.Retryable(err) {
			return k, err
		}
	}
	return k, errors.New("make seal key: no attempt succeeded")
}

func (s *Sealer) now() *seal.Signer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.signer
}

// Publish makes the present key known, if it is not.
func (s *Sealer) Publish(ctx context.Context, give Give) error {
	k := s.now()
	known := false
	err := s.Store.Read(ctx, func(q store.Q) (err error) {
		_, known, err = s.Store.Rows.Get(ctx, q, seal.Keys.Name, k.Key)
		return err
	})
	if err != nil || known {
		return err
	}
	return give(ctx, office.DeriveID("seal", "publish", k.Key), &seal.PublishKey{Public: k.Public()})
}

// Rotate makes a new key, for which the present one vouches, and seals with it
// from now on; other servers of the store do so after their next Reload. It gives
// the new key's id.
func (s *Sealer) Rotate(ctx context.Context, give Give) (string, error) {
	if err := s.Reload(ctx); err != nil {
		return "", err
	}
	if err := s.Publish(ctx, give); err != nil {
		return "", err
	}
	old := s.now()
	private := make([]byte, 32)
	if _, err := io.ReadFull(s.Rand, private); err != nil {
		return "", fmt.Errorf("make seal key: %w", err)
	}
	signer, err := seal.NewSigner(private)
	if err != nil {
		return "", err
	}
	vouch, err := seal.Sign(old.Private, signer.Key)
	if err != nil {
		return "", err
	}
	// Known first: an event must never be signed by a key that nobody published.
	if err := give(ctx, office.DeriveID("seal", "publish", signer.Key), &seal.PublishKey{Public: signer.Public(), By: old.Key, Sig: vouch}); err != nil {
		return "", err
	}
	last, _, err := s.newest(ctx)
	if err != nil {
		return "", err
	}
	k := store.SealKey{N: last.N + 1, ID: signer.Key, Private: private, Created: s.Now()}
	if err := s.Store.Once(ctx, func(q store.Q) error { return store.AddSealKey(ctx, q, k) }); err != nil {
		return "", err
	}
	return signer.Key, s.use(k)
}

// Seal seals the events that a command has just made, each in its instance's
// chain; the authority calls it last of all, in the command's transaction. A
// command that changes or removes a sealed event is a fault of the program.
func (s *Sealer) Seal(tx office.Tx, _ office.Context, wrote []office.Wrote) error {
	type made struct {
		id, root string
		n        int
	}
	var list []made
	for _, w := range wrote {
		if w.Kind != seal.EventKind {
			continue
		}
		if !w.New {
			return fmt.Errorf("event %s of a trace was changed or removed: a trace only grows", w.ID)
		}
		var e struct {
			N int `json:"n"`
		}
		if err := w.Decode(&e); err != nil {
			return err
		}
		list = append(list, made{w.ID, w.Root, e.N})
	}
	slices.SortFunc(list, func(a, b made) int { return cmp.Or(cmp.Compare(a.root, b.root), cmp.Compare(a.n, b.n)) })
	k := s.now()
	for i := 0; i < len(list); {
		root := list[i].root
		inst, at, err := tx.Get(seal.InstanceKind, root)
		if err != nil || at != office.Present {
			return fmt.Errorf("instance %s of an event is not there: %w", root, err)
		}
		var v struct {
			Head string `json:"trace_head"`
		}
		if err := inst.Decode(&v); err != nil {
			return err
		}
		for ; i < len(list) && list[i].root == root; i++ {
			if v.Head, err = k.Link(tx, list[i].id, v.Head); err != nil {
				return err
			}
		}
		if err := tx.Patch(seal.InstanceKind, root, office.Fields{seal.FieldHead: v.Head}); err != nil {
			return err
		}
	}
	return nil
}
