-- +goose Up

-- Lanes, a bit each, that a first load reads: their records come straight into
-- tables of their own, which take the place of the empty ones at the checkpoint.
ALTER TABLE stage ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0;
-- How many records have come there.
ALTER TABLE stage ADD COLUMN taken INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE stage DROP COLUMN taken;
ALTER TABLE stage DROP COLUMN fresh;
