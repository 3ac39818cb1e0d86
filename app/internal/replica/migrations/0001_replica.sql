-- +goose Up

CREATE TABLE meta (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  epoch       TEXT    NOT NULL DEFAULT '', -- of the server's history
  as_of       INTEGER NOT NULL DEFAULT 0,  -- the server's clock at the last checkpoint
  synced_at   INTEGER NOT NULL DEFAULT 0,  -- this desk's clock then
  loaded      INTEGER NOT NULL DEFAULT 0,  -- 1 the first lanes are here, 2 all lanes are
  overlay_ord INTEGER NOT NULL DEFAULT 0,  -- the outbox's ord that the visible rows agree with
  repairs     INTEGER NOT NULL DEFAULT 0   -- channels rebuilt because their sums differed
);
INSERT INTO meta (one) VALUES (1);

-- Up to which n the effects of a device's commands are in the base.
CREATE TABLE device (
  dev    TEXT PRIMARY KEY,
  last_n INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE cursor (
  chan    TEXT    NOT NULL,
  lane    INTEGER NOT NULL,
  pos     INTEGER NOT NULL,
  head    INTEGER NOT NULL,
  hash    TEXT    NOT NULL,
  gc_base INTEGER NOT NULL,
  PRIMARY KEY (chan, lane)
) WITHOUT ROWID;

-- Which records each channel holds. A record in no channel leaves the desk.
CREATE TABLE member (
  chan TEXT    NOT NULL,
  lane INTEGER NOT NULL,
  kind TEXT    NOT NULL,
  id   TEXT    NOT NULL,
  PRIMARY KEY (chan, lane, kind, id)
) WITHOUT ROWID;
CREATE INDEX member_row ON member (kind, id);

-- What the server last said of the rows that waiting commands have written.
-- Rows that are not here are as the server said.
CREATE TABLE base (
  kind    TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  present INTEGER NOT NULL,
  root    TEXT    NOT NULL DEFAULT '',
  ver     INTEGER NOT NULL DEFAULT 0,
  body    TEXT    NOT NULL DEFAULT '',
  sum     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- How each waiting command ran, and what it read, scanned and wrote.
CREATE TABLE wait (
  ord       INTEGER PRIMARY KEY,
  mid       TEXT NOT NULL,
  foresight TEXT NOT NULL, -- '' it ran; elsewhere; fails
  code      TEXT NOT NULL,
  message   TEXT NOT NULL,
  field     TEXT NOT NULL,
  note      TEXT NOT NULL
);
CREATE TABLE wait_row (
  ord   INTEGER NOT NULL,
  kind  TEXT    NOT NULL,
  id    TEXT    NOT NULL,
  wrote INTEGER NOT NULL,
  PRIMARY KEY (ord, kind, id)
) WITHOUT ROWID;
CREATE INDEX wait_row_row ON wait_row (kind, id);
CREATE TABLE wait_scan (
  ord   INTEGER NOT NULL,
  kind  TEXT    NOT NULL,
  conds TEXT    NOT NULL,
  PRIMARY KEY (ord, kind, conds)
) WITHOUT ROWID;

-- Pages of a pull that has not reached its checkpoint.
CREATE TABLE stage (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  active INTEGER NOT NULL DEFAULT 0,
  lane   INTEGER NOT NULL DEFAULT 3, -- lanes up to here are being read
  epoch  TEXT    NOT NULL DEFAULT '' -- of the history the pages are of
);
INSERT INTO stage (one) VALUES (1);
CREATE TABLE stage_op (
  seq  INTEGER PRIMARY KEY,
  op   TEXT    NOT NULL, -- reset (a drop too), put, rem
  chan TEXT    NOT NULL,
  lane INTEGER NOT NULL,
  kind TEXT    NOT NULL DEFAULT '',
  id   TEXT    NOT NULL DEFAULT ''
);
CREATE TABLE stage_row (
  seq  INTEGER PRIMARY KEY,
  kind TEXT    NOT NULL,
  id   TEXT    NOT NULL,
  root TEXT    NOT NULL,
  ver  INTEGER NOT NULL,
  body TEXT    NOT NULL,
  UNIQUE (kind, id)
);
CREATE TABLE stage_cursor (
  chan    TEXT    NOT NULL,
  lane    INTEGER NOT NULL,
  pos     INTEGER NOT NULL,
  head    INTEGER NOT NULL,
  hash    TEXT    NOT NULL,
  gc_base INTEGER NOT NULL,
  PRIMARY KEY (chan, lane)
) WITHOUT ROWID;
CREATE TABLE stage_gone (
  kind TEXT NOT NULL,
  id   TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Channels found wrong: read again from the start. hash is the head at which
-- it was tried, so that a repair that does not help is not tried for ever.
CREATE TABLE repair (
  chan    TEXT    NOT NULL,
  lane    INTEGER NOT NULL,
  hash    TEXT    NOT NULL,
  pending INTEGER NOT NULL,
  PRIMARY KEY (chan, lane)
) WITHOUT ROWID;

-- Records of kinds this program does not know: a newer server's. They count in
-- the sums and move to their table once the program knows the kind.
CREATE TABLE foreign_row (
  kind TEXT    NOT NULL,
  id   TEXT    NOT NULL,
  root TEXT    NOT NULL,
  ver  INTEGER NOT NULL,
  body TEXT    NOT NULL,
  sum  INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Search: the text of each record as it was indexed, because the index, which
-- keeps no text, needs it to forget a record. A later row is a later change.
CREATE TABLE search_doc (
  no   INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id   TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (kind, id)
);
-- Rows that a first load brought and whose words are not in the index yet.
CREATE TABLE search_wait (
  kind TEXT NOT NULL,
  id   TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2');
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- +goose Down
DROP TABLE search;
DROP TABLE search_wait;
DROP TABLE search_doc;
DROP TABLE foreign_row;
DROP TABLE repair;
DROP TABLE stage_gone;
DROP TABLE stage_cursor;
DROP TABLE stage_row;
DROP TABLE stage_op;
DROP TABLE stage;
DROP TABLE wait_scan;
DROP TABLE wait_row;
DROP TABLE wait;
DROP TABLE base;
DROP TABLE member;
DROP TABLE cursor;
DROP TABLE device;
DROP TABLE meta;
