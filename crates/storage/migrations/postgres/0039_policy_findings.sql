-- policy_findings: The rules of a candidate policy that a password or a username broke at the last sign-in.
CREATE TABLE policy_findings (
    user_id UUID NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    policy BYTEA NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, rule),
    CONSTRAINT policy_findings_user_id_references FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX policy_findings_policy_rule ON policy_findings (policy, rule);
