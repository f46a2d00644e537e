-- policy_findings: The rules of a candidate policy that a password or a username broke at the last sign-in.
CREATE TABLE policy_findings (
    user_id BLOB NOT NULL,
    rule TEXT NOT NULL,
    policy BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, rule),
    CONSTRAINT policy_findings_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
) STRICT;
CREATE INDEX policy_findings_policy_rule ON policy_findings (policy, rule);
