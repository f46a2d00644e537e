//! `[dialects]`: which surfaces answer, and where.

use api::dialects::{DialectProfile, Dialects};
use domain::Surface;
use domain::confirmation::Purpose;
use secrecy::ExposeSecret;

use super::{Given, given, given_production};

#[test]
fn development_answers_all_and_production_those_that_are_named() {
    assert_eq!(
        given().settings().dialects.names(),
        ["user_management", "jwt_accounts", "djoser", "mailed_codes"]
    );
    assert!(given_production().settings().dialects.names().is_empty());
    let named = given_production().variable("VESTIBULE_DIALECTS__ENABLED", "djoser");
    assert_eq!(named.settings().dialects.names(), ["djoser"]);
    let none = given().variable("VESTIBULE_DIALECTS__ENABLED", "native");
    assert!(none.settings().dialects.names().is_empty());
    let none = given().file("vestibule.toml", "[dialects]\nenabled = []\n");
    assert!(none.settings().dialects.names().is_empty());
}

#[test]
fn the_defaults_of_the_file_are_those_of_the_code() {
    assert_eq!(given().settings().dialects, Dialects::all_by_default());
}

#[test]
fn a_dialect_is_set_up_in_a_section_of_its_own() {
    let file = "[dialects.djoser]\nprefix = \"/legacy/auth\"\nprofile = \"hardened\"\n\
                access_lifetime = \"2m\"\nrefresh_lifetime = \"3d\"\nrotate_refresh_tokens = true\n";
    let dialects = given().file("vestibule.toml", file).settings().dialects;
    let djoser = dialects.get(Surface::Djoser).expect("enabled");
    assert_eq!(djoser.prefix, "/legacy/auth");
    assert_eq!(djoser.profile, DialectProfile::Hardened);
    assert_eq!(djoser.lifetimes.access.as_secs(), 120);
    assert_eq!(djoser.lifetimes.refresh.as_secs(), 3 * 24 * 3600);
    assert_eq!(djoser.lifetimes.session.as_secs(), 30 * 24 * 3600, "tokens.refresh_absolute");
    assert!(djoser.lifetimes.rotates);
}

#[test]
fn two_surfaces_on_one_path_are_named() {
    let clash = given().variable("VESTIBULE_DIALECTS__DJOSER__PREFIX", "/");
    let problems = clash.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    for part in ["dialects.enabled: ", "jwt_accounts", "djoser", "GET /", "another prefix"] {
        assert!(problems[0].contains(part), "{part}: {problems:?}");
    }
    // Where only one of them answers, there is room.
    let alone = given()
        .variable("VESTIBULE_DIALECTS__DJOSER__PREFIX", "/")
        .variable("VESTIBULE_DIALECTS__ENABLED", "djoser");
    assert!(alone.problems().is_empty(), "{:?}", alone.problems());
}

#[test]
fn what_cannot_be_meant_is_said() {
    for (name, value, part) in [
        ("DIALECTS__ENABLED", "djosr", "\"djosr\" is no dialect: there are user_management"),
        ("DIALECTS__ENABLED", "operator", "\"operator\" is no dialect"),
        ("DIALECTS__DJOSER__PREFIX", "legacy", "\"legacy\" is not a path"),
        ("DIALECTS__DJOSER__PREFIX", "/legacy/", "is not a path"),
        ("DIALECTS__DJOSER__PREFIX", "/a//b", "is not a path"),
        ("DIALECTS__DJOSER__PREFIX", "/a/../b", "is not a path"),
        ("DIALECTS__DJOSER__PREFIX", "/{id}", "is not a path"),
        ("DIALECTS__DJOSER__PREFIX", "/api/v1/auth", "lies below /api/v1, which is taken"),
        ("DIALECTS__JWT_ACCOUNTS__PREFIX", "/docs", "lies below /docs, which is taken"),
        ("DIALECTS__DJOSER__PREFIX", "/.well-known", "lies below /.well-known, which is taken"),
        ("DIALECTS__DJOSER__PROFILE", "strict", "\"strict\" is not one of"),
        ("DIALECTS__DJOSER__ACCESS_LIFETIME", "2d", "is not within"),
        ("DIALECTS__DJOSER__ACCESS_LIFETIME", "0s", "is not within"),
        ("DIALECTS__JWT_ACCOUNTS__ROTATE", "true", "unknown setting"),
        ("DIALECTS__MAILED", "x", "unknown setting"),
    ] {
        let given = given().variable(&format!("VESTIBULE_{name}"), value);
        let problems = given.problems();
        assert_eq!(problems.len(), 1, "{name}={value}: {problems:?}");
        assert!(problems[0].contains(part), "{part}: {problems:?}");
    }
}

