-- confirmations_of_flow: Whether a code is worth something in one flow alone.
ALTER TABLE confirmations ADD COLUMN of_flow BIGINT NOT NULL DEFAULT 0;
