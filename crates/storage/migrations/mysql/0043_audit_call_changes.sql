-- audit_call_changes: What a call changed of something that is no account, as JSON.
-- MySQL knows no ADD COLUMN IF NOT EXISTS.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'audit_calls' AND column_name = 'changes') = 0,
    'ALTER TABLE audit_calls ADD COLUMN changes MEDIUMTEXT',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
