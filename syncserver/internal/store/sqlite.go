package store

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "qianshao/syncserver/sqlite" // the driver "sqlite3"
)

// File is the name of the embedded database in its folder.
const File = "office.db"

// openSQLite opens one writer, alone and with every commit on disk before it
// is acknowledged, and readers beside it (WAL).
func (s *Store) openSQLite(c Config) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(c.Dir, File))
	if err != nil {
		return fmt.Errorf("find folder: %w", err)
	}
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil { // SQLite would make it readable to others
		return fmt.Errorf("make database: %w", err)
	} else if err := f.Close(); err != nil {
		return fmt.Errorf("make database: %w", err)
	}
	at := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
	// Each connection keeps its statements prepared: parsing them anew took a third
	// of a command's time. The program has fewer, but lists of ids of any length
	// make more.
	const common = "&_busy_timeout=10000&_foreign_keys=1&_stmt_cache_size=300"
	if s.write, err = sql.Open("sqlite3", at+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_cache_size=-16000"+common); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if err := s.write.Ping(); err != nil { // the writer turns WAL on before a reader comes
		return fmt.Errorf("open database: %w", err)
	}
	if s.read, err = sql.Open("sqlite3", at+"?_query_only=1&_txlock=deferred"+common); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.read.SetMaxOpenConns(c.Conns)
	s.read.SetMaxIdleConns(c.Conns)
	return nil
}