#[test]
fn production_is_told_which_dialects_keep_weaker_rules() {
    let given = given_production().variable("VESTIBULE_DIALECTS__ENABLED", "djoser,jwt_accounts");
    let given = given.variable("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened");
    let warnings: Vec<String> = given.settings().warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.iter().any(|line| line.contains("dialects.jwt_accounts.profile")));
    assert!(!warnings.iter().any(|line| line.contains("dialects.djoser.profile")));
}

#[test]
fn reg_12_whoever_hides_who_is_registered_is_told_what_still_tells() {
    let told = |variables: &[(&str, &str)]| {
        let enabled = given().variable("VESTIBULE_DIALECTS__ENABLED", "djoser");
        let given = variables.iter().fold(enabled, |given, (name, value)| {
            given.variable(&format!("VESTIBULE_{name}"), value)
        });
        let warnings = given.settings().warnings;
        warnings.iter().any(|it| it.key == "accounts.sign_in_needs_verification")
    };
    let (hardened, hidden) =
        (("DIALECTS__DJOSER__PROFILE", "hardened"), ("ACCOUNTS__REGISTRATION_REVEALS", "false"));
    let strict = ("ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true");
    assert!(!told(&[]));
    assert!(told(&[hardened]) && told(&[hidden]));
    assert!(!told(&[hardened, hidden, strict]));
}

#[test]
fn otp_02_short_codes_of_mailed_codes_are_named_one_by_one() {
    let lengths = |file: &str| {
        let dialects = given().file("vestibule.toml", file).settings().dialects;
        let codes = dialects.get(Surface::MailedCodes).expect("enabled").codes.expect("its own");
        [Purpose::Registration, Purpose::SignIn, Purpose::Recovery].map(|of| codes.of(of))
    };
    assert_eq!(lengths(""), [4, 4, 4]);
    assert_eq!(lengths("[dialects.mailed_codes]\ncode_digits = 8\n"), [8, 8, 8]);
    let some = "[dialects.mailed_codes]\nallow_short_codes = [\"registration\", \"sign_in\"]\n";
    let problems = |file: &str| given().file("vestibule.toml", file).problems();
    let refused = problems(some);
    assert!(
        refused.iter().any(|line| {
            line.starts_with("dialects.mailed_codes.code_digits") && line.contains("recovery")
        }),
        "{refused:?}"
    );
    assert_eq!(lengths(&format!("{some}code_digits = 6\n")), [6, 6, 6]);
    lengths(&format!("{some}profile = \"hardened\"\n"));
    let other = problems("[dialects.mailed_codes]\nallow_short_codes = [\"deletion\"]\n");
    assert!(
        other.iter().any(|line| line.starts_with("dialects.mailed_codes.allow_short_codes")),
        "{other:?}"
    );
    let known = "\"deletion\" is no purpose: there are registration, sign_in, recovery";
    assert!(other.iter().any(|line| line.contains(known)), "{other:?}");
    let few = given().file("vestibule.toml", "[dialects.mailed_codes]\ncode_digits = 3\n");
    let few = few.problems();
    assert!(
        few.iter().any(|line| line.starts_with("dialects.mailed_codes.code_digits")),
        "{few:?}"
    );
}

