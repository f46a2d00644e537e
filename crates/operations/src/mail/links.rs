//! Where the links in our messages lead.

use domain::token::SecretToken;

/// Pages of the operator's own, with `{token}` where the token belongs; the others are ours.
#[derive(Clone, Debug, Default)]
pub struct Links {
    pub verify_email: Option<String>,
    pub verify_phone: Option<String>,
    pub recover: Option<String>,
    pub take_back: Option<String>,
    pub restore: Option<String>,
}

/// What stands for the token in a page of the operator's own.
pub const TOKEN_PLACE: &str = "{token}";

/// What a link is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LinkTo {
    VerifyEmail,
    VerifyPhone,
    Recover,
    TakeBack,
    Restore,
}

impl Links {
    /// Made of settings alone, whatever request caused it (RCV-02).
    pub(super) fn link(&self, public_url: &str, to: LinkTo, token: &SecretToken) -> String {
        let (own, ours) = match to {
            LinkTo::VerifyEmail => (&self.verify_email, "verify-email"),
            LinkTo::VerifyPhone => (&self.verify_phone, "verify-phone"),
            LinkTo::Recover => (&self.recover, "recover"),
            LinkTo::TakeBack => (&self.take_back, "take-back"),
            LinkTo::Restore => (&self.restore, "restore"),
        };
        match own {
            Some(template) => template.replace(TOKEN_PLACE, token.reveal()),
            None => format!("{public_url}/link/{ours}?token={}", token.reveal()),
        }
    }
}
