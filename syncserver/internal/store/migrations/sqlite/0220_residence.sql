-- Records that do not live on desks, or not for ever (design: sync.md §1,
-- residence). Times are milliseconds.

-- +goose Up
-- Who may read, on line, a record that is in no channel.
CREATE TABLE away (
	kind TEXT NOT NULL,
	id   TEXT NOT NULL,
	chan TEXT NOT NULL,
	PRIMARY KEY (kind, id, chan)
) WITHOUT ROWID;

-- When records that are on desks now will leave them.
CREATE TABLE stay (
	kind  TEXT NOT NULL,
	id    TEXT NOT NULL,
	until INTEGER NOT NULL,
	PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX stay_until ON stay (until, kind, id);

-- +goose Down
DROP TABLE stay;
DROP TABLE away;