#[test]
fn otp_02_production_is_warned_of_short_codes() {
    let production = || given_production().variable("VESTIBULE_DIALECTS__ENABLED", "mailed_codes");
    let warns = |given: Given| {
        let warnings = given.settings().warnings;
        warnings.iter().any(|warning| warning.to_string().contains("code_digits"))
    };
    assert!(warns(production()));
    assert!(!warns(production().variable("VESTIBULE_DIALECTS__MAILED_CODES__CODE_DIGITS", "6")));
    assert!(!warns(production().variable("VESTIBULE_DIALECTS__MAILED_CODES__PROFILE", "hardened")));
}

const STRONG: &str = "tM6$kq2!vXz9#Rb4@Wn7&Lp1*Fh8^Jd3+Gs5=Yc0";
const OTHER: &str = "jT5_hR0.yN8-cW3:uQ6~eL1/iO9|sZ4;kX7?bM2";

#[test]
fn a_dialect_can_have_a_secret_of_its_own() {
    let settings = given()
        .variable("VESTIBULE_DIALECTS__DJOSER__SECRET", STRONG)
        .file("before", &format!("{OTHER}\n"))
        .variable("VESTIBULE_DIALECTS__DJOSER__PREVIOUS_SECRET_FILE", "before")
        .settings();
    let [djoser] = settings.dialect_secrets.as_slice() else { panic!("one") };
    assert_eq!(djoser.surface, Surface::Djoser);
    assert_eq!(djoser.secret.expose_secret(), STRONG, "to the letter");
    assert_eq!(djoser.previous.as_ref().unwrap().expose_secret(), OTHER);
    assert_eq!(djoser.issuer, "http://127.0.0.1:8000/djoser");
    assert!(!djoser.accepts_legacy);
    assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
    assert!(!format!("{settings:?}").contains(STRONG));

    let issuer = given()
        .variable("VESTIBULE_DIALECTS__DJOSER__SECRET", STRONG)
        .variable("VESTIBULE_DIALECTS__DJOSER__ISSUER", "old-service");
    assert_eq!(issuer.settings().dialect_secrets[0].issuer, "old-service");
    // That of a dialect which does not answer is no reason for anything.
    let silent = issuer.variable("VESTIBULE_DIALECTS__ENABLED", "jwt_accounts");
    assert!(silent.settings().dialect_secrets.is_empty());
}

/// A token that was never presented here dies by what the events tell, as long as they are there.
#[test]
fn ses_09_events_are_kept_longer_than_old_tokens_live() {
    let keeping = |keep: &str, life: &str, accepts: &str| {
        given()
            .variable("VESTIBULE_EVENTS__KEEP", keep)
            .variable("VESTIBULE_DIALECTS__DJOSER__SECRET", STRONG)
            .variable("VESTIBULE_DIALECTS__DJOSER__REFRESH_LIFETIME", life)
            .variable("VESTIBULE_DIALECTS__DJOSER__ACCEPT_LEGACY_TOKENS", accepts)
    };
    for (keep, life) in [("90d", "90d"), ("90d", "365d"), ("364d", "365d")] {
        let problems = keeping(keep, life, "true").problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        let says = "dialects.djoser.accept_legacy_tokens: is true, but events.keep";
        assert!(problems[0].starts_with(says), "{problems:?}");
    }
    let silent = keeping("90d", "365d", "true");
    let silent = silent.variable("VESTIBULE_DIALECTS__ENABLED", "jwt_accounts");
    for good in [
        keeping("91d", "90d", "true"),
        keeping("90d", "365d", "false"),
        keeping("", "365d", "true"),
        silent,
    ] {
        assert!(good.problems().is_empty(), "{:?}", good.problems());
    }
}

