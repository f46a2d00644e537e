-- sendings: When something was last sent to an address, by its fingerprint: so many times a day.
CREATE TABLE sendings (
    bucket BYTEA NOT NULL,
    moments BYTEA NOT NULL,
    over_at BIGINT NOT NULL,
    CONSTRAINT sendings_bucket_unique UNIQUE (bucket)
);
CREATE INDEX sendings_over_at ON sendings (over_at);
