-- The sync protocol's own tables (design: sync.md §1). Tables of records are
-- made from the kinds' declarations, not here.

-- +goose Up
CREATE TABLE meta (
	key   TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE chan_head (
	chan     TEXT COLLATE "C" NOT NULL,
	lane     BIGINT NOT NULL,
	seq      BIGINT NOT NULL,
	chain    TEXT COLLATE "C" NOT NULL,
	gc_floor BIGINT NOT NULL DEFAULT 0,
	n_live   BIGINT NOT NULL DEFAULT 0,
	sum      BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (chan, lane)
) WITH (fillfactor = 50); -- each commit rewrites a counter: room to do it in place

CREATE TABLE chan_hist (
	chan  TEXT COLLATE "C" NOT NULL,
	lane  BIGINT NOT NULL,
	seq   BIGINT NOT NULL,
	chain TEXT COLLATE "C" NOT NULL,
	at    BIGINT NOT NULL,
	PRIMARY KEY (chan, lane, seq)
);
CREATE INDEX chan_hist_at ON chan_hist (at);

CREATE TABLE chan_row (
	kind TEXT COLLATE "C" NOT NULL,
	id   TEXT COLLATE "C" NOT NULL,
	chan TEXT COLLATE "C" NOT NULL,
	lane BIGINT NOT NULL,
	seq  BIGINT NOT NULL,
	rem  BIGINT NOT NULL,
	at   BIGINT NOT NULL,
	PRIMARY KEY (kind, id, chan)
);
CREATE UNIQUE INDEX chan_row_seq ON chan_row (chan, lane, seq);
CREATE INDEX chan_row_rem ON chan_row (at) WHERE rem = 1;

CREATE TABLE sub (
	uid  TEXT COLLATE "C" NOT NULL,
	chan TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (uid, chan)
);

CREATE TABLE device (
	dev           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	uid           TEXT COLLATE "C" NOT NULL,
	origin        TEXT COLLATE "C" NOT NULL,
	install       TEXT COLLATE "C" NOT NULL,
	last_n        BIGINT NOT NULL DEFAULT 0,
	durable_n     BIGINT NOT NULL DEFAULT 0,
	ticket        TEXT COLLATE "C" NOT NULL DEFAULT '',
	ticket_digest TEXT COLLATE "C" NOT NULL DEFAULT '',
	state         TEXT COLLATE "C" NOT NULL DEFAULT 'active',
	created       BIGINT NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX device_uid ON device (uid);

CREATE TABLE mut (
	mid     TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	uid     TEXT COLLATE "C" NOT NULL,
	dev     TEXT COLLATE "C" NOT NULL,
	n       BIGINT NOT NULL,
	command TEXT COLLATE "C" NOT NULL,
	outcome TEXT COLLATE "C" NOT NULL,
	code    TEXT COLLATE "C" NOT NULL DEFAULT '',
	message TEXT COLLATE "C" NOT NULL DEFAULT '',
	field   TEXT COLLATE "C" NOT NULL DEFAULT '',
	detail  TEXT COLLATE "C" NOT NULL DEFAULT '',
	claimed BIGINT NOT NULL DEFAULT 0,
	at      BIGINT NOT NULL
);
CREATE INDEX mut_at ON mut (at);

-- What each device sent under which number. A command sent again after a fork
-- keeps its mid and gets a new number on the new device.
CREATE TABLE sent (
	dev TEXT COLLATE "C" NOT NULL,
	n   BIGINT NOT NULL,
	mid TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (dev, n)
);

CREATE TABLE job (
	id    TEXT COLLATE "C" PRIMARY KEY NOT NULL,
	kind  TEXT COLLATE "C" NOT NULL,
	args  TEXT COLLATE "C" NOT NULL,
	due   BIGINT NOT NULL,
	lease BIGINT NOT NULL DEFAULT 0,
	tries BIGINT NOT NULL DEFAULT 0,
	state TEXT COLLATE "C" NOT NULL DEFAULT 'queued',
	error TEXT COLLATE "C" NOT NULL DEFAULT '',
	at    BIGINT NOT NULL
);
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
