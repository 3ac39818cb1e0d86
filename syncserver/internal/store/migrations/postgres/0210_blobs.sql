-- Files that records refer to (design: sync.md §1, §2). Contents lie elsewhere
-- (package blobs); times are milliseconds.

-- +goose Up
-- Contents that are complete and verified. state: live, or dying while they are
-- being removed.
CREATE TABLE blob (
	sha256 TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	size   BIGINT NOT NULL,
	state  TEXT COLLATE "C" NOT NULL DEFAULT 'live',
	at     BIGINT NOT NULL
);

-- Which records refer to a content, kept in the transaction that writes them.
CREATE TABLE blob_ref (
	kind   TEXT COLLATE "C" NOT NULL,
	id     TEXT COLLATE "C" NOT NULL,
	sha256 TEXT COLLATE "C" NOT NULL,
	root   TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (kind, id, sha256)
);
CREATE INDEX blob_ref_sha ON blob_ref (sha256, root);

-- Who has brought a content, byte for byte.
CREATE TABLE blob_up (
	sha256 TEXT COLLATE "C" NOT NULL,
	uid    TEXT COLLATE "C" NOT NULL,
	at     BIGINT NOT NULL,
	PRIMARY KEY (sha256, uid)
);
CREATE INDEX blob_up_uid ON blob_up (uid);

-- +goose Down
DROP TABLE blob_up;
DROP TABLE blob_ref;
DROP TABLE blob;
