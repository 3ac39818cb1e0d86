-- Records that do not live on desks, or not for ever (design: sync.md §1,
-- residence). Times are milliseconds.

-- +goose Up
-- Who may read, on line, a record that is in no channel.
CREATE TABLE away (
	kind TEXT COLLATE "C" NOT NULL,
	id   TEXT COLLATE "C" NOT NULL,
	chan TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (kind, id, chan)
);

-- When records that are on desks now will leave them.
CREATE TABLE stay (
	kind  TEXT COLLATE "C" NOT NULL,
	id    TEXT COLLATE "C" NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (kind, id)
);
CREATE INDEX stay_until ON stay (until, kind, id);

-- +goose Down
DROP TABLE stay;
DROP TABLE away;
