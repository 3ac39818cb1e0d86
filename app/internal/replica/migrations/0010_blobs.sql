-- +goose Up

-- Which records refer to which files, as they are shown and as the server said.
CREATE TABLE blob_ref (
  kind   TEXT NOT NULL,
  id     TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (kind, id, sha256)
) WITHOUT ROWID;
CREATE INDEX blob_ref_sha ON blob_ref (sha256);

-- When files that are here were last used: counted, because clocks jump.
CREATE TABLE blob_use (
  sha256 TEXT PRIMARY KEY,
  used   INTEGER NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE blob_use;
DROP TABLE blob_ref;
