-- event_cursors_failures: How often in a row nothing was taken, and which event was refused, since when and how often.
ALTER TABLE event_cursors
    ADD COLUMN failures BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN refused_position BIGINT,
    ADD COLUMN refused_since BIGINT,
    ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0;
