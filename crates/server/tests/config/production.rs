//! Production refuses what is safe only in development (CFG-02, CFG-03, JWT-13), in a line that
//! names the setting and holds no secret.

use super::{KEY, given, given_production};

/// Stands in every secret below.
const CANARY: &str = "canary";
/// `changeme` four times.
const SAMPLE: &str = "Y2hhbmdlbWVjaGFuZ2VtZWNoYW5nZW1lY2hhbmdlbWU=";
const ZEROS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
/// 0, 1, 2 … 31.
const COUNTING: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const SIXTEEN_BYTES: &str = "3rZ5m0cUuWqJ1Yx8pTnF6g==";

const BAD: &[(&[(&str, &str)], &str)] = &[
    (&[("SECURITY__MASTER_KEY", "")], "security.master_key: must be set"),
    (&[("SECURITY__MASTER_KEY", "changeme-canary")], "security.master_key: is a well-known"),
    (&[("SECURITY__MASTER_KEY", "canary canary")], "security.master_key: is not base64"),
    (&[("SECURITY__MASTER_KEY", SIXTEEN_BYTES)], "security.master_key: has 16 bytes"),
    (&[("SECURITY__MASTER_KEY", SAMPLE)], "security.master_key: is a well-known"),
    (&[("SECURITY__MASTER_KEY", ZEROS)], "security.master_key: is a well-known"),
    (&[("SECURITY__MASTER_KEY", COUNTING)], "security.master_key: is a well-known"),
    (&[("HTTP__PUBLIC_URL", "http://accounts.example.org")], "http.public_url: must begin with"),
    (&[("HTTP__PUBLIC_URL", "https://a:canary@b.example")], "http.public_url: must not hold"),
    (&[("HTTP__PUBLIC_URL", ""), ("HTTP__LISTEN", "0.0.0.0:80")], "http.public_url: must be set"),
    (&[("HTTP__CORS_ORIGINS", "*")], "http.cors_origins: only exact origins"),
    (&[("HTTP__CORS_ORIGINS", "null")], "http.cors_origins: only exact origins"),
    (&[("HTTP__CORS_ORIGINS", "http://app.example.org")], "http.cors_origins: must all begin"),
    (&[("HTTP__CORS_ORIGINS", "https://app.example.org/")], "http.cors_origins: is not exactly"),
    (&[("HTTP__SECURE_COOKIES", "false")], "http.secure_cookies: must not be false"),
    (&[("HTTP__TRUSTED_PROXIES", "0.0.0.0/0")], "http.trusted_proxies: a network of everybody"),
    (&[("TOKENS__ISSUER", "http://accounts.example.org")], "tokens.issuer: must begin with"),
    (&[("TOKENS__ALGORITHM", "none")], "tokens.algorithm: \"none\" is not one of"),
    (&[("TOKENS__ACCESS_LIFETIME", "1h")], "tokens.access_lifetime: \"1h\" is not within"),
    (&[("TOKENS__ALGORITHM", "HS256")], "tokens.hs256_secret: must be set"),
    (
        &[("TOKENS__ALGORITHM", "HS256"), ("TOKENS__HS256_SECRET", "changeme")],
        "tokens.hs256_secret: is a well-known",
    ),
    (
        &[("TOKENS__ALGORITHM", "HS256"), ("TOKENS__HS256_SECRET", SIXTEEN_BYTES)],
        "tokens.hs256_secret: has 16 bytes",
    ),
    (
        &[("TOKENS__ALGORITHM", "HS256"), ("TOKENS__HS256_SECRET", "your-256-bit-secret")],
        "tokens.hs256_secret: is a well-known",
    ),
    (&[("PASSWORDS__MEMORY_KIB", "1024")], "passwords.memory_kib: makes a weak hash"),
    (&[("PASSWORDS__ITERATIONS", "1")], "passwords.memory_kib: makes a weak hash"),
    (
        &[("PASSWORDS__SCHEME", "pbkdf2_sha256"), ("PASSWORDS__PBKDF2_ITERATIONS", "1000")],
        "passwords.pbkdf2_iterations: makes a weak hash",
    ),
    (&[("PASSWORDS__SCHEME", "md5")], "passwords.scheme: \"md5\" is not one of"),
    (&[("PASSWORDS__MIN_LENGTH", "4")], "passwords.min_length: 4 is not within"),
    (
        &[("ADMIN__USERNAME", "somebody"), ("ADMIN__PASSWORD", "Vestibule2026!")],
        "admin.password: is too short",
    ),
    (
        &[("ADMIN__USERNAME", "canary_admin"), ("ADMIN__PASSWORD", "canary_admin1")],
        "admin.password: is too short",
    ),
    (&[("DATABASE__URL", "postgres://u:canary@db/v")], "database.url: leads over a network"),
    (&[("DATABASE__URL", "oracle://u:canary@db/v")], "database.url: must begin with sqlite:,"),
    (&[("DATABASE__URL", "sqlite::memory:")], "database.url: must name a file"),
    (&[("REDIS__URL", "redis://:canary@cache")], "redis.url: leads over a network"),
    (
        &[("MAIL__TRANSPORT", "smtp"), ("MAIL__SMTP_URL", "smtp://u:canary@mail")],
        "mail.smtp_url: leads over a network",
    ),
    (&[("MAIL__SMTP_URL", "smtp://u:canary@mail?tls=opportunistic")], "mail.smtp_url: leads over"),
    (&[("MAIL__SMTP_URL", "smtps://mail/canary")], "mail.smtp_url: must end after host and port"),
    (&[("MAIL__SMTP_URL", "smtps://canary@mail")], "mail.smtp_url: names a user without"),
    (&[("MAIL__SMTP_PASSWORD", "canary")], "mail.smtp_username: must be set with"),
    (&[("MAIL__SMTP_USERNAME", "u")], "mail.smtp_password: must be set with"),
    (
        &[
            ("MAIL__SMTP_URL", "smtps://u:canary@mail"),
            ("MAIL__SMTP_USERNAME", "u"),
            ("MAIL__SMTP_PASSWORD", "canary"),
        ],
        "mail.smtp_username: a user is also set by mail.smtp_url: keep one",
    ),
    (
        &[("MAIL__SMTP_URL", "smtp://localhost"), ("MAIL__SMTP_CA_FILE", "/ca.pem")],
        "mail.smtp_ca_file: is for TLS only",
    ),
    (&[("MAIL__SMTP_HELLO", "a b")], "mail.smtp_hello: \"a b\" is not a host name"),
    (&[("MAIL__TIMEOUT", "1m")], "mail.timeout: \"1m\" is not within"),
    (&[("MAIL__WEBHOOK_SECRET", "canary")], "mail.webhook_secret: must begin with whsec_"),
    (&[("MAIL__WEBHOOK_SECRET", "whsec_canary")], "mail.webhook_secret: must be base64"),
    (&[("MAIL__WEBHOOK_SECRET", "whsec_Y2FuYXJ5")], "mail.webhook_secret: must hold at least 24"),
    (&[("MAIL__TRANSPORT", "webhook")], "mail.webhook_url: must be set with"),
    (
        &[("MAIL__TRANSPORT", "webhook"), ("MAIL__WEBHOOK_URL", "https://hooks/canary")],
        "mail.webhook_secret: must be set with",
    ),
    (&[("SMS__TRANSPORT", "log")], "sms.transport: \"log\" writes codes to the log"),
    (&[("SMS__TRANSPORT", "gateway")], "sms.gateway_url: must be set with"),
    (&[("SMS__GATEWAY_URL", "http://sms/canary")], "sms.gateway_url: leads over a network"),
    (&[("SMS__GATEWAY_URL", "canary")], "sms.gateway_url: is not a URL"),
    (&[("SMS__GATEWAY_URL", "https://{from}.canary/")], "sms.gateway_url: must have its places"),
    (&[("SMS__GATEWAY_URL", "https://canary{to}/")], "sms.gateway_url: must have its places"),
    (
        &[("SMS__GATEWAY_URL", "https://sms/canary"), ("SMS__GATEWAY_METHOD", "GET")],
        "sms.gateway_body: must hold {text}, or sms.gateway_url must",
    ),
    (
        &[("SMS__GATEWAY_URL", "https://sms"), ("SMS__GATEWAY_BODY", "{\"canary\": {text}}")],
        "sms.gateway_body: is not JSON",
    ),
    (
        &[
            ("SMS__GATEWAY_URL", "https://sms"),
            ("SMS__GATEWAY_BODY", "{\"t\": \"{text}\", \"id\": {id}}"),
        ],
        "sms.gateway_body: is not JSON",
    ),
    (
        &[("SMS__TRANSPORT", "twilio"), ("SMS__FROM", "+1"), ("SMS__TWILIO_SECRET", "canary")],
        "sms.twilio_account_sid: must be set",
    ),
    (&[("SMS__TWILIO_ACCOUNT_SID", "AC/../x")], "sms.twilio_account_sid: \"AC/../x\" is not AC"),
    (&[("SMS__TWILIO_URL", "http://twilio.example")], "sms.twilio_url: leads over a network"),
    (&[("SMS__PER_PREFIX", "many")], "sms.per_prefix: \"many\" is not"),
    (&[("SMS__ALLOWED_PREFIXES", "49")], "sms.allowed_prefixes: \"49\" is not + and"),
    (&[("MAIL__WEBHOOK_URL", "http://mail/canary")], "mail.webhook_url: leads over a network"),
    (&[("LOG__LEVEL", "trace")], "log.level: must not be trace"),
    (&[("LOG__LEVEL", "info,h2=trace")], "log.level: must not be trace"),
    (&[("DEBUG", "canary")], "debug: unknown setting"),
    (&[("CODES__ECHO", "canary")], "codes.echo: unknown setting"),
];

