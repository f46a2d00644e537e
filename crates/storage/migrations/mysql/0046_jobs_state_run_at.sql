-- jobs_state_run_at: Nobody looks for the next job of all lanes any more.
-- MySQL knows no DROP INDEX IF EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'jobs' AND index_name = 'jobs_state_run_at') = 0,
    'DO 0',
    'DROP INDEX jobs_state_run_at ON jobs'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
