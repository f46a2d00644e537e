//! Everything wrong is said at once, with its place.

use super::given;

#[test]
fn unknown_and_bad_settings_of_all_sources_are_reported_together() {
    let given = given()
        .file(
            "vestibule.toml",
            "colour = 1\n[http]\nkeep_alive = 10\nlissten = \"127.0.0.1:1\"\n[htp]\n",
        )
        .file(".env", "VESTIBULE_LIMITS__MODE=maybe")
        .variable("VESTIBULE_HTTP_LISTEN", "127.0.0.1:2")
        .variable("VESTIBULE_TOKENS__ACCESS_LIFETIME", "20m")
        .flag("--jobs", "jobs.concurrency", "many");
    assert_eq!(
        given.problems(),
        [
            "http.keep_alive: 10 has no unit: write a number and its unit, such as \"500ms\", \
             \"10s\", \"5m\", \"14d\" (vestibule.toml:3)",
            "tokens.access_lifetime: \"20m\" is not within 1s to 15m (environment variable \
             VESTIBULE_TOKENS__ACCESS_LIFETIME)",
            "limits.mode: \"maybe\" is not one of \"enforce\", \"observe\", \"off\" (.env \
             variable VESTIBULE_LIMITS__MODE)",
            "jobs.concurrency: \"many\" is not a whole number (flag --jobs)",
            "colour: unknown setting (vestibule.toml:1)",
            "htp: unknown setting (vestibule.toml:5)",
            "http.lissten: unknown setting; did you mean http.listen? (vestibule.toml:4)",
            "http_listen: unknown setting; did you mean VESTIBULE_HTTP__LISTEN? (environment \
             variable VESTIBULE_HTTP_LISTEN)",
        ]
    );
}

#[test]
fn a_file_that_is_not_toml_is_reported_with_its_line_and_without_its_text() {
    let given = given()
        .file("vestibule.toml", "[admin]\npassword = canary-one\"\n[limits]\nmode = \"never\"\n")
        .file(".env", "A=1\nVESTIBULE_ADMIN__PASSWORD='canary-two\nB=2\n");
    let problems = given.problems();
    let all = problems.join("\n");
    assert!(problems.iter().any(|line| line.ends_with("(vestibule.toml:2)")), "{all}");
    assert!(problems.contains(&"not of the form NAME=value (.env:2)".to_owned()), "{all}");
    assert!(problems.iter().any(|line| line.starts_with("limits.mode: ")), "{all}");
    assert!(!all.contains("canary"), "{all}");
}

#[test]
fn an_empty_section_is_no_mistake() {
    assert!(given().file("vestibule.toml", "[http]\n[limits]\n").problems().is_empty());
}

#[test]
fn a_section_where_a_value_belongs_is_named() {
    let given = given().file("vestibule.toml", "[http.listen]\nport = 1\n[limits]\nmode = {}\n");
    assert_eq!(
        given.problems(),
        [
            "http.listen: must be a text in quotes, not a section (vestibule.toml:1)",
            "limits.mode: must be a text in quotes, not a section (vestibule.toml:4)",
        ]
    );
}

#[test]
fn variables_of_the_test_runner_and_of_kubernetes_are_not_ours() {
    let given = given()
        .variable("VESTIBULE_TEST_POSTGRES", "postgres://localhost")
        .variable("VESTIBULE_SERVICE_HOST", "10.0.0.1")
        .variable("VESTIBULE_SERVICE_PORT", "8000")
        .variable("VESTIBULE_SERVICE_PORT_HTTP", "8000")
        .variable("VESTIBULE_PORT", "tcp://10.0.0.1:8000")
        .variable("VESTIBULE_PORT_8000_TCP", "tcp://10.0.0.1:8000")
        .variable("VESTIBULE_PORT_8000_TCP_ADDR", "10.0.0.1");
    assert!(given.problems().is_empty(), "{:?}", given.problems());
    let given = given.variable("VESTIBULE_PORT", "8000").variable("VESTIBULE_http__LISTEN", "x");
    assert_eq!(given.problems().len(), 2, "{:?}", given.problems());
}