#[test]
fn each_insecure_setting_is_refused_in_one_line_without_the_secret() {
    for (variables, expected) in BAD {
        let mut given = given_production();
        for (name, value) in *variables {
            given = given.variable(&format!("VESTIBULE_{name}"), value);
        }
        let problems = given.problems();
        assert_eq!(problems.len(), 1, "{variables:?}: {problems:?}");
        assert!(problems[0].starts_with(expected), "{expected}: {problems:?}");
        assert!(!problems[0].contains(CANARY), "{problems:?}");
        for secret in [SAMPLE, ZEROS, COUNTING, SIXTEEN_BYTES, "changeme", "Vestibule2026"] {
            assert!(!problems[0].contains(secret), "{problems:?}");
        }
    }
}

#[test]
fn production_starts_with_a_name_and_a_key() {
    let settings = given_production().settings();
    assert!(settings.http.secure_cookies);
    assert_eq!(settings.http.shutdown_grace.as_secs(), 5);
    // The folder transport is allowed, but nobody gets mail.
    let warned: Vec<&str> = settings.warnings.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(warned, ["mail.transport"]);
}

#[test]
fn production_that_mails_from_localhost_is_warned() {
    for (from, expected) in [
        (None, Some("mail.from")),
        (Some("Example <no-reply@mail.localhost>"), Some("mail.from")),
        (Some("no-reply@localhost"), Some("mail.from")),
        (Some("Example <no-reply@localhost.example.org>"), None),
    ] {
        let mut given = given_production()
            .variable("VESTIBULE_MAIL__TRANSPORT", "smtp")
            .variable("VESTIBULE_MAIL__SMTP_URL", "smtps://mail.example.org");
        if let Some(from) = from {
            given = given.variable("VESTIBULE_MAIL__FROM", from);
        }
        let settings = given.settings();
        let warned: Vec<&str> = settings.warnings.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(warned, expected.into_iter().collect::<Vec<_>>(), "{from:?}");
    }
}

