package replica

import (
	"context"
	"database/sql"
)

// prepared is a transaction that prepares what it runs very often: a page of a
// pull runs a handful of statements thousands of times. All others the
// connection keeps, see package vault. Statements that give many rows are not
// prepared here: one may run again while its rows are still read.
type prepared struct {
	*sql.Tx
	uses  map[string]int
	stmts map[string]*sql.Stmt // end with the transaction
}

// often is from which use on a statement is prepared for the transaction.
const often = 16

func prepare(tx *sql.Tx) prepared { return prepared{tx, map[string]int{}, map[string]*sql.Stmt{}} }

// stmt is the prepared statement, nil if it has not been used often.
func (p prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.stmts[query]; ok {
		return s, nil
	}
	if p.uses[query]++; p.uses[query] < often {
		return nil, nil
	}
	s, err := p.Tx.PrepareContext(ctx, query)
	if err == nil {
		p.stmts[query] = s
	}
	return s, err
}

func (p prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.stmt(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return p.Tx.ExecContext(ctx, query, args...)
	}
	return s.ExecContext(ctx, args...)
}

func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.stmt(ctx, query)
	if s == nil || err != nil {
		return p.Tx.QueryRowContext(ctx, query, args...) // what failed fails again, and the row says so
	}
	return s.QueryRowContext(ctx, args...)
}