/// JWT-13
#[test]
fn a_weak_secret_is_taken_only_where_that_is_allowed() {
    let djangos = format!("django-insecure-{}", &STRONG[..40]);
    for (weak, part) in [
        ("changeme", "has 8 bytes, 32 are the least"),
        (&STRONG[..16], "has 16 bytes"),
        (&STRONG[..31], "has 31 bytes"),
        (&"0".repeat(64), "well-known sample value"),
        (&"secret".repeat(8), "well-known sample value"),
        (&djangos, "well-known sample value"),
    ] {
        for name in ["SECRET", "PREVIOUS_SECRET"] {
            let other = if name == "SECRET" { "PREVIOUS_SECRET" } else { "SECRET" };
            let given = given()
                .variable(&format!("VESTIBULE_DIALECTS__DJOSER__{name}"), weak)
                .variable(&format!("VESTIBULE_DIALECTS__DJOSER__{other}"), OTHER);
            let problems = given.problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(part), "{part}: {problems:?}");
            assert!(problems[0].contains("dialects.djoser.allow_weak_secret"), "{problems:?}");
            assert!(!problems[0].contains(weak), "{problems:?}");
            let allowed = given.variable("VESTIBULE_DIALECTS__DJOSER__ALLOW_WEAK_SECRET", "true");
            let settings = allowed.settings();
            let [warning] = settings.warnings.as_slice() else { panic!("one, at each start") };
            assert_eq!(warning.key, format!("dialects.djoser.{}", name.to_lowercase()));
            assert!(warning.what.contains(part), "{warning:?}");
        }
    }
    let strong = given().variable("VESTIBULE_DIALECTS__DJOSER__SECRET", &STRONG[..32]);
    assert!(strong.settings().warnings.is_empty());
}

/// JWT-06
#[test]
fn each_secret_and_each_issuer_is_one_dialects() {
    const KEY: &str = "2yv8q3lJm0wZ6nRkT1sXcA5dBgHfUjWe7iPoQ4rLz9E=";
    let with = |pairs: &[(&str, &str)]| {
        let given = pairs.iter().fold(given(), |given, (name, value)| {
            given.variable(&format!("VESTIBULE_{name}"), value)
        });
        given.problems()
    };
    let both =
        with(&[("DIALECTS__DJOSER__SECRET", STRONG), ("DIALECTS__JWT_ACCOUNTS__SECRET", STRONG)]);
    assert_eq!(both.len(), 1, "{both:?}");
    let says = "dialects.djoser.secret: is the same as dialects.jwt_accounts.secret";
    assert!(both[0].starts_with(says), "{both:?}");
    let previous = with(&[
        ("DIALECTS__DJOSER__SECRET", STRONG),
        ("DIALECTS__DJOSER__PREVIOUS_SECRET", STRONG),
    ]);
    assert!(
        previous[0].starts_with("dialects.djoser.previous_secret: is the same"),
        "{previous:?}"
    );
    for (name, value, says) in [
        (
            "DIALECTS__DJOSER__ISSUER",
            "http://127.0.0.1:8000",
            "issuer: is the same as tokens.issuer",
        ),
        ("DIALECTS__DJOSER__ISSUER", "http://127.0.0.1:8000/jwt_accounts", "is the same as"),
    ] {
        let problems = with(&[
            ("DIALECTS__JWT_ACCOUNTS__SECRET", OTHER),
            ("DIALECTS__DJOSER__SECRET", STRONG),
            (name, value),
        ]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(says), "{problems:?}");
    }
    // The same bytes as the deployment's: one decodes, the other takes the letters.
    let deployment = with(&[
        ("TOKENS__ALGORITHM", "HS256"),
        ("TOKENS__HS256_SECRET", KEY),
        ("DIALECTS__DJOSER__SECRET", KEY),
    ]);
    assert_eq!(deployment.len(), 1, "{deployment:?}");
    for alone in ["PREVIOUS_SECRET", "ISSUER"] {
        let problems = with(&[(&format!("DIALECTS__DJOSER__{alone}"), STRONG)]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("used only with dialects.djoser.secret"), "{problems:?}");
    }
}
