-- jobs_lane: Which workers do it: a slow mail server keeps nothing but mail.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT 'work';
