-- audit_call_changes: What a call changed of something that is no account, as JSON.
ALTER TABLE audit_calls ADD COLUMN changes MEDIUMTEXT;
