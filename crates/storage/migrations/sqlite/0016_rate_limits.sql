-- rate_limits: How often something was asked for, where no other store keeps it.
CREATE TABLE rate_limits (
    bucket BLOB NOT NULL,
    short_arrival INTEGER,
    long_arrival INTEGER,
    over_at INTEGER NOT NULL,
    CONSTRAINT rate_limits_bucket_unique UNIQUE (bucket)
) STRICT;
CREATE INDEX rate_limits_over_at ON rate_limits (over_at);
