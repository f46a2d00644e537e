-- users_created_at: Lists in the order of registration, and from one day to another.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'users' AND index_name = 'users_created_at') = 0,
    'CREATE INDEX users_created_at ON users (created_at, number)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
