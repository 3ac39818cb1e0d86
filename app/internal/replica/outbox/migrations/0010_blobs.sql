-- +goose Up

-- Files the person brought. state: wait, the server does not have it for
-- certain; up, it said it has.
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY,
  size   INTEGER NOT NULL,
  state  TEXT    NOT NULL DEFAULT 'wait',
  error  TEXT    NOT NULL DEFAULT '', -- why the server did not take it, last time
  at     INTEGER NOT NULL             -- when it was brought, by this desk's clock
) WITHOUT ROWID;

-- Which files a command refers to.
CREATE TABLE command_blob (
  mid    TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (mid, sha256)
) WITHOUT ROWID;
CREATE INDEX command_blob_sha ON command_blob (sha256);

-- +goose Down
DROP TABLE command_blob;
DROP TABLE blob;
