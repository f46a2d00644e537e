//! Secrets come from settings and files, and go nowhere (CFG-05).

use secrecy::ExposeSecret;
use server::config::{Problem, Settings, print};

use super::{Given, KEY, given};

const CANARY: &str = "canary-b7f3";

fn redis(settings: &Settings) -> Option<String> {
    settings.redis.url.as_ref().map(|url| url.expose_secret().to_owned())
}

#[test]
fn a_secret_can_stand_in_a_file_named_by_the_environment_or_by_toml() {
    let with_file = || given().file("secret", "redis://from-file\n");
    let by_variable = with_file().variable("VESTIBULE_REDIS__URL_FILE", "secret");
    assert_eq!(redis(&by_variable.settings()).as_deref(), Some("redis://from-file"));
    let by_toml = with_file().file("vestibule.toml", "[redis]\nurl_file = \"secret\"");
    assert_eq!(redis(&by_toml.settings()).as_deref(), Some("redis://from-file"));
    // A stronger source replaces the file of a weaker one, and the other way round.
    let stronger = by_toml.variable("VESTIBULE_REDIS__URL", "redis://from-variable");
    assert_eq!(redis(&stronger.settings()).as_deref(), Some("redis://from-variable"));
    let stronger = by_variable.file("vestibule.toml", "[redis]\nurl = \"redis://from-toml\"");
    assert_eq!(redis(&stronger.settings()).as_deref(), Some("redis://from-file"));
    assert!(
        print(&stronger.settings())
            .contains("# from environment variable VESTIBULE_REDIS__URL_FILE")
    );
}

const WEBHOOK_SECRET: &str = "whsec_3rZ5m0cUuWqJ1Yx8pTnF6sLd2vHkBgE9";

const DIALECT_SECRET: &str = "tM6$kq2!vXz9#Rb4@Wn7&Lp1*Fh8^Jd3+Gs5=Yc0";

#[test]
fn every_secret_has_a_file() {
    let secrets = [
        ("SECURITY__MASTER_KEY", KEY),
        ("TOKENS__HS256_SECRET", KEY),
        ("DIALECTS__DJOSER__SECRET", DIALECT_SECRET),
        ("ADMIN__PASSWORD", "seven-ducks-swim-home"),
        ("DATABASE__URL", "mysql://u:p@localhost/v"),
        ("REDIS__URL", "redis://localhost"),
        ("MAIL__SMTP_URL", "smtp://localhost"),
        ("MAIL__SMTP_PASSWORD", "p"),
        ("MAIL__WEBHOOK_URL", "http://localhost"),
        ("MAIL__WEBHOOK_SECRET", WEBHOOK_SECRET),
        ("SMS__GATEWAY_URL", "http://localhost/{to}"),
        ("SMS__GATEWAY_BODY", "{\"text\": \"{text}\", \"key\": \"k\"}"),
        ("SMS__GATEWAY_AUTHORIZATION", "Bearer b"),
        ("SMS__TWILIO_SECRET", "t"),
    ];
    let mut given = given()
        .variable("VESTIBULE_TOKENS__ALGORITHM", "HS256")
        .variable("VESTIBULE_ADMIN__USERNAME", "somebody")
        .variable("VESTIBULE_MAIL__SMTP_USERNAME", "u");
    for (name, value) in secrets {
        given = given
            .file(name, &format!("{value}\r\n"))
            .variable(&format!("VESTIBULE_{name}_FILE"), name);
    }
    let settings = given.settings();
    assert_eq!(settings.security.master_key.unwrap().expose_secret().len(), 32);
    assert_eq!(settings.tokens.hs256_secret.unwrap().expose_secret().len(), 32);
    assert_eq!(settings.dialect_secrets[0].secret.expose_secret(), DIALECT_SECRET);
    assert_eq!(settings.admin.password.unwrap().expose_secret(), "seven-ducks-swim-home");
    assert_eq!(settings.database.url.expose_secret(), "mysql://u:p@localhost/v");
    assert_eq!(settings.mail.smtp.url.unwrap().expose_secret(), "smtp://localhost");
    assert_eq!(settings.mail.smtp.password.unwrap().expose_secret(), "p");
    assert_eq!(settings.mail.webhook_url.unwrap().expose_secret(), "http://localhost");
    assert_eq!(settings.mail.webhook_secret.unwrap().expose_secret(), WEBHOOK_SECRET);
    assert_eq!(settings.sms.gateway.url.unwrap().expose_secret(), "http://localhost/{to}");
    let (body, _) = settings.sms.gateway.body.unwrap();
    assert_eq!(body.expose_secret(), "{\"text\": \"{text}\", \"key\": \"k\"}");
    assert_eq!(settings.sms.gateway.authorization.unwrap().expose_secret(), "Bearer b");
    assert_eq!(settings.sms.twilio.secret.unwrap().expose_secret(), "t");
}

