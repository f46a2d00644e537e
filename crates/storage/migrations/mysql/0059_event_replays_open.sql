-- event_replays_open: The replays of a recipient that are not done, the oldest first.
-- MySQL knows no index of some rows only, and no CREATE INDEX IF NOT EXISTS.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'event_replays' AND index_name = 'event_replays_open') = 0,
    'CREATE INDEX event_replays_open ON event_replays (done_at, sink, asked_at, id)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
