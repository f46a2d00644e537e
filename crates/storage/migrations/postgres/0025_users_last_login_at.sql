-- users_last_login_at: Who signed in last, and who has not for long.
CREATE INDEX users_last_login_at ON users (last_login_at, number);
