-- +goose Up

-- The offline term as the server told it, and how much of it is gone: one row.
CREATE TABLE term (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  term INTEGER NOT NULL DEFAULT 0, -- how long without contact, milliseconds; 0 = for ever
  gone INTEGER NOT NULL DEFAULT 0, -- counted since the last contact, up to seen
  seen INTEGER NOT NULL DEFAULT 0  -- this desk's clock when it was counted last
);
INSERT INTO term (one) VALUES (1);

-- +goose Down
DROP TABLE term;
