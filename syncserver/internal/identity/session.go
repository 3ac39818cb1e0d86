package identity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Terms say how long sessions live. A journey must fit into Idle: who comes
// home after it signs in anew, and loses nothing.
type Terms struct {
	Idle  time.Duration // since the session was last used
	Most  time.Duration // since it was opened
	Slide time.Duration // the end is moved at most this often
}

// DefaultTerms are 30 days of idleness and 180 days in all.
func DefaultTerms() Terms {
	return Terms{Idle: 30 * 24 * time.Hour, Most: 180 * 24 * time.Hour, Slide: time.Hour}
}

// Session is an open session.
type Session struct {
	ID      string // digest of the token; no secret
	Name    string // of the account
	UID     office.UserID
	Device  string
	Wiped   bool // the device was revoked; all it may still learn is that
	Expires time.Time
}

// tokenPrefix makes a token recognisable to scanners for leaked secrets.
const tokenPrefix = "qs_"

// tokenLen is the length of a token: the prefix and 256 bits.
var tokenLen = len(tokenPrefix) + base64.RawURLEncoding.EncodedLen(32)

func sessionID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func sessionOver() error { return &office.Error{Code: protocol.CodeSession} }

// open makes a session after a right password, if the account is still as it
// was when the password was compared.
func (i *Identity) open(ctx context.Context, name string, a account, dev, machine string, now time.Time) (string, Session, error) {
	var secret [32]byte
	if _, err := io.ReadFull(i.o.Rand, secret[:]); err != nil {
		return "", Session{}, fmt.Errorf("make token: %w", err)
	}
	token := tokenPrefix + base64.RawURLEncoding.EncodeToString(secret[:])
	s := Session{ID: sessionID(token), Name: name, UID: a.uid, Device: dev, Expires: now.Add(min(i.o.Terms.Idle, i.o.Terms.Most))}
	err := i.o.Store.Write(ctx, func(q store.Q) error {
		cur, err := i.lockAccount(ctx, q, name)
		if err != nil {
			return err
		}
		if cur.hash != a.hash || cur.state != Active {
			return badCredentials()
		}
		if err := forgive(ctx, q, name); err != nil {
			return err
		}
		ms := office.Millis(now)
		if _, err := q.ExecContext(ctx, "INSERT INTO session (id, name, uid, dev, created, seen, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
			s.ID, name, string(a.uid), dev, ms, ms, office.Millis(s.Expires)); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `INSERT INTO device_name (dev, name, seen) VALUES (?, ?, ?)
			ON CONFLICT (dev) DO UPDATE SET name = excluded.name, seen = excluded.seen`, dev, machine, ms)
		return err
	})
	if err != nil {
		return "", Session{}, fmt.Errorf("open session: %w", err)
	}
	return token, s, nil
}

// Session finds the open session of a token and moves its end. CodeSession if
// there is none: never opened, ended, expired, its account or person disabled.
func (i *Identity) Session(ctx context.Context, token string) (Session, error) {
	if len(token) != tokenLen || !strings.HasPrefix(token, tokenPrefix) {
		return Session{}, sessionOver()
	}
	return i.Check(ctx, sessionID(token))
}

