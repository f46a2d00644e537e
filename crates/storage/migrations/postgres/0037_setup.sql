-- setup: Whether this deployment ever had an administrator, and the token that makes the first. One row.
CREATE TABLE setup (
    id BIGINT NOT NULL PRIMARY KEY,
    token_digest BYTEA,
    token_made_at BIGINT,
    closed_at BIGINT
);
