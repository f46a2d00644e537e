-- event_leader: Which instance numbers and relays the log, for how long, and the last number given.
CREATE TABLE event_leader (
    singleton BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (singleton)
);
INSERT INTO event_leader (singleton, epoch, leased_until, position) VALUES (1, 0, 0, 0);
