package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"qianshao/syncserver/internal/authority"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/officemem"
)

// stage is where the script is rehearsed: a store in memory on which every
// command runs before it is given to the server, with the same ids and the same
// outcome. From it the acts learn the ids of tasks and the texts they answer, so
// that filling needs nothing of the server but to carry out commands, and
// filling again, on a server where people have worked since, changes nothing.
type stage struct {
	mem    *officemem.Mem
	rooms  *catalog.Catalog
	extras authority.Extras // what the server adds to the commands
}

func newStage() (*stage, error) {
	c, err := catalog.New()
	if err != nil {
		return nil, err
	}
	return &stage{mem: officemem.NewMem(c.Kinds()), rooms: c, extras: authority.RoomExtras()}, nil
}

// play does one command.
func (st *stage) play(at time.Time, who office.UserID, mid string, cmd office.Command) error {
	c := office.Context{Actor: who, Now: at, Claimed: at, Mid: mid}
	_, err := st.mem.Update(func(tx office.Tx) error {
		if err := st.rooms.Run(tx, c, cmd); err != nil {
			return err
		}
		for _, extra := range st.extras[cmd.Kind()] {
			if err := extra(tx, c, cmd); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// read decodes a record that must be there.
func (st *stage) read(kind, id string, v any) error {
	r, ok := st.mem.Get(kind, id)
	if !ok {
		return fmt.Errorf("%s %s is not there", kind, id)
	}
	return r.Decode(v)
}

// asked finds the open task of a person on a paper and the hash of its content.
func (st *stage) asked(p paper, who office.UserID) (id string, t approval.Task, hash string, err error) {
	var h document.Header
	if err := st.read(document.Headers.Name, p.id, &h); err != nil {
		return "", t, "", err
	}
	var open []office.Item[approval.Task]
	_, err = st.mem.Update(func(tx office.Tx) (err error) {
		open, err = approval.Tasks.List(tx, office.Query{View: "subject", Where: []office.Cond{
			office.Where("subject", p.id), office.Where("person", string(who)), office.Where("state", approval.TaskOpen),
		}})
		return err
	})
	if err == nil && len(open) != 1 {
		err = fmt.Errorf("%s has %d open tasks on %s, which is at %q with %v", who, len(open), p.name, h.FlowStep, h.FlowHolders)
	}
	if err != nil {
		return "", t, "", err
	}
	return open[0].ID, open[0].Value, h.ContentHash, nil
}

// changes are the wanted fields with the values they have now.
func (st *stage) changes(kind, id string, set map[string]any) ([]office.Change, error) {
	r, ok := st.mem.Get(kind, id)
	if !ok {
		return nil, fmt.Errorf("%s %s is not there", kind, id)
	}
	now, err := r.Fields()
	if err != nil {
		return nil, err
	}
	var out []office.Change
	for _, f := range slices.Sorted(maps.Keys(set)) {
		raw, err := json.Marshal(set[f])
		if err != nil {
			return nil, err
		}
		out = append(out, office.Change{Field: f, Old: now[f], New: raw})
	}
	if len(out) == 0 {
		return nil, errors.New("nothing is changed")
	}
	return out, nil
}
