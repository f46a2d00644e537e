-- audit_calls: What administrators and the operator asked for, and what they were answered.
CREATE TABLE audit_calls (
    id BLOB NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_id BLOB,
    target_id BLOB,
    subject TEXT,
    outcome TEXT NOT NULL,
    surface TEXT NOT NULL,
    request_id TEXT,
    address TEXT,
    agent TEXT,
    occurred_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX audit_calls_target_id ON audit_calls (target_id, id);
CREATE INDEX audit_calls_actor_id ON audit_calls (actor_id, id);
