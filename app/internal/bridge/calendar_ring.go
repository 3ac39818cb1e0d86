package bridge

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// What has rung is kept on the disk of this desk, beside the drafts: a reminder
// that the person has not put away is there again after a restart, and none rings
// twice.
const (
	ringsKey  = "calendar.rings"
	ringsKept = 60 * 24 * time.Hour
	maxSnooze = 24 * 60 // minutes
)

// rings is what is kept: by reminder key, when it rang, when it was put away and
// until when it is to be silent.
type rings struct {
	Rung map[string]int64 `json:"rung"`
	Away map[string]int64 `json:"away"`
	Wait map[string]int64 `json:"wait"`
}

func (a *at) rings(ctx context.Context) (rings, error) {
	x := rings{Rung: map[string]int64{}, Away: map[string]int64{}, Wait: map[string]int64{}}
	d, ok, err := a.desk.Draft(ctx, ringsKey)
	if err != nil || !ok {
		return x, err
	}
	var kept rings
	if json.Unmarshal(d.Body, &kept) != nil {
		return x, nil // whatever it was: reminders go on
	}
	old := office.Millis(a.now.Add(-ringsKept))
	for _, p := range []struct{ from, to map[string]int64 }{{kept.Rung, x.Rung}, {kept.Away, x.Away}, {kept.Wait, x.Wait}} {
		for k, at := range p.from {
			if at > old {
				p.to[k] = at
			}
		}
	}
	return x, nil
}

func (a *at) keepRings(ctx context.Context, x rings) error {
	raw, err := json.Marshal(x)
	if err != nil {
		return err
	}
	return a.desk.SaveDraft(ctx, ringsKey, raw)
}

// Reminders are those that are due and not put away, by start. Ring is true for
// the one answer that tells of it first: that it rang is on the disk before the
// answer leaves.
func (s *Calendar) Reminders() ([]Reminder, error) {
	return signedIn(s.core, "Calendar.Reminders", func(ctx context.Context, a *at) ([]Reminder, error) {
		s.ring.Lock()
		defer s.ring.Unlock()
		now := office.Millis(a.now)
		events, err := a.events(ctx, now, office.Millis(a.now.Add(29*24*time.Hour)))
		if err != nil {
			return nil, err
		}
		kept, err := a.rings(ctx)
		if err != nil {
			return nil, err
		}
		var out []Reminder
		rang := false
		for _, e := range events {
			key := reminderKey(e)
			if e.Reminder < 0 || e.Status == calendar.Cancelled || now < e.Start-int64(e.Reminder)*60_000 || kept.Away[key] != 0 || now < kept.Wait[key] {
				continue
			}
			r := Reminder{Key: key, ID: e.ID, Day: e.Day, Title: e.Title, Place: e.Place, Start: e.Start, End: e.End, AllDay: e.AllDay}
			if kept.Rung[key] == 0 || kept.Wait[key] > kept.Rung[key] {
				kept.Rung[key], r.Ring, rang = now, true, true
				delete(kept.Wait, key)
			}
			r.Notice = NoticeRing + "/" + strconv.FormatInt(kept.Rung[key], 36) + "~" + strconv.FormatInt(e.Start, 36) + "~" + e.ID
			out = append(out, r)
		}
		if rang {
			if err := a.keepRings(ctx, kept); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// PutAway ends reminders: they are not shown again.
func (s *Calendar) PutAway(keys []string) error {
	return do(s.core, "Calendar.PutAway", func(ctx context.Context, a *at) error {
		return s.change(ctx, a, keys, func(x rings, key string) {
			x.Away[key] = office.Millis(a.now)
		})
	})
}

// Snooze has a reminder ring once more in so many minutes.
func (s *Calendar) Snooze(key string, minutes int) error {
	return do(s.core, "Calendar.Snooze", func(ctx context.Context, a *at) error {
		if minutes < 1 || minutes > maxSnooze {
			return office.Invalid("minutes", "1 to %d", maxSnooze)
		}
		return s.change(ctx, a, []string{key}, func(x rings, key string) {
			x.Wait[key] = office.Millis(a.now.Add(time.Duration(minutes) * time.Minute))
		})
	})
}

func (s *Calendar) change(ctx context.Context, a *at, keys []string, f func(rings, string)) error {
	if len(keys) > calendar.MaxOccurrences || slices.ContainsFunc(keys, func(k string) bool { return k == "" || len(k) > 200 }) {
		return office.Invalid("key", "no reminder has such a key")
	}
	s.ring.Lock()
	defer s.ring.Unlock()
	x, err := a.rings(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		f(x, k)
	}
	return a.keepRings(ctx, x)
}
