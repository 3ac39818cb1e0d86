-- Who may use the server (package identity): accounts, wrong passwords,
-- sessions, what people call their machines. Times are milliseconds.

-- +goose Up
CREATE TABLE account (
	name    TEXT PRIMARY KEY NOT NULL,
	uid     TEXT NOT NULL UNIQUE,
	hash    TEXT NOT NULL,
	state   TEXT NOT NULL,
	created INTEGER NOT NULL,
	changed INTEGER NOT NULL
) WITHOUT ROWID;

-- name is a digest: people type passwords where a name belongs.
CREATE TABLE account_failure (
	name  TEXT PRIMARY KEY NOT NULL,
	n     INTEGER NOT NULL,
	last  INTEGER NOT NULL,
	until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX account_failure_last ON account_failure (last);

-- id is the SHA-256 of the token.
CREATE TABLE session (
	id      TEXT PRIMARY KEY NOT NULL,
	name    TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
	uid     TEXT NOT NULL,
	dev     TEXT NOT NULL,
	created INTEGER NOT NULL,
	seen    INTEGER NOT NULL,
	expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_uid ON session (uid);
CREATE INDEX session_dev ON session (dev);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE device_name (
	dev  TEXT PRIMARY KEY NOT NULL,
	name TEXT NOT NULL,
	seen INTEGER NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE device_name;
DROP TABLE session;
DROP TABLE account_failure;
DROP TABLE account;
