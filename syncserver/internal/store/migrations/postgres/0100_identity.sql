-- Who may use the server (package identity): accounts, wrong passwords,
-- sessions, what people call their machines. Times are milliseconds.

-- +goose Up
CREATE TABLE account (
	name    TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	uid     TEXT COLLATE "C" NOT NULL UNIQUE,
	hash    TEXT COLLATE "C" NOT NULL,
	state   TEXT COLLATE "C" NOT NULL,
	created BIGINT NOT NULL,
	changed BIGINT NOT NULL
);

-- name is a digest: people type passwords where a name belongs.
CREATE TABLE account_failure (
	name  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	n     BIGINT NOT NULL,
	last  BIGINT NOT NULL,
	until BIGINT NOT NULL
);
CREATE INDEX account_failure_last ON account_failure (last);

-- id is the SHA-256 of the token.
CREATE TABLE session (
	id      TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	name    TEXT COLLATE "C" NOT NULL REFERENCES account (name) ON DELETE CASCADE,
	uid     TEXT COLLATE "C" NOT NULL,
	dev     TEXT COLLATE "C" NOT NULL,
	created BIGINT NOT NULL,
	seen    BIGINT NOT NULL,
	expires BIGINT NOT NULL
);
CREATE INDEX session_uid ON session (uid);
CREATE INDEX session_dev ON session (dev);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE device_name (
	dev  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	seen BIGINT NOT NULL
);

-- +goose Down
DROP TABLE device_name;
DROP TABLE session;
DROP TABLE account_failure;
DROP TABLE account;
