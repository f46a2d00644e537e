-- events_type: Some kinds of events among all.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'events' AND index_name = 'events_type') = 0,
    'CREATE INDEX events_type ON events (type, id)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