#[test]
fn production_may_be_plain_on_this_machine_or_when_told() {
    for (name, value) in [
        ("HTTP__PUBLIC_URL", "http://127.0.0.1:8000"),
        ("HTTP__PUBLIC_URL", "http://[::1]:8000"),
        ("HTTP__PUBLIC_URL", ""),
        ("DATABASE__URL", "postgres://u:p@localhost/v"),
        ("DATABASE__URL", "postgres:///v?host=/run/postgresql"),
        ("DATABASE__URL", "postgres://u:p@db/v?sslmode=verify-full"),
        ("DATABASE__URL", "mysql://u:p@db/v?ssl-mode=VERIFY_IDENTITY"),
        ("REDIS__URL", "rediss://cache"),
        ("MAIL__SMTP_URL", "smtps://u:p@mail"),
        ("MAIL__SMTP_URL", "smtp://u:p@mail:587?tls=required"),
    ] {
        let given = given_production().variable(&format!("VESTIBULE_{name}"), value);
        assert!(given.problems().is_empty(), "{value}: {:?}", given.problems());
    }
    let given = given_production()
        .variable("VESTIBULE_DATABASE__URL", "mysql://u:p@db/v")
        .variable("VESTIBULE_SECURITY__ALLOW_PLAIN_CONNECTIONS", "true")
        .variable("VESTIBULE_HTTP__PUBLIC_URL", "http://accounts.example.org")
        .variable("VESTIBULE_HTTP__ALLOW_PLAIN_PUBLIC_URL", "true");
    assert!(given.problems().is_empty(), "{:?}", given.problems());
    assert!(!given.settings().http.secure_cookies);
}

#[test]
fn development_is_lenient_where_production_is_not() {
    let given = given()
        .variable("VESTIBULE_PASSWORDS__MEMORY_KIB", "64")
        .variable("VESTIBULE_PASSWORDS__ITERATIONS", "1")
        .variable("VESTIBULE_HTTP__PUBLIC_URL", "http://laptop.example.org")
        .variable("VESTIBULE_DATABASE__URL", "postgres://u:p@db/v")
        .variable("VESTIBULE_LOG__LEVEL", "trace");
    assert!(given.problems().is_empty(), "{:?}", given.problems());
    // A key that is set is checked all the same.
    let given = given.variable("VESTIBULE_SECURITY__MASTER_KEY", ZEROS);
    assert_eq!(given.problems().len(), 1);
    let given = given.variable("VESTIBULE_SECURITY__MASTER_KEY", KEY);
    assert!(given.problems().is_empty());
}

#[test]
fn cfg_04_what_is_inside_stays_there_in_development() {
    for key in ["VESTIBULE_HTTP__ADMIN_LISTEN", "VESTIBULE_JOBS__LISTEN"] {
        let problems = given().variable(key, "0.0.0.0:9001").problems();
        assert!(problems[0].contains("can be reached from other machines"), "{problems:?}");
        given().variable(key, "127.0.0.1:9001").settings();
        given_production().variable(key, "0.0.0.0:9001").settings();
    }
    let same = given().variable("VESTIBULE_HTTP__ADMIN_LISTEN", "127.0.0.1:8000").problems();
    assert!(same[0].contains("must be another than http.listen"), "{same:?}");
}
