-- jobs_lanes: What was promised before there were lanes goes to its own.
UPDATE jobs SET lane = CASE kind WHEN 'deliver_mail' THEN 'mail' WHEN 'deliver_text' THEN 'text' ELSE lane END WHERE state <> 'done';