// Check is Session by the session's id.
func (i *Identity) Check(ctx context.Context, id string) (Session, error) {
	now := i.o.Now()
	s := Session{ID: id}
	var created, seen time.Time
	err := i.o.Store.Read(ctx, func(q store.Q) error {
		var c, n, e int64
		var state, device string
		err := q.QueryRowContext(ctx, `SELECT s.name, s.uid, s.dev, s.created, s.seen, s.expires, a.state, d.state
			FROM session s JOIN account a ON a.name = s.name JOIN device d ON d.dev = s.dev WHERE s.id = ?`, id).
			Scan(&s.Name, &s.UID, &s.Device, &c, &n, &e, &state, &device)
		if errors.Is(err, sql.ErrNoRows) {
			return sessionOver()
		}
		if err != nil {
			return err
		}
		created, seen, s.Expires = fromMillis(c), fromMillis(n), fromMillis(e)
		s.Wiped = device != store.DeviceActive
		if state != Active || !now.Before(s.Expires) {
			return sessionOver()
		}
		p, ok, err := i.o.People(ctx, q, s.UID)
		if err == nil && (!ok || !p.Active) {
			err = sessionOver()
		}
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("find session: %w", err)
	}
	if now.Sub(seen) < i.o.Terms.Slide {
		return s, nil
	}
	end := now.Add(i.o.Terms.Idle)
	if last := created.Add(i.o.Terms.Most); last.Before(end) {
		end = last
	}
	err = i.o.Store.Write(ctx, func(q store.Q) error {
		if _, err := q.ExecContext(ctx, "UPDATE session SET seen = ?, expires = ? WHERE id = ?", office.Millis(now), office.Millis(end), id); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, "UPDATE device_name SET seen = ? WHERE dev = ?", office.Millis(now), s.Device)
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("move the session's end: %w", err)
	}
	s.Expires = end
	return s, nil
}

// Logout ends one session; ending it twice is no error.
func (i *Identity) Logout(ctx context.Context, s Session) error {
	n, err := i.end(ctx, "id = ?", s.ID)
	if err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	if n > 0 {
		i.o.Log.Info("logged out", "user", s.Name, "dev", s.Device)
	}
	return nil
}

// EndSessions ends all sessions of a person and tells how many there were.
func (i *Identity) EndSessions(ctx context.Context, uid office.UserID) (int, error) {
	n, err := i.end(ctx, "uid = ?", string(uid))
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	i.o.Log.Info("sessions ended", "uid", uid, "n", n)
	return n, nil
}

// GC removes what has expired.
func (i *Identity) GC(ctx context.Context) error {
	now := i.o.Now()
	if _, err := i.end(ctx, "expires <= ?", office.Millis(now)); err != nil {
		return fmt.Errorf("remove expired sessions: %w", err)
	}
	err := i.o.Store.Write(ctx, func(q store.Q) error {
		_, err := q.ExecContext(ctx, "DELETE FROM account_failure WHERE last <= ?", office.Millis(now.Add(-forgetAfter)))
		return err
	})
	if err != nil {
		return fmt.Errorf("remove old failures: %w", err)
	}
	return nil
}

// Open counts the open sessions.
func (i *Identity) Open(ctx context.Context) (n int, err error) {
	err = i.o.Store.Read(ctx, func(q store.Q) error {
		return q.QueryRowContext(ctx, "SELECT count(*) FROM session WHERE expires > ?", office.Millis(i.o.Now())).Scan(&n)
	})
	return n, err
}

func (i *Identity) end(ctx context.Context, where string, args ...any) (int, error) {
	var ended []string
	err := i.o.Store.Write(ctx, func(q store.Q) (err error) {
		ended, err = endSessions(ctx, q, where, args...)
		return err
	})
	if err != nil {
		return 0, err
	}
	i.ends.tell(ended)
	return len(ended), nil
}

// endSessions deletes sessions and gives their ids; where is one of this
// package's own conditions.
func endSessions(ctx context.Context, q store.Q, where string, args ...any) ([]string, error) {
	return sessionIDs(ctx, q, "DELETE FROM session WHERE "+where+" RETURNING id", args...)
}

// sessionIDs runs one of this package's own statements that gives ids.
func sessionIDs(ctx context.Context, q store.Q, query string, args ...any) ([]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// ends tells streams in this process that their session is over, or its device
// revoked. Other servers' streams ask again at each heartbeat.
type ends struct {
	mu    sync.Mutex
	watch map[string][]chan struct{}
}

// Ended gives a channel that is closed when this process ends the session or
// revokes its device.
func (i *Identity) Ended(id string) (over <-chan struct{}, stop func()) {
	e := &i.ends
	ch := make(chan struct{})
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.watch == nil {
		e.watch = map[string][]chan struct{}{}
	}
	e.watch[id] = append(e.watch[id], ch)
	return ch, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		list := e.watch[id]
		for n, c := range list {
			if c == ch {
				e.watch[id] = append(list[:n:n], list[n+1:]...)
				break
			}
		}
		if len(e.watch[id]) == 0 {
			delete(e.watch, id)
		}
	}
}

func (e *ends) tell(ids []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range ids {
		for _, ch := range e.watch[id] {
			close(ch)
		}
		delete(e.watch, id)
	}
}
