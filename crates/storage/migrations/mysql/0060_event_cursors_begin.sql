-- event_cursors_begin: Where a recipient began: of what was before it is never told.
-- MySQL knows no ADD COLUMN IF NOT EXISTS.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'event_cursors' AND column_name = 'began_after') = 0,
    'ALTER TABLE event_cursors ADD COLUMN began_after BIGINT NOT NULL DEFAULT 0',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
