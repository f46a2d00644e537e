-- audit_calls_action: Some kinds of calls among all.
CREATE INDEX audit_calls_action ON audit_calls (action, id);
