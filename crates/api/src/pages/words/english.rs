//! English.

use domain::{CharacterClass, Rule};
use http::StatusCode;

use super::{Done, Link, Said, Words};

pub(in crate::pages) struct English;

impl Words for English {
    fn ask(&self, link: Link) -> Said {
        let (title, paragraphs): (_, &[&str]) = match link {
            Link::VerifyEmail => (
                "Confirm your e-mail address",
                &["Press the button to show that the address is yours."],
            ),
            Link::VerifyPhone => (
                "Confirm your phone number",
                &["Press the button to show that the number is yours."],
            ),
            Link::Recover => (
                "Set a new password",
                &["You choose it on the next page. When it is set, you are signed out everywhere."],
            ),
            Link::TakeBack => (
                "Take your address back",
                &[
                    "Your account gets its old address back, and everybody is signed out.",
                    "Then you choose a new password: the old one is not good any more, for whoever \
                     replaced the address may know it.",
                ],
            ),
            Link::Restore => (
                "Restore your account",
                &["It was deleted. Say whose account it is, and it comes back."],
            ),
        };
        Said { title, paragraphs }
    }

    fn button(&self, link: Link) -> &'static str {
        match link {
            Link::VerifyEmail => "Confirm the address",
            Link::VerifyPhone => "Confirm the number",
            Link::Recover => "Continue",
            Link::TakeBack => "Take the address back",
            Link::Restore => "Restore the account",
        }
    }

    fn done(&self, done: Done) -> Said {
        let (title, paragraphs): (_, &[&str]) = match done {
            Done::EmailVerified => {
                ("Your address is confirmed", &["Thank you. You can close this page."])
            }
            Done::PhoneVerified => {
                ("Your number is confirmed", &["Thank you. You can close this page."])
            }
            Done::PasswordSet => (
                "Your password is set",
                &["You are signed out everywhere. Sign in with the new password."],
            ),
            Done::Restored => (
                "Your account is back",
                &["Sign in as before. Special rights do not come back by themselves: ask an \
                   administrator for them."],
            ),
        };
        Said { title, paragraphs }
    }

    fn refused(&self, status: StatusCode) -> Said {
        let (title, paragraphs): (_, &[&str]) = match status {
            StatusCode::BAD_REQUEST => (
                "This link does not work",
                &[
                    "It is incomplete, was used before, or is too old.",
                    "Ask for a new one where you asked for this one. Only the newest works.",
                ],
            ),
            StatusCode::CONFLICT => (
                "This address is taken",
                &["Another account has shown that the address belongs to it."],
            ),
            StatusCode::GONE => {
                ("The time is over", &["This account cannot be restored any more."])
            }
            StatusCode::FORBIDDEN => (
                "Another site sent this",
                &["Open the link from the message, and press the button there."],
            ),
            StatusCode::NOT_FOUND => {
                ("There is no such page", &["Open the link from the message once more, in full."])
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                ("Nothing is shown here", &["Open the link from the message once more."])
            }
            StatusCode::TOO_MANY_REQUESTS => (
                "This was tried too often",
                &[
                    "Wait a few minutes, then try again. The link stays good until its time is over.",
                ],
            ),
            status if status.is_server_error() => (
                "We cannot answer right now",
                &["Try again in a moment. The link stays good until its time is over."],
            ),
            _ => (
                "This could not be read",
                &["Open the link from the message once more, and press the button there."],
            ),
        };
        Said { title, paragraphs }
    }

    fn rule(&self, rule: &Rule) -> String {
        let text = match rule {
            Rule::Required => "A password is needed.",
            Rule::TooShort { min } => return format!("At least {min} characters are needed."),
            Rule::TooLong { max } => return format!("At most {max} characters are allowed."),
            Rule::ForbiddenCharacter => "A character in it is not allowed.",
            Rule::MissingClass(CharacterClass::Lower) => "A lower-case letter is needed.",
            Rule::MissingClass(CharacterClass::Upper) => "An upper-case letter is needed.",
            Rule::MissingClass(CharacterClass::Digit) => "A digit is needed.",
            Rule::MissingClass(CharacterClass::Dash) => "A - or _ is needed.",
            Rule::CommonPassword => "This password is among the first that attackers try.",
            Rule::ContextWord => "This is too close to the name of the account or the service.",
            Rule::OnlyDigits => "Digits alone are not enough.",
            Rule::TooSimilar(_) => "This is too much like something in the account.",
            Rule::NotAnEmail
            | Rule::NotAPhone
            | Rule::LooksLikeEmail
            | Rule::LooksLikePhone
            | Rule::NotALocale
            | Rule::NotAnObject
            | Rule::UnknownPermission(_)
            | Rule::NoPermissionOfRoles(_)
            | Rule::NoWebhook(_)
            | Rule::UnknownEventType(_)
            | Rule::NotInFuture => "This is not allowed here.",
        };
        text.to_owned()
    }

    fn footer(&self) -> &'static str {
        "Nothing changes until you press the button."
    }

    fn identifier(&self) -> &'static str {
        "E-mail address, username or phone number"
    }

    fn does_not_fit(&self) -> &'static str {
        "The link does not belong to this account, or was used before."
    }

    fn choose_password(&self, is_taken_back: bool) -> Said {
        let paragraphs: &[&str] = if is_taken_back {
            &["Your account has its address back, and everybody is signed out. Now choose a \
               password that nobody else knows."]
        } else {
            &["When it is set, you are signed out everywhere."]
        };
        Said { title: "Choose a new password", paragraphs }
    }

    fn password(&self) -> &'static str {
        "New password"
    }

    fn repeated(&self) -> &'static str {
        "The same once more"
    }

    fn at_least(&self, min: usize) -> String {
        format!("At least {min} characters. A few words in a row are fine.")
    }

    fn not_repeated(&self) -> &'static str {
        "The two passwords are not the same."
    }

    fn set_password(&self) -> &'static str {
        "Set the password"
    }
}
