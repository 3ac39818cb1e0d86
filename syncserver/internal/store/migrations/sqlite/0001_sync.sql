-- The sync protocol's own tables (design: sync.md §1). Tables of records are
-- made from the kinds' declarations, not here.

-- +goose Up
CREATE TABLE meta (
	key   TEXT PRIMARY KEY NOT NULL,
	value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE chan_head (
	chan     TEXT NOT NULL,
	lane     INTEGER NOT NULL,
	seq      INTEGER NOT NULL,
	chain    TEXT NOT NULL,
	gc_floor INTEGER NOT NULL DEFAULT 0,
	n_live   INTEGER NOT NULL DEFAULT 0,
	sum      INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (chan, lane)
) WITHOUT ROWID;

CREATE TABLE chan_hist (
	chan  TEXT NOT NULL,
	lane  INTEGER NOT NULL,
	seq   INTEGER NOT NULL,
	chain TEXT NOT NULL,
	at    INTEGER NOT NULL,
	PRIMARY KEY (chan, lane, seq)
) WITHOUT ROWID;
CREATE INDEX chan_hist_at ON chan_hist (at);

CREATE TABLE chan_row (
	kind TEXT NOT NULL,
	id   TEXT NOT NULL,
	chan TEXT NOT NULL,
	lane INTEGER NOT NULL,
	seq  INTEGER NOT NULL,
	rem  INTEGER NOT NULL,
	at   INTEGER NOT NULL,
	PRIMARY KEY (kind, id, chan)
) WITHOUT ROWID;
CREATE UNIQUE INDEX chan_row_seq ON chan_row (chan, lane, seq);
CREATE INDEX chan_row_rem ON chan_row (at) WHERE rem = 1;

CREATE TABLE sub (
	uid  TEXT NOT NULL,
	chan TEXT NOT NULL,
	PRIMARY KEY (uid, chan)
) WITHOUT ROWID;

CREATE TABLE device (
	dev           TEXT PRIMARY KEY NOT NULL,
	uid           TEXT NOT NULL,
	origin        TEXT NOT NULL,
	install       TEXT NOT NULL,
	last_n        INTEGER NOT NULL DEFAULT 0,
	durable_n     INTEGER NOT NULL DEFAULT 0,
	ticket        TEXT NOT NULL DEFAULT '',
	ticket_digest TEXT NOT NULL DEFAULT '',
	state         TEXT NOT NULL DEFAULT 'active',
	created       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX device_uid ON device (uid);

CREATE TABLE mut (
	mid     TEXT PRIMARY KEY NOT NULL,
	uid     TEXT NOT NULL,
	dev     TEXT NOT NULL,
	n       INTEGER NOT NULL,
	command TEXT NOT NULL,
	outcome TEXT NOT NULL,
	code    TEXT NOT NULL DEFAULT '',
	message TEXT NOT NULL DEFAULT '',
	field   TEXT NOT NULL DEFAULT '',
	detail  TEXT NOT NULL DEFAULT '',
	claimed INTEGER NOT NULL DEFAULT 0,
	at      INTEGER NOT NULL
);
CREATE INDEX mut_at ON mut (at);

-- What each device sent under which number. A command sent again after a fork
-- keeps its mid and gets a new number on the new device.
CREATE TABLE sent (
	dev TEXT NOT NULL,
	n   INTEGER NOT NULL,
	mid TEXT NOT NULL,
	PRIMARY KEY (dev, n)
) WITHOUT ROWID;

CREATE TABLE job (
	id    TEXT PRIMARY KEY NOT NULL,
	kind  TEXT NOT NULL,
	args  TEXT NOT NULL,
	due   INTEGER NOT NULL,
	lease INTEGER NOT NULL DEFAULT 0,
	tries INTEGER NOT NULL DEFAULT 0,
	state TEXT NOT NULL DEFAULT 'queued',
	error TEXT NOT NULL DEFAULT '',
	at    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX job_due ON job (state, due, id);

-- +goose Down
DROP TABLE job;
DROP TABLE sent;
DROP TABLE mut;
DROP TABLE device;
DROP TABLE sub;
DROP TABLE chan_row;
DROP TABLE chan_hist;
DROP TABLE chan_head;
DROP TABLE meta;
