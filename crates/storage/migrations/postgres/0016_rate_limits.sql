-- rate_limits: How often something was asked for, where no other store keeps it.
CREATE TABLE rate_limits (
    bucket BYTEA NOT NULL,
    short_arrival BIGINT,
    long_arrival BIGINT,
    over_at BIGINT NOT NULL,
    CONSTRAINT rate_limits_bucket_unique UNIQUE (bucket)
);
CREATE INDEX rate_limits_over_at ON rate_limits (over_at);
