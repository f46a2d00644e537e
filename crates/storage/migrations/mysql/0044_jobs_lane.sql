-- jobs_lane: Which workers do it: a slow mail server keeps nothing but mail.
ALTER TABLE jobs ADD COLUMN lane VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'work';
