-- audit_values: What fields were before and after an event, sealed under the key of its account.
CREATE TABLE audit_values (
    event_id UUID NOT NULL,
    user_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (event_id)
);
CREATE INDEX audit_values_user_id ON audit_values (user_id);
