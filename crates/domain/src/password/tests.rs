//! Rules of new passwords by example (docs/REQUIREMENTS.md).

use super::common::{COMMON, is_common};
use super::{Blocklist, Guess, MAX_BYTES, Password, PasswordPolicy, PasswordProfile};
use crate::characters::CharacterClass;
use crate::characters::fold;
use crate::policy::AccountPolicy;
use crate::rule::Rule;

const NOTHING: [Rule; 0] = [];

fn native() -> PasswordPolicy {
    AccountPolicy::native().password
}

fn broken(text: &str, context: &[&str]) -> Vec<Rule> {
    let context: Vec<Guess<'_>> = context.iter().map(|word| Guess::from(*word)).collect();
    native().broken_rules(&Password::new(text), &context)
}

#[test]
fn pwd_01_length_is_counted_in_code_points() {
    let short = [Rule::TooShort { min: 8 }];
    for text in ["", "zq9vk3w", "йцжвкяэ", "🦔🌆🎻🧭🪁🦩🧶", "       "] {
        assert_eq!(broken(text, &[]), short, "{text:?}");
    }
    for text in ["zq9vk3wx", "йцжвкяэъ", "🦔🌆🎻🧭🪁🦩🧶🪗", "        "] {
        assert_eq!(broken(text, &[]), NOTHING, "{text:?}");
    }
}

#[test]
fn pwd_01_nist_wants_fifteen_and_settings_only_raise_it() {
    let nist = |min, blocklist| PasswordProfile::Nist.policy(native(), min, blocklist);
    for (policy, least) in [(nist(8, true), 15), (nist(15, false), 15), (nist(20, true), 20)] {
        for character in ["q", "я", "🦔"] {
            let of = |length| Password::new(&character.repeat(length));
            let short = [Rule::TooShort { min: least }];
            assert_eq!(policy.broken_rules(&of(least - 1), &[]), short, "{character}");
            assert_eq!(policy.broken_rules(&of(least), &[]), NOTHING, "{character}");
        }
        assert_eq!(policy.blocklist, Blocklist::CommonAndContext, "it cannot be switched off");
        assert!(policy.classes.is_empty() && policy.signs.is_none(), "PWD-03");
    }
    let default = |min, blocklist| PasswordProfile::Default.policy(native(), min, blocklist);
    assert_eq!(default(8, true), native());
    assert_eq!(default(7, true).min, 8);
    assert_eq!(default(10, false).blocklist, Blocklist::None);
}

#[test]
fn otp_16_nist_lets_no_mailbox_sign_in() {
    assert!(!PasswordProfile::Nist.allows_email_sign_in());
    assert!(PasswordProfile::Default.allows_email_sign_in());
}

#[test]
fn pwd_01_what_is_counted_is_the_normal_form() {
    let decomposed = "e\u{301}".repeat(4);
    assert_eq!(decomposed.chars().count(), 8);
    assert_eq!(broken(&decomposed, &[]), [Rule::TooShort { min: 8 }]);
}

#[test]
fn pwd_02_up_to_128_code_points_and_512_bytes() {
    let long = [Rule::TooLong { max: 128 }];
    for character in ["q", "я", "🦔"] {
        for length in [64, 127, 128] {
            assert_eq!(broken(&character.repeat(length), &[]), NOTHING, "{character} × {length}");
        }
        for length in [129, 1_000_000] {
            assert_eq!(broken(&character.repeat(length), &[]), long, "{character} × {length}");
        }
    }
    assert!(!Password::new(&"q".repeat(MAX_BYTES)).is_oversized());
    assert!(Password::new(&"q".repeat(MAX_BYTES + 1)).is_oversized());
}

#[test]
fn pwd_03_no_character_is_asked_for_or_forbidden() {
    for text in [
        "qqqqqqqqqqqqqqqqqqqq",
        "90817263549081726354",
        "тихий вечер в саду",
        "ТИХИЙ ВЕЧЕР В САДУ",
        "correct horse battery staple",
        "🦔🌆🎻🧭🪁🦩🧶🪗",
        "  surrounded by blanks  ",
        "<script>' OR 1=1 --",
        "مساء هادئ في الحديقة",
        "静かな庭の夕暮れです",
    ] {
        assert_eq!(broken(text, &[]), NOTHING, "{text:?}");
    }
    assert_eq!(broken("with a nul\0 inside", &[]), [Rule::ForbiddenCharacter]);
}

#[test]
fn pwd_05_one_password_in_every_spelling() {
    assert_eq!(Password::new("caf\u{e9}"), Password::new("cafe\u{301}"));
    assert_eq!(Password::new("\u{439}"), Password::new("\u{438}\u{306}"));
}

#[test]
fn pwd_05_nothing_else_is_changed() {
    let typed = "  Кот ﬁ Ⅷ \u{a0}x ";
    assert_eq!(Password::new(typed).reveal(), typed);
    assert_ne!(Password::new("secret words"), Password::new(" secret words "));
    assert_ne!(Password::new("secret words"), Password::new("Secret words"));
}

