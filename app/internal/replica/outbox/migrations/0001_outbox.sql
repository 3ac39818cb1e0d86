-- +goose Up

-- The desk itself: one row.
CREATE TABLE desk (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  uid     TEXT    NOT NULL,
  install TEXT    NOT NULL,
  login   TEXT    NOT NULL,            -- device id the last log-in gave
  dev     TEXT    NOT NULL,            -- device id in use: login, or what a fork gave
  ticket  TEXT    NOT NULL DEFAULT '', -- push ticket the server holds for dev
  n       INTEGER NOT NULL DEFAULT 0,  -- highest n given under dev
  acked   INTEGER NOT NULL DEFAULT 0,  -- highest n answered under dev
  settled INTEGER NOT NULL DEFAULT 0,  -- highest n of dev a pull has covered
  durable INTEGER NOT NULL DEFAULT 0,  -- highest n of dev in a verified backup
  ord     INTEGER NOT NULL DEFAULT 0,  -- counts every change of the list of waiting commands
  flight  BLOB,                        -- the exact bytes of the push under way, NULL = none
  next    TEXT    NOT NULL DEFAULT ''  -- the ticket that the push under way brings
);

CREATE TABLE command (
  ord      INTEGER PRIMARY KEY,
  mid      TEXT    NOT NULL UNIQUE,
  kind     TEXT    NOT NULL,
  args     TEXT    NOT NULL,
  deps     TEXT    NOT NULL DEFAULT '[]',
  claimed  INTEGER NOT NULL,
  context  TEXT    NOT NULL DEFAULT '[]',
  dev      TEXT    NOT NULL DEFAULT '', -- with n
  n        INTEGER,                     -- NULL until first sent
  outcome  TEXT    NOT NULL DEFAULT '', -- '' until answered
  former   TEXT    NOT NULL DEFAULT '', -- the outcome it had before it was queued again
  code     TEXT    NOT NULL DEFAULT '',
  message  TEXT    NOT NULL DEFAULT '',
  field    TEXT    NOT NULL DEFAULT '',
  detail   TEXT    NOT NULL DEFAULT '',
  at       INTEGER NOT NULL DEFAULT 0,
  seen     INTEGER NOT NULL DEFAULT 0,
  ended    TEXT    NOT NULL DEFAULT '', -- by the person: discarded, retried
  next_mid TEXT    NOT NULL DEFAULT '', -- sent again as
  archived INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX command_n ON command (dev, n);
CREATE INDEX command_open ON command (ord) WHERE archived = 0 AND ended = '';

CREATE TABLE draft (
  key  TEXT PRIMARY KEY,
  body TEXT    NOT NULL,
  at   INTEGER NOT NULL
);

-- What each sync did, for the person and for those who help.
CREATE TABLE history (
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  pushed  INTEGER NOT NULL,
  pulled  INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  repairs INTEGER NOT NULL,
  error   TEXT    NOT NULL,
  count   INTEGER NOT NULL DEFAULT 1
);

-- +goose Down
DROP TABLE history;
DROP TABLE draft;
DROP TABLE command;
DROP TABLE desk;
