-- users_last_login_at: Who signed in last, and who has not for long.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'users' AND index_name = 'users_last_login_at') = 0,
    'CREATE INDEX users_last_login_at ON users (last_login_at, number)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
