//! A link that comes back with the number of an account beside it, as pages of Djoser's send it.

use data_encoding::BASE64URL_NOPAD;
use domain::confirmation::Purpose;
use domain::policy::UnknownUser;
use domain::token::SecretToken;
use domain::{Refusal, User};
use storage::{Tx, users};

use super::find_by_link;
use crate::context::Context;
use crate::error::Result;

#[derive(Clone, Debug)]
pub struct NumberedLink {
    /// None where no number was sent.
    number: Option<i64>,
    link: SecretToken,
}

impl NumberedLink {
    /// `uid` is the base64url of a number's digits.
    pub fn new(uid: &str, token: &str) -> Self {
        let digits = BASE64URL_NOPAD.decode(uid.trim_end_matches('=').as_bytes()).ok();
        let digits = digits.and_then(|digits| String::from_utf8(digits).ok());
        let is_number = |digits: &String| digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.filter(is_number).and_then(|digits| digits.parse().ok());
        Self { number, link: SecretToken::new(token) }
    }

    pub(crate) const fn link(&self) -> &SecretToken {
        &self.link
    }

    /// Whose link it is, without spending it. Refused where the number is another account's, so that
    /// a link is worth something here with its own number alone; and, where the surface tells, by another
    /// word where it is nobody's.
    pub(crate) async fn find(&self, ctx: &Context, tx: &mut Tx, purpose: Purpose) -> Result<User> {
        let number = self.number.ok_or(Refusal::UserNotFound)?;
        let owner = find_by_link(ctx, tx, purpose, &self.link).await?;
        if let Some(owner) = owner.filter(|owner| owner.number == number) {
            return Ok(owner);
        }
        // Elsewhere not even looked up, so that time does not tell either.
        if ctx.policy.unknown_number == UnknownUser::Revealed {
            let named = users::find_by_number(tx, number).await?;
            named.filter(User::is_present).ok_or(Refusal::UserNotFound)?;
        }
        Err(Refusal::LinkInvalid.into())
    }
}

/// As [`NumberedLink::new`] reads it.
pub(crate) fn uid_of(user: &User) -> String {
    BASE64URL_NOPAD.encode(user.number.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_python_writes_it() {
        let number = |uid: &str| NumberedLink::new(uid, "").number;
        let written = |digits: &str| BASE64URL_NOPAD.encode(digits.as_bytes());
        assert_eq!(number("MQ"), Some(1));
        assert_eq!(number("MQ=="), Some(1));
        assert_eq!(number(&written("9223372036854775807")), Some(i64::MAX));
        for digits in ["", "-1", "+1", " 1", "1_0", "9223372036854775808", "x"] {
            assert_eq!(number(&written(digits)), None, "{digits}");
        }
        for uid in ["!!", "M Q", "_w"] {
            assert_eq!(number(uid), None, "{uid} is no text in base64url");
        }
    }
}
