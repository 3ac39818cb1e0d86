package bridge

import (
	"context"
	"errors"

	"qianshao/syncserver/office"
)

// reading is the desk as an office.Tx for functions that only read.
type reading struct {
	ctx context.Context
	at  *at
}

var errReadOnly = errors.New("a page does not write")

// Get answers what the desk shows; what it does not hold is elsewhere.
func (r *reading) Get(kind, id string) (office.Record, office.Presence, error) {
	x, ok, err := r.at.desk.Get(r.ctx, kind, id)
	if err != nil || ok {
		return x, office.Present, err
	}
	return x, office.Elsewhere, nil
}

func (r *reading) List(q office.Query) ([]office.Record, error) { return r.at.desk.List(r.ctx, q) }

func (r *reading) Insert(string, string, string, any) error  { return errReadOnly }
func (r *reading) Patch(string, string, office.Fields) error { return errReadOnly }
func (r *reading) Delete(string, string) error               { return errReadOnly }
func (r *reading) Note(office.Code)                          {}
func (r *reading) Emit(office.Job)                           {}
