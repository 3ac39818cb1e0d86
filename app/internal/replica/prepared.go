package replica

import (
	"context"
	"database/sql"
)

// prepared is a transaction that prepares each statement once: a page of a
// pull runs a handful of statements thousands of times. Statements that give
// many rows are not kept: one may run again while its rows are still read.
type prepared struct {
	*sql.Tx
	stmts map[string]*sql.Stmt // end with the transaction
}

func prepare(tx *sql.Tx) prepared { return prepared{tx, map[string]*sql.Stmt{}} }

func (p prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.stmts[query]; ok {
		return s, nil
	}
	s, err := p.Tx.PrepareContext(ctx, query)
	if err == nil {
		p.stmts[query] = s
	}
	return s, err
}

func (p prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return p.Tx.QueryRowContext(ctx, query, args...) // it fails again, and the row says so
	}
	return s.QueryRowContext(ctx, args...)
}
