package authority

import (
	"context"
	"testing"

	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
	"qianshao/syncserver/protocol"
)

// TestTx runs the suite of every office.Tx over the server's, through the whole
// path of a command.
func TestTx(t *testing.T) {
	open := func(c store.Config) func(*testing.T, *office.Kinds) officetest.Exercised {
		return func(t *testing.T, ks *office.Kinds) officetest.Exercised {
			c.Kinds = ks
			s, err := store.Open(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			w := &world{t: t}
			w.Authority, err = New(Options{Store: s, Commands: testCommands{}, Now: w.now, Jobs: map[string]jobs.Handler{
				officetest.ExerciseJob: func(context.Context, jobs.Job) error { return nil },
			}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(w.healthy)
			return officetest.Exercised{Begin: func(f func(office.Tx) error) (out officetest.Outcome, err error) {
				var inner error
				fault := w.transact(context.Background(), func(q store.Q, again bool) error {
					out = officetest.Outcome{}
					o := order{uid: "lin", mid: w.mid(), cmd: function{f, &inner}, now: w.now()}
					d, err := w.carry(context.Background(), q, o, again)
					if err != nil {
						return err
					}
					if d.result.Outcome != protocol.Rejected {
						out = officetest.Outcome{Note: d.tx.note, Jobs: d.tx.jobs, Wrote: len(d.tx.changed()) > 0}
					}
					_, err = d.tx.stamp(d.moves, o.mid, o.now)
					return err
				})
				if inner == nil {
					inner = fault
				}
				return out, inner
			}}
		}
	}
	t.Run("sqlite", func(t *testing.T) { officetest.Exercise(t, open(store.Config{Dir: t.TempDir()})) })
	t.Run("postgres", func(t *testing.T) { officetest.Exercise(t, open(store.Config{URL: pg.Database(t)})) })
}

// function is a command that is a function.
type function struct {
	run func(office.Tx) error
	err *error
}

func (function) Kind() string    { return "t.function@1" }
func (function) Locks() []string { return nil }
func (f function) Run(tx office.Tx, _ office.Context) error {
	*f.err = f.run(tx)
	return *f.err
}
