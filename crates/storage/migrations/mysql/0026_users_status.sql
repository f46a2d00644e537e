-- users_status: The few who are blocked or deleted among the many who are not.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'users' AND index_name = 'users_status') = 0,
    'CREATE INDEX users_status ON users (status, number)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
