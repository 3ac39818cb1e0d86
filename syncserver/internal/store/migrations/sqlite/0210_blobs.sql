-- Files that records refer to (design: sync.md §1, §2). Contents lie elsewhere
-- (package blobs); times are milliseconds.

-- +goose Up
-- Contents that are complete and verified. state: live, or dying while they are
-- being removed.
CREATE TABLE blob (
	sha256 TEXT PRIMARY KEY NOT NULL,
	size   INTEGER NOT NULL,
	state  TEXT NOT NULL DEFAULT 'live',
	at     INTEGER NOT NULL
) WITHOUT ROWID;

-- Which records refer to a content, kept in the transaction that writes them.
CREATE TABLE blob_ref (
	kind   TEXT NOT NULL,
	id     TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	root   TEXT NOT NULL,
	PRIMARY KEY (kind, id, sha256)
) WITHOUT ROWID;
CREATE INDEX blob_ref_sha ON blob_ref (sha256, root);

-- Who has brought a content, byte for byte.
CREATE TABLE blob_up (
	sha256 TEXT NOT NULL,
	uid    TEXT NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (sha256, uid)
) WITHOUT ROWID;
CREATE INDEX blob_up_uid ON blob_up (uid);

-- +goose Down
DROP TABLE blob_up;
DROP TABLE blob_ref;
DROP TABLE blob;
