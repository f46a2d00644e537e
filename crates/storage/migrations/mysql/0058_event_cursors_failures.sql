-- event_cursors_failures: How often in a row nothing was taken, and which event was refused, since when and how often.
-- MySQL knows no ADD COLUMN IF NOT EXISTS; all four come at once or not at all.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'event_cursors' AND column_name = 'failures') = 0,
    'ALTER TABLE event_cursors ADD COLUMN failures BIGINT NOT NULL DEFAULT 0, ADD COLUMN refused_position BIGINT, ADD COLUMN refused_since BIGINT, ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
