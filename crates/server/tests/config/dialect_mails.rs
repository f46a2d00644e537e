//! `[dialects.djoser]`: what it mails, and where the links lead (RCV-02).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use api::dialects::DialectMails;
use domain::{MailPages, Surface};

use super::{Given, given, given_production};

fn mails(given: &Given) -> DialectMails {
    let dialects = given.settings().dialects;
    dialects.get(Surface::Djoser).expect("enabled").mails.clone()
}

#[test]
fn links_lead_below_the_site_that_is_named() {
    let file = "[dialects.djoser]\nsite_url = \"https://app.example.org/de/\"\n\
                activation_url = \"activate?u={uid}&t={token}\"\nsend_activation_email = true\n\
                send_confirmation_email = true\nusername_changed_email_confirmation = true\n";
    let mails = mails(&given().file("vestibule.toml", file));
    assert!(mails.activates && mails.welcomes && mails.tells_of_new_username);
    let MailPages { site, verify_email, recover, .. } = mails.pages;
    assert_eq!(site.as_deref(), Some("https://app.example.org/de"));
    assert_eq!(verify_email.as_deref(), Some("activate?u={uid}&t={token}"));
    assert_eq!(recover.as_deref(), Some("#/password/reset/confirm/{uid}/{token}"), "the default");
}

#[test]
fn nothing_is_switched_on_that_was_not_asked_for() {
    let mails = mails(&given());
    assert!(!(mails.activates || mails.welcomes || mails.tells_of_new_username));
    assert_eq!(mails.pages.site, None, "the public URL");
}

#[test]
fn rcv_02_what_is_no_page_of_the_site_is_refused() {
    for (name, value, part) in [
        ("SITE_URL", "app.example.org", "is not a URL"),
        ("SITE_URL", "ftp://app.example.org", "must begin with http"),
        ("SITE_URL", "https://ann:secret@app.example.org", "must not hold a user name"),
        ("SITE_URL", "https://app.example.org/#/", "must end before any ? or #"),
        ("ACTIVATION_URL", "#/activate/{uid}", "in it once each"),
        ("ACTIVATION_URL", "#/activate/{token}", "in it once each"),
        ("ACTIVATION_URL", "#/{uid}/{token}/{token}", "in it once each"),
        ("PASSWORD_RESET_CONFIRM_URL", "#/{uid}/{token}/{domain}", "in it once each"),
        ("PASSWORD_RESET_CONFIRM_URL", "#/ {uid}/{token}", "in it once each"),
        ("USERNAME_RESET_CONFIRM_URL", "https://evil.example/{uid}/{token}", "in it once each"),
        ("USERNAME_RESET_CONFIRM_URL", "", "must not be empty"),
    ] {
        let given = given().variable(&format!("VESTIBULE_DIALECTS__DJOSER__{name}"), value);
        let problems = given.problems();
        assert_eq!(problems.len(), 1, "{name}={value}: {problems:?}");
        assert!(problems[0].contains(part), "{part}: {problems:?}");
    }
}

#[test]
fn production_sends_no_credentials_to_a_plain_page() {
    let plain = given_production()
        .variable("VESTIBULE_DIALECTS__DJOSER__SITE_URL", "http://app.example.org");
    let problems = plain.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("dialects.djoser.site_url"), "{problems:?}");
    assert!(problems[0].contains("must begin with https://"), "{problems:?}");
}

#[test]
fn whoever_asks_for_activation_here_alone_is_told_that_it_is_here_alone() {
    let told = |variables: &[(&str, &str)]| {
        let given = variables.iter().fold(given(), |given, (name, value)| {
            given.variable(&format!("VESTIBULE_{name}"), value)
        });
        let warnings = given.settings().warnings;
        warnings.iter().any(|it| it.key == "dialects.djoser.send_activation_email")
    };
    let activates = ("DIALECTS__DJOSER__SEND_ACTIVATION_EMAIL", "true");
    let everywhere = ("ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true");
    assert!(!told(&[]) && !told(&[activates, everywhere]));
    assert!(!told(&[activates, ("DIALECTS__ENABLED", "jwt_accounts")]), "it does not answer");
    assert!(told(&[activates]));
}
