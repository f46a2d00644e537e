//! What each kind of value may look like.

use std::time::Duration;

use server::config::{Kafka, Settings, print};

use super::given;

fn load(name: &str, value: &str) -> Option<Settings> {
    given().variable(&format!("VESTIBULE_{name}"), value).load().ok()
}

#[test]
fn durations_have_units() {
    for (text, expected) in [
        ("500ms", Some(Duration::from_millis(500))),
        ("10s", Some(Duration::from_secs(10))),
        (" 1m 30s ", Some(Duration::from_secs(90))),
        ("10", None),
        ("-1s", None),
        ("", None),
        ("soon", None),
        ("0s", None),
        ("1h", None),
        ("99999999999999999999s", None),
    ] {
        let found = load("HTTP__HEADER_TIMEOUT", text).map(|settings| settings.http.header_timeout);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn numbers_have_bounds() {
    for (text, is_good) in [
        ("1024", true),
        ("1048576", true),
        ("1023", false),
        ("1048577", false),
        ("-1", false),
        ("1e4", false),
        ("99999999999999999999", false),
    ] {
        assert_eq!(load("HTTP__MAX_BODY_BYTES", text).is_some(), is_good, "{text}");
    }
}

#[test]
fn proxies_are_networks_or_addresses() {
    let settings = load("HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1,192.168.1.1").unwrap();
    let networks: Vec<String> =
        settings.http.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.0.0.0/8", "::1/128", "192.168.1.1/32"]);
    assert!(load("HTTP__TRUSTED_PROXIES", "proxy.example.org").is_none());
}

#[test]
fn lists_are_arrays_in_files_and_separated_by_commas_elsewhere() {
    let brokers = |kafka: Kafka| kafka.brokers;
    let from_file = given().file("vestibule.toml", "[kafka]\nbrokers = [\"a:1\", \"b:2\"]");
    assert_eq!(brokers(from_file.settings().kafka), ["a:1", "b:2"]);
    let settings = load("KAFKA__BROKERS", "a:1,b:2,").unwrap();
    assert_eq!(brokers(settings.kafka), ["a:1", "b:2"]);
    assert!(brokers(load("KAFKA__BROKERS", "").unwrap().kafka).is_empty());
    for bad in ["brokers = \"a:1\"", "brokers = [1]", "brokers = [\"a\"]"] {
        let given = given().file("vestibule.toml", &format!("[kafka]\n{bad}"));
        assert_eq!(given.problems().len(), 1, "{bad}");
    }
}

#[test]
fn zero_leaves_the_number_to_the_machine() {
    let cores = std::thread::available_parallelism().unwrap().get();
    let settings = given().settings();
    assert_eq!(settings.passwords.threads, cores);
    assert_eq!(settings.database.max_connections as usize, 2 * cores + 2);
}

#[test]
fn the_sender_stays_in_one_line() {
    for (sender, is_good) in [
        ("no-reply@example.org", true),
        ("Vestibule <no-reply@localhost>", true),
        ("Vestibule", false),
        ("<@>", false),
        ("a@b, c@d", false),
        ("A <a@b>\r\nBcc: <c@d>", false),
    ] {
        assert_eq!(load("MAIL__FROM", sender).is_some(), is_good, "{sender}");
    }
}

#[test]
fn an_issuer_keeps_its_letters() {
    let settings = load("TOKENS__ISSUER", "https://id.example.org").unwrap();
    assert_eq!(settings.tokens.issuer, "https://id.example.org");
}

#[test]
fn the_public_url_follows_the_address() {
    for (listen, public_url) in [
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("[::1]:9000", "http://[::1]:9000"),
        ("[::]:9000", "http://127.0.0.1:9000"),
        ("[fe80::1%2]:9000", "http://[fe80::1]:9000"),
    ] {
        let given = given()
            .variable("VESTIBULE_HTTP__LISTEN", listen)
            .variable("VESTIBULE_HTTP__ALLOW_PUBLIC_LISTEN", "true");
        assert_eq!(given.settings().http.public_base(), public_url, "{listen}");
        let given = given
            .variable("VESTIBULE_HTTP__TLS_CERTIFICATE_FILE", "chain.pem")
            .variable("VESTIBULE_HTTP__TLS_KEY_FILE", "key.pem");
        let secure = public_url.replace("http:", "https:");
        assert_eq!(given.settings().http.public_base(), secure, "{listen}");
    }
}

#[test]
fn pwd_01_the_length_of_passwords_never_falls_below_the_profile() {
    let printed = |given: &super::Given| print(&given.settings());
    let nist = || given().variable("VESTIBULE_PASSWORDS__PROFILE", "nist");
    let plain = nist();
    let line = "min_length = 15 # from passwords.profile";
    assert!(printed(&plain).contains(line), "{}", printed(&plain));
    assert_eq!(plain.settings().passwords.account_policy().password.min, 15);
    assert!(!plain.settings().passwords.account_policy().allows_email_sign_in);
    let set = |length: &str| nist().variable("VESTIBULE_PASSWORDS__MIN_LENGTH", length).settings();
    for (length, expected, warnings) in [("8", 15, 1), ("15", 15, 0), ("20", 20, 0)] {
        let settings = set(length);
        assert_eq!(settings.passwords.account_policy().password.min, expected, "{length}");
        assert_eq!(settings.warnings.len(), warnings, "{length}: {:?}", settings.warnings);
    }
    let unlisted = nist().variable("VESTIBULE_PASSWORDS__BLOCKLIST", "false").problems();
    assert_eq!(unlisted.len(), 1, "{unlisted:?}");
    assert!(unlisted[0].contains("passwords.blocklist: passwords.profile"), "{unlisted:?}");
}

#[test]
fn events_are_kept_longer_than_an_account_can_be_restored() {
    let window = "[accounts]\nrestoration_window = \"100d\"\n[events]\nkeep = ";
    let problems = given().file("vestibule.toml", &format!("{window}\"106d\"")).problems();
    assert!(problems[0].contains("shorter than accounts.restoration_window"), "{problems:?}");
    assert!(given().file("vestibule.toml", &format!("{window}\"107d\"")).problems().is_empty());
    let problems = given().file("vestibule.toml", "[events]\nkeep = \"89d\"").problems();
    assert!(
        problems[0].starts_with("events.keep: \"89d\" is not within 90d to 3660d"),
        "{problems:?}"
    );
}
