-- jobs_lane: Which workers do it: a slow mail server keeps nothing but mail.
-- MySQL knows no ADD COLUMN IF NOT EXISTS.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'jobs' AND column_name = 'lane') = 0,
    'ALTER TABLE jobs ADD COLUMN lane VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''work''',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
