-- event_dead_letters: Events that a recipient refused for good, until somebody has them sent again.
CREATE TABLE event_dead_letters (
    sink TEXT NOT NULL,
    position BIGINT NOT NULL,
    reason TEXT NOT NULL,
    parked_at BIGINT NOT NULL,
    PRIMARY KEY (sink, position)
);