#[test]
fn development_listens_on_this_machine_unless_told() {
    let given = given().variable("VESTIBULE_HTTP__LISTEN", "0.0.0.0:8000");
    let problems = given.problems();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("http.listen: 0.0.0.0:8000 can be reached"), "{problems:?}");
    assert!(problems[0].ends_with("(environment variable VESTIBULE_HTTP__LISTEN)"));
    let given = given.variable("VESTIBULE_HTTP__ALLOW_PUBLIC_LISTEN", "true");
    assert_eq!(given.settings().http.public_base(), "http://127.0.0.1:8000");
}

#[test]
fn a_broken_value_does_not_draw_others_after_it() {
    let given = given()
        .variable("VESTIBULE_TOKENS__ALGORITHM", "HS512")
        .variable("VESTIBULE_TOKENS__HS256_SECRET", super::KEY);
    assert_eq!(given.problems().len(), 1, "{:?}", given.problems());
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    for (key, value, about) in [
        ("MAIL__TRANSPORT", "smtp", "mail.smtp_url"),
        ("MAIL__TRANSPORT", "webhook", "mail.webhook_url"),
        ("TOKENS__ALGORITHM", "HS256", "tokens.hs256_secret"),
        ("TOKENS__HS256_SECRET", super::KEY, "tokens.hs256_secret"),
        ("TOKENS__REFRESH_IDLE", "31d", "tokens.refresh_idle"),
        ("TOKENS__KEY_PUBLISHED_AHEAD", "1m", "tokens.key_published_ahead"),
        ("TOKENS__KEY_LIFETIME", "1d", "tokens.key_published_ahead"),
        ("HTTP__COOKIE_HOST_PREFIX", "true", "http.cookie_host_prefix"),
        ("HTTP__SHUTDOWN_GRACE", "26s", "http.drain_timeout"),
        ("HTTP__TLS_CERTIFICATE_FILE", "chain.pem", "http.tls_key_file"),
        ("HTTP__TLS_KEY_FILE", "key.pem", "http.tls_certificate_file"),
        ("PASSWORDS__PARALLELISM", "16", ""),
        ("PASSWORDS__MEMORY_KIB", "9", ""),
        ("ADMIN__USERNAME", "somebody", "admin.password"),
        ("ADMIN__PASSWORD", "seven-ducks-swim-home", "admin.password"),
    ] {
        let problems = given().variable(&format!("VESTIBULE_{key}"), value).problems();
        if about.is_empty() {
            assert!(problems.is_empty(), "{key}: {problems:?}");
        } else {
            assert_eq!(problems.len(), 1, "{key}: {problems:?}");
            assert!(problems[0].starts_with(&format!("{about}: ")), "{problems:?}");
        }
    }
    let given = given()
        .variable("VESTIBULE_PASSWORDS__PARALLELISM", "2")
        .variable("VESTIBULE_PASSWORDS__MEMORY_KIB", "15");
    assert_eq!(given.problems().len(), 1);
}

/// In every profile: nobody answers there.
#[test]
fn a_service_with_a_certificate_is_reached_by_https() {
    for given in [given(), super::given_production()] {
        let given = given
            .variable("VESTIBULE_HTTP__TLS_CERTIFICATE_FILE", "chain.pem")
            .variable("VESTIBULE_HTTP__TLS_KEY_FILE", "key.pem")
            .variable("VESTIBULE_HTTP__ALLOW_PLAIN_PUBLIC_URL", "true")
            .variable("VESTIBULE_HTTP__PUBLIC_URL", "http://localhost:8000");
        let problems = given.problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with("http.public_url: must begin with https://: "));
        let given = given.variable("VESTIBULE_HTTP__PUBLIC_URL", "https://localhost:8000");
        assert!(given.settings().http.secure_cookies);
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_reported_once() {
    let given = given();
    std::fs::create_dir(given.path().join(".env")).unwrap();
    std::fs::create_dir(given.path().join("vestibule.toml")).unwrap();
    let problems = given.problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|line| line.starts_with("the file cannot be read: ")));
}

#[test]
fn a_password_that_must_be_written_otherwise_in_a_url_is_told_and_not_shown() {
    for password in ["can/ary", "can#ary", "can?ary"] {
        let url = format!("postgres://vestibule:{password}@localhost/vestibule");
        let problems = given().variable("VESTIBULE_DATABASE__URL", &url).problems();
        assert!(problems[0].contains("write / as %2F"), "{problems:?}");
        assert!(!problems[0].contains("ary"), "{problems:?}");
    }
}
