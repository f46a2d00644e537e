-- users_created_at: Lists in the order of registration, and from one day to another.
CREATE INDEX users_created_at ON users (created_at, number);
