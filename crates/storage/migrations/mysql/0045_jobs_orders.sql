-- jobs_orders: The next job of a lane, and lists of the jobs in a state.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and what was begun must bear repeating.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'jobs' AND index_name = 'jobs_state_id') = 0,
    'ALTER TABLE jobs
        ADD INDEX jobs_lane_state_run_at (lane, state, run_at),
        ADD INDEX jobs_state_id (state, id)',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
