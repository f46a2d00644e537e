//! Which characters may stand in what people call themselves.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

/// A kind of character of which at least one must stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CharacterClass {
    Lower,
    Upper,
    Digit,
    /// One of `-` and `_`.
    Dash,
}

impl CharacterClass {
    pub fn is_in(self, text: &str) -> bool {
        text.chars().any(|character| match self {
            Self::Lower => character.is_lowercase(),
            Self::Upper => character.is_uppercase(),
            Self::Digit => character.is_ascii_digit(),
            Self::Dash => matches!(character, '-' | '_'),
        })
    }
}

/// Letters, marks and numbers of any script that have one spelling only.
///
/// Characters that NFKC rewrites (full-width forms, ligatures, the Kelvin sign) are refused
/// instead of folded, so that two spellings can never quietly become one account (REG-04).
pub(crate) fn is_word(character: char) -> bool {
    let is_word = matches!(
        get_general_category(character),
        GeneralCategory::UppercaseLetter
            | GeneralCategory::LowercaseLetter
            | GeneralCategory::TitlecaseLetter
            | GeneralCategory::ModifierLetter
            | GeneralCategory::OtherLetter
            | GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::DecimalNumber
    );
    is_word
        && !is_ignorable(character)
        && std::iter::once(character).nfkc().eq(std::iter::once(character).nfc())
}

/// Letters and marks that are drawn as nothing (`Default_Ignorable_Code_Point` of Unicode): with
/// them a name could look like another one, or like no name at all.
fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Neither control nor format characters (bidi, zero-width), separators of lines, private or
/// unassigned code points: what may stand in a name for display (REG-07).
pub(crate) fn is_printable(character: char) -> bool {
    !matches!(
        get_general_category(character),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
    )
}

/// The form in which identifiers are compared: NFC of the Unicode case folding.
pub(crate) fn fold(text: &str) -> String {
    caseless::default_case_fold_str(text).nfc().collect()
}

pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}
