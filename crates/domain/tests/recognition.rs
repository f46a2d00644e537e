//! What a sign-in field holds.

use domain::{Identifier, IdentifierKind};
use proptest::prelude::*;

#[test]
fn the_kind_is_seen_by_the_look() {
    for (text, kind, key) in [
        ("Ann@Example.org", IdentifierKind::Email, "ann@example.org"),
        ("+1 (555) 010-0000", IdentifierKind::Phone, "+15550100000"),
        ("15550100000", IdentifierKind::Phone, "+15550100000"),
        ("Ann.Smith", IdentifierKind::Username, "ann.smith"),
        ("not@an@address", IdentifierKind::Username, "not@an@address"),
    ] {
        let identifier = Identifier::recognise(text);
        assert_eq!((identifier.kind(), identifier.key()), (kind, key), "{text}");
    }
}

#[test]
fn what_nobody_can_have_finds_nobody() {
    assert_eq!(Identifier::recognise("ann\0").key(), "", "no database keeps NUL in a text");
    assert_eq!(Identifier::recognise(&"a".repeat(100_000)).key(), "");
    assert_eq!(Identifier::of_kind(IdentifierKind::Email, "ann").key(), "");
    assert_eq!(Identifier::of_kind(IdentifierKind::Username, "ann@x.io").key(), "");
}

proptest! {
    #[test]
    fn any_text_is_recognised(text in "\\PC{0,200}") {
        let identifier = Identifier::recognise(&text);
        prop_assert!(!identifier.key().contains('\0'));
    }
}
