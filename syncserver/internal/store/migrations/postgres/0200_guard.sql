-- What devices say of their queues when they ask for news, so that a stuck one
-- can be named. Times are milliseconds of the server's clock.

-- +goose Up
ALTER TABLE device ADD COLUMN asked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN waiting_since BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE device DROP COLUMN waiting_since;
ALTER TABLE device DROP COLUMN waiting;
ALTER TABLE device DROP COLUMN asked;
