-- events_unnumbered: What the leader has not numbered yet, in the order in which it was written.
-- MySQL knows no index of some rows only, and no CREATE INDEX IF NOT EXISTS.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'events' AND index_name = 'events_unnumbered') = 0,
    'CREATE INDEX events_unnumbered ON events (position, recorded_at, id)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
