-- audit_calls_action: Some kinds of calls among all.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'audit_calls' AND index_name = 'audit_calls_action') = 0,
    'CREATE INDEX audit_calls_action ON audit_calls (action, id)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
