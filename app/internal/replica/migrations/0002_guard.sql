-- +goose Up

-- What each channel and lane must add up to, as the server told last: the
-- scrub holds the bytes on the disk against it.
CREATE TABLE chan_sum (
  chan TEXT    NOT NULL,
  lane INTEGER NOT NULL,
  n    INTEGER NOT NULL,
  sum  INTEGER NOT NULL,
  PRIMARY KEY (chan, lane)
) WITHOUT ROWID;

-- The program that ran the waiting commands last: another one may run them
-- otherwise.
ALTER TABLE meta ADD COLUMN program TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE meta DROP COLUMN program;
DROP TABLE chan_sum;
