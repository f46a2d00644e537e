//! Where the links in our messages lead.

pub use domain::mail_pages::TOKEN_PLACE;
use domain::token::SecretToken;
use domain::{MailPages, User};

use crate::confirmations::uid_of;
use crate::context::Context;
use crate::services::Services;

/// Pages of the operator's own, with `{token}` where the token belongs; the others are ours.
#[derive(Clone, Debug, Default)]
pub struct Links {
    pub verify_email: Option<String>,
    pub verify_phone: Option<String>,
    pub recover: Option<String>,
    pub take_back: Option<String>,
    pub restore: Option<String>,
}

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

impl LinkTo {
    /// The page of the surface, where it has one of its own.
    const fn page(self, pages: &MailPages) -> Option<&String> {
        match self {
            Self::VerifyEmail => pages.verify_email.as_ref(),
            Self::Recover => pages.recover.as_ref(),
            Self::VerifyPhone | Self::TakeBack | Self::Restore => None,
        }
    }

    /// Whether a code may be sent beside the link: pages of the surface's own take none.
    pub(crate) fn takes_codes(self, ctx: &Context) -> bool {
        self.page(&ctx.policy.pages).is_none()
    }
}

impl Services {
    /// To the page of the surface that causes the message, else to the operator's or ours.
    pub(crate) fn link_for(
        &self,
        ctx: &Context,
        user: &User,
        to: LinkTo,
        token: &SecretToken,
    ) -> String {
        match to.page(&ctx.policy.pages) {
            Some(page) => self.link_to_page(ctx, user, page, token),
            None => self.templates.link(to, token),
        }
    }

    pub(crate) fn link_to_page(
        &self,
        ctx: &Context,
        user: &User,
        page: &str,
        token: &SecretToken,
    ) -> String {
        let public_url = self.templates.public_url();
        ctx.policy.pages.address(public_url, page, &uid_of(user), token.reveal())
    }
}
