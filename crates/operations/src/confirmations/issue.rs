//! Make a new code, a new link, or both. Those before are dead at once (OTP-08).

use std::time::Duration;

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use domain::confirmation::{Purpose, code_of, guesses_of, lifetime_of};
use domain::flow::FLOW_LIFETIME;
use domain::token::SecretToken;
use storage::confirmations::{self, Confirmation};
use storage::{Tx, UniqueKey};

use super::brake::is_braked;
use super::{Address, Sending, Whose, Worth};
use crate::context::Context;
use crate::error::Result;
use crate::mail::minutes;
use crate::services::Services;

const SEAL: &str = "confirmation";

/// What is to be made.
pub(crate) struct Order<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) whose: Whose<'a>,
    /// Where it will be sent to; none where nobody is.
    pub(crate) address: Option<&'a Address>,
    pub(crate) with_code: bool,
    /// What has to be known when the link comes back; sealed while it is kept.
    pub(crate) detail: Option<&'a [u8]>,
}

/// Where the code is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShownIn {
    /// The flow that sent it. It lives no longer, and is worth nothing anywhere else.
    Flow,
    /// By whoever names the account.
    Anything,
}

/// What was made, in clear for whoever sends it.
pub(crate) struct Issued {
    /// None where codes are off for the account: it was guessed at too often.
    pub(crate) code: Option<SecretToken>,
    pub(crate) link: SecretToken,
    pub(crate) code_expires_at: Timestamp,
    pub(crate) link_expires_at: Timestamp,
    challenge: Vec<u8>,
    sending: Sending,
}

impl Issued {
    /// Which sending it was: a code may be taken of this one alone.
    pub(crate) fn challenge(&self) -> &[u8] {
        &self.challenge
    }

    /// How long code and link are good for, as a message says it.
    pub(crate) fn minutes(&self, now: Timestamp) -> (u64, u64) {
        (minutes(self.code_expires_at.since(now)), minutes(self.link_expires_at.since(now)))
    }

    /// Of a message that carries it: until all of it is worthless.
    pub(crate) fn worth(self) -> Worth {
        let over_at = self.code_expires_at.max(self.link_expires_at);
        let code_until = self.code.map(|_| self.code_expires_at);
        Worth { over_at, code_until, sending: Some(self.sending) }
    }
}

/// In the transaction of whoever sends it. The account's row is locked by the caller.
pub(crate) async fn issue(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    order: &Order<'_>,
) -> Result<Issued> {
    issue_for(services, ctx, tx, order, ShownIn::Anything).await
}

/// The same, for what is done in several steps, too.
pub(crate) async fn issue_for(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    order: &Order<'_>,
    shown_in: ShownIn,
) -> Result<Issued> {
    let Order { purpose, whose, address, with_code, detail } = *order;
    let bucket = services.confirmation_bucket(purpose, whose);
    let is_braked = is_braked(ctx, tx).await?;
    let found = confirmations::find_locked(tx, &bucket).await?;
    let endurance = found.as_ref().map(|found| found.endurance).unwrap_or_default();
    let base = ctx.policy.codes.of(purpose);
    let digits = endurance.digits(purpose, base, is_braked, ctx.now).filter(|_| with_code);
    let code = digits.map(|digits| draw(services, digits));
    let link = new_link(services);
    let challenge = services.entropy.bytes::<16>().to_vec();
    let issued = Issued {
        code_expires_at: digits.map_or(ctx.now, |digits| ctx.now + shown_in.lifetime_of(digits)),
        link_expires_at: ctx.now + purpose.link_lifetime(),
        sending: Sending::new(&bucket, &challenge),
        challenge: challenge.clone(),
        code,
        link,
    };
    let hash = |code: &SecretToken| services.code_hash(purpose, &challenge, code.reveal());
    let nobody = Address::Phone(String::new());
    let new = Confirmation {
        code_hash: issued.code.as_ref().map(hash),
        address: services.address_fingerprint(address.unwrap_or(&nobody)),
        user_id: whose.user_id(),
        digits: digits.unwrap_or_default(),
        guesses_left: digits.map_or(0, guesses_of),
        code_expires_at: issued.code_expires_at,
        link_hash: Some(link_hash(&issued.link)),
        link_expires_at: issued.link_expires_at,
        detail: detail.map(|detail| services.vault.seal(SEAL, detail)).transpose()?,
        is_of_flow: shown_in == ShownIn::Flow,
        endurance,
        challenge,
        bucket,
    };
    if found.is_some() {
        confirmations::renew(tx, &new, ctx.now).await?;
    } else {
        let inserted = confirmations::insert(tx, &new, purpose, ctx.now).await;
        inserted.map_err(|error| error.stale_when_taken(UniqueKey::Confirmation))?;
    }
    Ok(issued)
}

impl ShownIn {
    fn lifetime_of(self, digits: u8) -> Duration {
        match self {
            Self::Flow => lifetime_of(digits).min(FLOW_LIFETIME),
            Self::Anything => lifetime_of(digits),
        }
    }
}

fn draw(services: &Services, digits: u8) -> SecretToken {
    loop {
        let random = u64::from_le_bytes(services.entropy.bytes());
        if let Some(code) = code_of(digits, random) {
            return SecretToken::new(code);
        }
    }
}

/// 256 bits.
fn new_link(services: &Services) -> SecretToken {
    SecretToken::new(BASE64URL_NOPAD.encode(&services.entropy.bytes::<32>()))
}

/// A plain digest is enough: nobody guesses 256 bits.
pub(super) fn link_hash(link: &SecretToken) -> Vec<u8> {
    digest::digest(&digest::SHA256, link.reveal().as_bytes()).as_ref().to_vec()
}

impl Services {
    /// Keyed: ten thousand codes are tried in no time by whoever has only the database (OTP-10).
    pub(super) fn code_hash(&self, purpose: Purpose, challenge: &[u8], code: &str) -> Vec<u8> {
        let challenge = BASE64URL_NOPAD.encode(challenge);
        let parts = [Some(purpose.as_str()), Some(challenge.as_str()), Some(code)];
        self.vault.fingerprint("code", &parts)
    }

    /// What was sealed into the row of a link.
    pub(super) fn open_detail(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        self.vault.open(SEAL, sealed)
    }
}
