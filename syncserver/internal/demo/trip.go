package demo

import (
	"context"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// Trip names what the demonstration trip is played with: 林知远 takes the train
// with his desk off line while the others go on working at home.
type Trip struct {
	Leader    office.UserID // 林知远
	Secretary office.UserID // 贺云舟, who keeps his calendar and cards

	Sign   Stop // he signs: applied
	Return Stop // he returns it with words, a colleague was first: task_done_by_other
	Stale  Stop // he signs, a colleague has changed the text: stale_body

	Colleague office.UserID // acts first at Return
	Reviser   office.UserID // changes Block of Stale
	Block     string
	NewText   string

	DraftUnit    string        // for a paper he drafts on the train: applied
	DraftLeaders office.UserID // who is to decide on it

	Event string // he edits its note, the secretary its place: merged
	Card  string // both edit its title: conflict, both kept
}

// Stop is a paper that waits for him.
type Stop struct {
	Document, Task string
	Step           string
	Title          string
}

// TripOf rehearses the demonstration and says what the trip is played with. It
// does not depend on now, but the titles' dates might.
func TripOf(ctx context.Context, now time.Time) (Trip, error) {
	nothing := func(context.Context, office.UserID, string, time.Time, office.Command) error { return nil }
	st, err := fill(ctx, nothing, now)
	if err != nil {
		return Trip{}, err
	}
	t := Trip{
		Leader: lin, Secretary: he, Colleague: xu, Reviser: chu,
		Block: "b05", NewText: "市级储备冲锋舟24艘、编织袋12万条、帐篷1500顶、棉被3000床，由市应急管理局保管，实行专库专账。",
		DraftUnit: leaders, DraftLeaders: chen,
		Event: ID("event", string(lin)+":"+tripEvent), Card: ID("card", string(lin)+":"+tripCard),
	}
	for _, x := range []struct {
		paper string
		stop  *Stop
	}{{paperDuty, &t.Sign}, {paperChargers, &t.Return}, {paperStores, &t.Stale}} {
		if *x.stop, err = st.stop(x.paper, lin); err != nil {
			return Trip{}, err
		}
	}
	return t, nil
}

func (st *stage) stop(name string, who office.UserID) (Stop, error) {
	p := paper{name: name, id: ID("document", name)}
	id, task, _, err := st.asked(p, who)
	if err != nil {
		return Stop{}, err
	}
	var h document.Header
	if err := st.read(document.Headers.Name, p.id, &h); err != nil {
		return Stop{}, err
	}
	return Stop{Document: p.id, Task: id, Step: task.Step, Title: h.Title}, nil
}
