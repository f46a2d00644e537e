//! Which rule a field breaks, in English: no contract quotes these words.

use domain::{CharacterClass, Rule};

pub(super) const fn say_rule(rule: &Rule) -> &'static str {
    match rule {
        Rule::Required => "a value is required",
        Rule::TooShort { .. } => "the value is too short",
        Rule::TooLong { .. } => "the value is too long",
        Rule::ForbiddenCharacter => "forbidden characters",
        Rule::MissingClass(CharacterClass::Lower) => "a lowercase letter is required",
        Rule::MissingClass(CharacterClass::Upper) => "an uppercase letter is required",
        Rule::MissingClass(CharacterClass::Digit) => "a digit is required",
        Rule::MissingClass(CharacterClass::Dash) => "a - or _ is required",
        Rule::NotAnEmail => "not an email address",
        Rule::NotAPhone => "not a phone number",
        Rule::LooksLikeEmail => "a username may not look like an email address",
        Rule::LooksLikePhone => "a username may not look like a phone number",
        Rule::NotALocale => "not a language tag",
        Rule::CommonPassword => "the password is too common",
        Rule::ContextWord | Rule::TooSimilar(_) => "the password is too similar to the account",
        Rule::OnlyDigits => "the password is entirely numeric",
        Rule::NotAnObject => "not an object",
        Rule::UnknownPermission(_) | Rule::NoPermissionOfRoles(_) => "no such permission",
        Rule::NoWebhook(_) => "events are not sent to this address",
        Rule::UnknownEventType(_) => "no such events",
        Rule::NotInFuture => "this time is over",
    }
}
