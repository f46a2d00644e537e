-- users_orders: Lists by name also of those who have none, and by the last change.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'users' AND index_name = 'users_updated_at') = 0,
    'ALTER TABLE users
        ADD INDEX users_without_username (username_key, number),
        ADD INDEX users_without_email (email_key, number),
        ADD INDEX users_updated_at (updated_at, number)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
