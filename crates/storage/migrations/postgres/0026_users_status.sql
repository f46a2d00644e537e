-- users_status: The few who are blocked or deleted among the many who are not.
CREATE INDEX users_status ON users (status, number);
