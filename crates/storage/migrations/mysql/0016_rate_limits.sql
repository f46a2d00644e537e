-- rate_limits: How often something was asked for, where no other store keeps it.
CREATE TABLE IF NOT EXISTS rate_limits (
    bucket VARBINARY(32) NOT NULL,
    short_arrival BIGINT,
    long_arrival BIGINT,
    over_at BIGINT NOT NULL,
    CONSTRAINT rate_limits_bucket_unique UNIQUE (bucket),
    INDEX rate_limits_over_at (over_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
