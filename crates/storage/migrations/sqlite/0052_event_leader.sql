-- event_leader: Which instance numbers and relays the log, for how long, and the last number given.
CREATE TABLE event_leader (
    singleton INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (singleton)
) STRICT;
INSERT INTO event_leader (singleton, epoch, leased_until, position) VALUES (1, 0, 0, 0);
