-- users_phone_bytes: Nothing here: SQLite compares bytes.
SELECT 1;