#[test]
fn the_list_can_be_searched() {
    let mut count = 0;
    let mut before = "";
    assert!(COMMON.ends_with('\n'));
    for line in COMMON.lines() {
        assert!(before.as_bytes() < line.as_bytes(), "{before:?} stands before {line:?}");
        assert!(line.chars().count() >= 8, "{line:?} is too short to be accepted anyway");
        assert_eq!(Password::new(&fold(line)).reveal(), line, "{line:?} is never compared with");
        before = line;
        count += 1;
    }
    assert!(count >= 100_000, "{count}");
}

#[test]
fn every_entry_is_found_and_nothing_else() {
    for line in COMMON.lines() {
        assert!(is_common(line), "{line:?}");
    }
    for text in ["", "\n", "0", "password123\n", "\u{10ffff}", "passwor", "zzzzzzzzzzzzzzzzzz9"] {
        assert!(!is_common(text), "{text:?}");
    }
}

#[test]
fn pwd_06_three_thousand_common_passwords_are_refused_with_the_reason() {
    let step = COMMON.lines().count() / 3_000;
    let mut refused = 0;
    for line in COMMON.lines().step_by(step) {
        assert_eq!(broken(line, &[]), [Rule::CommonPassword], "{line:?}");
        assert_eq!(broken(&line.to_uppercase(), &[]), [Rule::CommonPassword], "{line:?}");
        refused += 1;
    }
    assert!(refused >= 3_000, "{refused}");
}

#[test]
fn pwd_06_common_passwords_in_any_case() {
    for text in [
        "password123",
        "PASSWORD123",
        "PassWord123",
        "12345678",
        "qwertyuiop",
        "1Q2w3e4r5t",
        "Iloveyou",
        "TrustNo1",
        "P@ssw0rd",
        "letmein1",
        "Пароль123",
        "йцукенгш",
    ] {
        assert_eq!(broken(text, &[]), [Rule::CommonPassword], "{text:?}");
    }
}

#[test]
fn pwd_06_words_about_the_account_and_the_service() {
    let context = ["Vestibule", "Ann.Smith", "asmith@example.com", "+7 916 123-45-67", "Анна", "Я"];
    for text in [
        "vestibule",
        "VESTIBULE",
        "vestibule2026",
        "Vestibule2026!",
        "!!vestibule",
        "2026vestibule",
        "ann.smith",
        "Ann.Smith1987",
        "asmith@example.com",
        "asmith2026",
        "79161234567",
        "+79161234567",
        "7(916)1234567",
        "анна1987!!",
    ] {
        assert_eq!(broken(text, &context), [Rule::ContextWord], "{text:?}");
    }
    for text in [
        "a vestibule full of coats",
        "vestibule83650172946",
        "annexation of puerto",
        "83650172946",
        "8я4#107352",
        "smithereens!",
    ] {
        assert_eq!(broken(text, &context), NOTHING, "{text:?}");
    }
    assert_eq!(broken("83650172946", &["", "@", "!!!"]), NOTHING, "empty words say nothing");
    assert_eq!(broken("!!!!!!!!!!!!!!!!", &["", "@", "!!!"]), NOTHING);
}

#[test]
fn a_surface_without_a_list_accepts_what_is_on_it() {
    let lenient = PasswordPolicy { blocklist: Blocklist::None, ..native() };
    let password = Password::new("password123");
    assert_eq!(lenient.broken_rules(&password, &["password".into()]), NOTHING);
}

#[test]
fn a_surface_may_ask_for_classes_and_signs() {
    let strict = PasswordPolicy {
        min: 6,
        max: 12,
        classes: &[CharacterClass::Lower, CharacterClass::Upper, CharacterClass::Digit],
        signs: Some("-_"),
        blocklist: Blocklist::None,
    };
    let broken = |text| strict.broken_rules(&Password::new(text), &[]);
    assert_eq!(broken("aB3-_x"), NOTHING);
    assert_eq!(broken("aB3 x!"), [Rule::ForbiddenCharacter]);
    assert_eq!(broken("aB3жжж"), [Rule::ForbiddenCharacter]);
    assert_eq!(
        broken("a"),
        [
            Rule::TooShort { min: 6 },
            Rule::MissingClass(CharacterClass::Upper),
            Rule::MissingClass(CharacterClass::Digit)
        ]
    );
    assert_eq!(broken("aB3aB3aB3aB3a"), [Rule::TooLong { max: 12 }]);
}

#[test]
fn a_password_does_not_print() {
    assert_eq!(format!("{:?}", Password::new("correct horse")), "Password(…)");
}

/// PWD-05: what counts is the composed text, however it was typed.
#[test]
fn a_long_password_is_the_same_composed_and_decomposed() {
    let composed = "\u{ac01}".repeat(100);
    let decomposed = "\u{1100}\u{1161}\u{11a8}".repeat(100);
    assert!(decomposed.len() > MAX_BYTES && composed.len() < MAX_BYTES);
    let (composed, decomposed) = (Password::new(&composed), Password::new(&decomposed));
    assert!(composed == decomposed && !decomposed.is_oversized());
    assert!(Password::new(&"a".repeat(513)).is_oversized());
}