#[test]
fn only_secrets_have_files() {
    let given = given().variable("VESTIBULE_HTTP__LISTEN_FILE", "secret");
    assert_eq!(given.problems().len(), 1);
    assert!(given.problems()[0].starts_with("http.listen_file: unknown setting"));
}

#[test]
fn what_is_wrong_with_a_file_is_said_without_its_content() {
    let bad =
        |given: Given| given.variable("VESTIBULE_SECURITY__MASTER_KEY_FILE", "key").problems();
    let missing = bad(given());
    assert_eq!(missing.len(), 1);
    assert!(missing[0].starts_with("security.master_key: the file key cannot be read: "));
    assert!(missing[0].ends_with("(environment variable VESTIBULE_SECURITY__MASTER_KEY_FILE)"));
    assert!(bad(given().file("key", "\n"))[0].contains("the file is empty"));
    let content = bad(given().file("key", CANARY));
    assert_eq!(content.len(), 1);
    assert!(!content[0].contains(CANARY), "{content:?}");
}

#[test]
fn a_secret_set_twice_in_one_source_is_ambiguous() {
    let given = given()
        .file("secret", "redis://one")
        .variable("VESTIBULE_REDIS__URL_FILE", "secret")
        .variable("VESTIBULE_REDIS__URL", "redis://two");
    assert_eq!(
        given.problems(),
        ["redis.url: is also set by environment variable VESTIBULE_REDIS__URL_FILE: keep one \
          (environment variable VESTIBULE_REDIS__URL)"]
    );
    let given = given.variable("VESTIBULE_REDIS__URL", "");
    assert_eq!(redis(&given.settings()).as_deref(), Some("redis://one"));
}

#[test]
fn a_secret_is_not_taken_from_the_command_line() {
    let given = given().flag("--redis", "redis.url", &format!("redis://:{CANARY}@localhost"));
    let problems = given.problems();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].ends_with("(flag --redis)") && !problems[0].contains(CANARY));
}

#[test]
fn no_secret_is_printed() {
    let key = "YmI3MzNjYW5hcnktYjdmMzI0MTVkZjE5OTAxMmFlNTQ=";
    let given = given()
        .variable("VESTIBULE_SECURITY__MASTER_KEY", key)
        .variable("VESTIBULE_TOKENS__ALGORITHM", "HS256")
        .variable("VESTIBULE_TOKENS__HS256_SECRET", key)
        .variable("VESTIBULE_ADMIN__EMAIL", "root@example.org")
        .variable("VESTIBULE_ADMIN__PASSWORD", CANARY)
        .variable(
            "VESTIBULE_DATABASE__URL",
            &format!("postgres://u:{CANARY}@db/v?password={CANARY}"),
        )
        .variable("VESTIBULE_REDIS__URL", &format!("redis://:{CANARY}@cache:6380/1"))
        .variable("VESTIBULE_MAIL__SMTP_URL", &format!("smtps://u:{CANARY}@mail"))
        .variable("VESTIBULE_MAIL__WEBHOOK_URL", &format!("https://hooks.example.org/{CANARY}"));
    let settings = given.settings();
    let printed = print(&settings);
    for text in [&printed, &format!("{settings:?}"), &format!("{settings:#?}")] {
        assert!(!text.contains(CANARY) && !text.contains(key), "{text}");
        // Neither as the bytes of a decoded key.
        assert!(!text.contains("98, 98, 55"), "{text}");
    }
    for line in [
        "master_key = \"<redacted>\" # from environment variable VESTIBULE_SECURITY__MASTER_KEY",
        "password = \"<redacted>\" # from",
        "url = \"postgres://u:<redacted>@db/v?<redacted>\" # from",
        "url = \"redis://:<redacted>@cache:6380/1\" # from",
        "smtp_url = \"smtps://u:<redacted>@mail\" # from",
        "webhook_url = \"<redacted>\" # from",
    ] {
        assert!(printed.contains(line), "{line} is not in\n{printed}");
    }
    // Nothing is shown as set that is not.
    assert!(print(&super::given().settings()).contains("\nmaster_key = \"\" # from default\n"));
}

#[test]
fn a_problem_is_made_of_its_key_its_words_and_its_place() {
    let problems = given().variable("VESTIBULE_JOBS__WORKER", "perhaps").load().unwrap_err();
    let [Problem { key, what, source }] = problems.0.as_slice() else { panic!("{problems}") };
    assert_eq!(key, "jobs.worker");
    assert_eq!(what, "\"perhaps\" is neither true nor false");
    assert_eq!(source.to_string(), "environment variable VESTIBULE_JOBS__WORKER");
}
