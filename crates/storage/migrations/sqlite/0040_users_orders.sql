-- users_orders: Lists by name also of those who have none, and by the last change.
-- The number ends every index here: those without a name, an address or a sign-in have one.
CREATE INDEX users_updated_at ON users (updated_at, number);
