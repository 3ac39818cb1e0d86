-- The private keys that seal traces (package sealer), newest last by n, in hex. They are
-- as well kept as the database: its file is readable by its owner only.

-- +goose Up
CREATE TABLE seal_key (
	n       BIGINT PRIMARY KEY NOT NULL,
	id      TEXT COLLATE "C" NOT NULL UNIQUE,
	private TEXT COLLATE "C" NOT NULL,
	created BIGINT NOT NULL
);
