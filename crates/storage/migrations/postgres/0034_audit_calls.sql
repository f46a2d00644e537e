-- audit_calls: What administrators and the operator asked for, and what they were answered.
CREATE TABLE audit_calls (
    id UUID NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_id UUID,
    target_id UUID,
    subject TEXT,
    outcome TEXT NOT NULL,
    surface TEXT NOT NULL,
    request_id TEXT,
    address TEXT,
    agent TEXT,
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX audit_calls_target_id ON audit_calls (target_id, id);
CREATE INDEX audit_calls_actor_id ON audit_calls (actor_id, id);
