-- sendings: When something was last sent to an address, by its fingerprint: so many times a day.
CREATE TABLE IF NOT EXISTS sendings (
    bucket VARBINARY(32) NOT NULL,
    moments VARBINARY(512) NOT NULL,
    over_at BIGINT NOT NULL,
    CONSTRAINT sendings_bucket_unique UNIQUE (bucket),
    INDEX sendings_over_at (over_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
