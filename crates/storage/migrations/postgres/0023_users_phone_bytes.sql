-- users_phone_bytes: Numbers compared byte by byte as the other keys are, so that a beginning is a range of the index.
ALTER TABLE users ALTER COLUMN phone TYPE TEXT COLLATE "C";
