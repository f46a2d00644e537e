-- sendings: When something was last sent to an address, by its fingerprint: so many times a day.
CREATE TABLE sendings (
    bucket BLOB NOT NULL,
    moments BLOB NOT NULL,
    over_at INTEGER NOT NULL,
    CONSTRAINT sendings_bucket_unique UNIQUE (bucket)
) STRICT;
CREATE INDEX sendings_over_at ON sendings (over_at);
