-- users_orders: Lists by name also of those who have none, and by the last change.
-- What is NULL is no value that an index on (value, number) could be in the order of.
CREATE INDEX users_without_username ON users (number) WHERE username_key IS NULL;
CREATE INDEX users_without_email ON users (number) WHERE email_key IS NULL;
CREATE INDEX users_without_login ON users (number) WHERE last_login_at IS NULL;
CREATE INDEX users_updated_at ON users (updated_at, number);
