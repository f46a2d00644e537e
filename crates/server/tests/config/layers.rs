//! Which source wins.

use domain::token::SigningAlgorithm;
use operations::limits::LimitsMode;
use secrecy::ExposeSecret;
use server::config::{MailTransport, Profile, Sources, print};

use super::{KEY, given};

#[test]
fn without_anything_the_defaults_hold() {
    let settings = given().settings();
    assert_eq!(settings.profile, Profile::Development);
    assert_eq!(settings.http.listen.to_string(), "127.0.0.1:8000");
    assert_eq!(settings.http.public_base(), "http://127.0.0.1:8000");
    assert_eq!(settings.database.url.expose_secret(), "sqlite:./data/vestibule.db");
    assert_eq!(settings.tokens.issuer, "http://127.0.0.1:8000");
    assert!(settings.warnings.is_empty());
}

#[test]
fn each_stronger_source_replaces_the_weaker_ones() {
    let port = |given: &super::Given| given.settings().http.listen.port();
    let given = given().file("vestibule.toml", "[http]\nlisten = \"127.0.0.1:1001\"");
    assert_eq!(port(&given), 1001);
    let given = given.file(".env", "VESTIBULE_HTTP__LISTEN=127.0.0.1:1002\nOTHER=1");
    assert_eq!(port(&given), 1002);
    let given = given.variable("VESTIBULE_HTTP__LISTEN", "127.0.0.1:1003");
    assert_eq!(port(&given), 1003);
    let given = given.flag("--listen", "http.listen", "127.0.0.1:1004");
    assert_eq!(port(&given), 1004);
    assert!(print(&given.settings()).contains("listen = \"127.0.0.1:1004\" # from flag --listen"));
}

#[test]
fn a_named_file_is_read_instead_of_the_usual_one() {
    let mut given = given()
        .file("vestibule.toml", "[http]\nlisten = \"127.0.0.1:1001\"")
        .file("other.toml", "[limits]\nmode = \"off\"");
    given.sources.file = Some("other.toml".into());
    let settings = given.settings();
    assert_eq!(settings.http.listen.port(), 8000);
    assert_eq!(settings.limits.settings.mode, LimitsMode::Off);
}

#[test]
fn a_named_file_must_exist() {
    let mut given = given();
    given.sources.file = Some("nowhere.toml".into());
    assert_eq!(
        given.problems(),
        ["the file cannot be read: there is no such file (nowhere.toml:1)"]
    );
}

#[test]
fn an_empty_variable_unsets_what_the_file_set() {
    let given = given()
        .file("vestibule.toml", "[redis]\nurl = \"redis://localhost\"")
        .variable("VESTIBULE_REDIS__URL", "");
    assert!(given.settings().redis.url.is_none());
}

#[test]
fn every_fixed_name_works_in_the_environment() {
    let given = given()
        .variable("VESTIBULE_PROFILE", "development")
        .variable("VESTIBULE_HTTP__LISTEN", "127.0.0.1:9000")
        .variable("VESTIBULE_HTTP__PUBLIC_URL", "https://id.example.org")
        .variable("VESTIBULE_DATABASE__URL", "postgres://u:p@localhost/v")
        .variable("VESTIBULE_REDIS__URL", "redis://localhost:6379")
        .variable("VESTIBULE_KAFKA__BROKERS", "one:9092, two:9092")
        .variable("VESTIBULE_MAIL__TRANSPORT", "smtp")
        .variable("VESTIBULE_MAIL__FOLDER", "/tmp/mail")
        .variable("VESTIBULE_MAIL__SMTP_URL", "smtp://localhost:25")
        .variable("VESTIBULE_LIMITS__MODE", "observe")
        .variable("VESTIBULE_ADMIN__USERNAME", "root_of_all")
        .variable("VESTIBULE_ADMIN__EMAIL", "root@example.org")
        .variable("VESTIBULE_ADMIN__PASSWORD", "seven-ducks-swim-home")
        .variable("VESTIBULE_TOKENS__ALGORITHM", "ES256")
        .variable("VESTIBULE_SECURITY__MASTER_KEY", KEY);
    let settings = given.settings();
    let secret = |secret: &Option<secrecy::SecretString>| {
        secret.as_ref().map(|secret| secret.expose_secret().to_owned()).unwrap()
    };
    assert_eq!(settings.profile, Profile::Development);
    assert_eq!(settings.http.listen.port(), 9000);
    assert_eq!(settings.http.public_base(), "https://id.example.org");
    assert!(settings.http.secure_cookies);
    assert_eq!(settings.tokens.issuer, "https://id.example.org");
    assert_eq!(settings.database.url.expose_secret(), "postgres://u:p@localhost/v");
    assert_eq!(secret(&settings.redis.url), "redis://localhost:6379");
    assert_eq!(settings.kafka.brokers, ["one:9092", "two:9092"]);
    assert_eq!(settings.mail.transport, MailTransport::Smtp);
    assert_eq!(settings.mail.folder.to_str(), Some("/tmp/mail"));
    assert_eq!(secret(&settings.mail.smtp.url), "smtp://localhost:25");
    assert_eq!(settings.limits.settings.mode, LimitsMode::Observe);
    assert_eq!(settings.admin.username.unwrap().as_str(), "root_of_all");
    assert_eq!(settings.admin.email.unwrap().as_str(), "root@example.org");
    assert_eq!(secret(&settings.admin.password), "seven-ducks-swim-home");
    assert_eq!(settings.tokens.algorithm, SigningAlgorithm::Es256);
    let key = settings.security.master_key.unwrap();
    assert_eq!(data_encoding::BASE64.encode(key.expose_secret()), KEY);
}

#[test]
fn of_the_process_only_our_variables_are_taken() {
    let sources = Sources::from_process(None, Vec::new()).unwrap();
    assert!(sources.environment.iter().all(|(name, _)| name.starts_with("VESTIBULE_")));
    assert!(sources.working_directory.is_absolute());
}
