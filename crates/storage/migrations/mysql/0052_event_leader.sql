-- event_leader: Which instance numbers and relays the log, for how long, and the last number given.
CREATE TABLE IF NOT EXISTS event_leader (
    singleton BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (singleton)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO event_leader (singleton, epoch, leased_until, position)
SELECT 1, 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM event_leader);
