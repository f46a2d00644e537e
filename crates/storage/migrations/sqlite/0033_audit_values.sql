-- audit_values: What fields were before and after an event, sealed under the key of its account.
CREATE TABLE audit_values (
    event_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (event_id)
) STRICT;
CREATE INDEX audit_values_user_id ON audit_values (user_id);
