-- event_replays: Parts of the log that are told once more, because somebody asked.
CREATE TABLE event_replays (
    id UUID NOT NULL,
    sink TEXT NOT NULL,
    user_id UUID,
    position BIGINT NOT NULL,
    until_position BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (id)
);
