-- +goose Up

-- The result a command once got from a server that has since been put back to
-- a backup: sent along, so that what only the server gives is given again.
ALTER TABLE command ADD COLUMN former_code   TEXT    NOT NULL DEFAULT '';
ALTER TABLE command ADD COLUMN former_detail TEXT    NOT NULL DEFAULT '';
ALTER TABLE command ADD COLUMN former_at     INTEGER NOT NULL DEFAULT 0;

-- What was out of the ordinary, and why: repairs, resets, rebuilds, forks,
-- files set aside. No contents.
CREATE TABLE event (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  what   TEXT    NOT NULL,
  why    TEXT    NOT NULL,
  chan   TEXT    NOT NULL DEFAULT '',
  lane   INTEGER NOT NULL DEFAULT 0,
  rows   INTEGER NOT NULL DEFAULT 0,
  detail TEXT    NOT NULL DEFAULT ''
);

-- +goose Down
DROP TABLE event;
ALTER TABLE command DROP COLUMN former_at;
ALTER TABLE command DROP COLUMN former_detail;
ALTER TABLE command DROP COLUMN former_code;
