-- policy_findings: The rules of a candidate policy that a password or a username broke at the last sign-in.
CREATE TABLE IF NOT EXISTS policy_findings (
    user_id BINARY(16) NOT NULL,
    rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    policy VARBINARY(32) NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, rule),
    CONSTRAINT policy_findings_user_id_references FOREIGN KEY (user_id) REFERENCES users (id),
    INDEX policy_findings_policy_rule (policy, rule)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
