//! Phone numbers: E.164 whatever the punctuation.

use domain::{Phone, Rule};
use proptest::prelude::*;

#[test]
fn reg_19_one_number_however_it_is_written() {
    for text in ["+1 (555) 010-0000", "15550100000", "+15550100000", "1.555.010.0000"] {
        assert_eq!(Phone::parse(text).expect("a number").as_str(), "+15550100000", "{text}");
    }
}

#[test]
fn reg_07_what_is_no_number_is_refused() {
    for text in [
        "",
        "+",
        "123456",
        "+1234567890123456",
        "++15550100000",
        "+1555010000a",
        "+0123456789",
        "0155501000",
        "+1\u{200b}5550100000",
        "+1555\n0100000",
        "１５５５０１０００００",
        "+٠١٢٣٤٥٦٧٨",
        "tel:+15550100000",
        "+1 555 010 0000 ext 5",
    ] {
        assert_eq!(Phone::parse(text), Err(Rule::NotAPhone), "{text:?}");
    }
    assert!(Phone::parse("1234567").is_ok());
    assert!(Phone::parse("+123456789012345").is_ok());
}

proptest! {
    #[test]
    fn what_is_kept_is_kept_again(text in "[+0-9 ().-]{0,30}") {
        if let Ok(phone) = Phone::parse(&text) {
            let again = Phone::parse(phone.as_str());
            prop_assert_eq!(again.as_ref().map(Phone::as_str), Ok(phone.as_str()));
        }
    }
}
