-- confirmations_of_flow: Whether a code is worth something in one flow alone.
-- MySQL knows no ADD COLUMN IF NOT EXISTS.
SET @make = IF(
    (SELECT COUNT(*) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'confirmations' AND column_name = 'of_flow') = 0,
    'ALTER TABLE confirmations ADD COLUMN of_flow BIGINT NOT NULL DEFAULT 0',
    'DO 0'
);
PREPARE make FROM @make;
EXECUTE make;
DEALLOCATE PREPARE make;
