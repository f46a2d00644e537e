//! Times, names and language tags.

use std::time::Duration;

use domain::{Rule, Timestamp, text};

#[test]
fn times_are_shown_in_utc_with_microseconds() {
    let time = Timestamp::from_micros(1_700_227_425_737_500);
    assert_eq!(time.to_rfc3339(), "2023-11-17T13:23:45.737500Z");
    assert_eq!(Timestamp::from_seconds(0).to_rfc3339(), "1970-01-01T00:00:00.000000Z");
    assert_eq!(Timestamp::from_micros(-1).as_seconds(), -1, "rounded down, not towards zero");
}

#[test]
fn r_22_times_do_not_overflow() {
    let last = Timestamp::from_micros(i64::MAX);
    assert_eq!(last + Duration::MAX, last);
    assert_eq!(Timestamp::from_seconds(i64::MAX), last);
    assert!(!last.to_rfc3339().is_empty());
    assert_eq!(Timestamp::from_seconds(1).since(Timestamp::from_seconds(2)), Duration::ZERO);
    assert_eq!(Timestamp::from_seconds(4_102_444_800).to_rfc3339(), "2100-01-01T00:00:00.000000Z");
}

#[test]
fn names_are_kept_as_written_without_outer_blanks() {
    assert_eq!(text::parse_name("  Ann-Marie O'Neil ").as_deref(), Ok("Ann-Marie O'Neil"));
    assert_eq!(text::parse_name("").as_deref(), Ok(""));
    assert_eq!(text::parse_name("<a href>").as_deref(), Ok("<a href>"), "escaped where shown");
    for name in ["a\0b", "a\nb", "a\u{202e}b", "a\u{2028}b"] {
        assert_eq!(text::parse_name(name), Err(Rule::ForbiddenCharacter), "{name:?}");
    }
    assert_eq!(text::parse_name(&"я".repeat(151)), Err(Rule::TooLong { max: 150 }));
}

#[test]
fn locales_are_language_tags() {
    for tag in ["en", "pt-BR", "zh-Hant-TW", "de-1996"] {
        assert_eq!(text::parse_locale(tag).as_deref(), Ok(tag));
    }
    for tag in ["", "e", "en_US", "en-", "-en", "english language", "en-\u{200b}", "12"] {
        assert_eq!(text::parse_locale(tag), Err(Rule::NotALocale), "{tag:?}");
    }
}
