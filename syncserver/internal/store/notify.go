package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"qianshao/syncserver/rowsql"
)

// bus is the PostgreSQL channel by which servers over one database talk.
const bus = "qianshao"

// MaxNote is the most bytes of one note: PostgreSQL's limit is 8,000.
const MaxNote = 7900

// Alone reports whether no other server can share this database.
func (s *Store) Alone() bool { return s.Dialect() != rowsql.Postgres }

// Notify tells all servers over this database something, this one included. It
// is never part of a business transaction: at its commit NOTIFY takes a lock
// that all of them would queue for.
func (s *Store) Notify(ctx context.Context, note string) error {
	if s.Alone() {
		return nil
	}
	if _, err := s.write.ExecContext(ctx, "SELECT pg_notify($1, $2)", bus, note); err != nil {
		return fmt.Errorf("notify servers: %w", err)
	}
	return nil
}

// Listen calls ready when it hears and then on for each note, until ctx ends or
// the connection breaks; notes given in between calls of Listen are lost.
func (s *Store) Listen(ctx context.Context, ready func(), on func(note string)) error {
	if s.Alone() {
		ready()
		<-ctx.Done()
		return ctx.Err()
	}
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return fmt.Errorf("listen to servers: %w", err)
	}
	defer conn.Close()
	err = conn.Raw(func(driver any) error {
		// The connection is not given back to the pool: it would go on hearing.
		c, err := stdlibConn(driver)
		if err != nil {
			return err
		}
		defer c.Close(context.WithoutCancel(ctx))
		if _, err := c.Exec(ctx, "LISTEN "+bus); err != nil {
			return err
		}
		ready()
		for {
			n, err := c.WaitForNotification(ctx)
			if err != nil {
				return err
			}
			on(n.Payload)
		}
	})
	return fmt.Errorf("listen to servers: %w", err)
}

func stdlibConn(driver any) (*pgx.Conn, error) {
	c, ok := driver.(*stdlib.Conn)
	if !ok {
		return nil, fmt.Errorf("connection of type %T", driver)
	}
	return c.Conn(), nil
}
