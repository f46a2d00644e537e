//! Who knows the password of an account: the first thing that any sign-in asks.

use domain::attempts::Purpose;
use domain::policy::{TakenContact, UnknownUser};
use domain::token::SecretToken;
use domain::{AccountPolicy, Identifier, Password, Refusal, User, UserId};
use storage::{Tx, passwords, users};

use crate::candidate::Observed;
use crate::context::Context;
use crate::error::Result;
use crate::passwords::{Proof, Whose};
use crate::services::Services;
use crate::tokens::{DeviceOf, DeviceStanding};
use crate::verification::remind;

pub struct SignIn {
    pub identifier: Identifier,
    pub password: Password,
}

/// The password was right. What is done with that is done in a transaction that asks once more, with
/// [`Self::confirm`], says so with [`Self::succeed`], and whose outcome goes to [`Self::end`]; or, of
/// one step among several, ends with [`Self::postpone`].
pub(crate) struct Proven {
    candidate: Candidate,
    proof: Proof,
    observed: Option<Observed>,
}

/// An account that the identifier names and that has a password.
type Candidate = passwords::Password;

/// Refuses a wrong password, and whom the surface does not let in.
pub(crate) async fn prove(services: &Services, ctx: &Context, request: &SignIn) -> Result<Proven> {
    let place = services.take_address_place(ctx).await?;
    let candidate = match find_candidate(services, ctx, &request.identifier).await {
        Ok(candidate) => candidate,
        Err(error) => {
            services.give_back_address_place(place).await;
            return Err(error);
        }
    };
    let whose = match &candidate {
        Some(candidate) if standing(services, ctx, candidate) == DeviceStanding::Unknown => {
            Whose::Account(candidate.user_id)
        }
        Some(candidate) => Whose::KnownDevice(candidate.user_id),
        None => Whose::Nobody(&request.identifier),
    };
    let attempt = services.begin_attempt(place, whose, Purpose::SignIn).await?;
    // No password is right for an account that is deleted, so that no count tells which one was.
    let present = candidate.as_ref().filter(|candidate| candidate.is_present);
    let stored = present.map(|candidate| candidate.hash.as_str());
    // Outside any transaction, and against a decoy when nobody matched, so that both answers
    // take equally long (PWD-12).
    let proof = services.prove(ctx, attempt, stored, &request.password).await?;
    let is_newcomer = present.is_some_and(|candidate| !candidate.is_verified);
    let proof = if hides_unverified(&ctx.policy) {
        hide_newcomer(services, ctx, &request.identifier, proof, is_newcomer).await?
    } else {
        proof
    };
    let (candidate, proof) = match (candidate, proof) {
        (Some(candidate), Some(proof)) => (candidate, proof),
        (candidate, _) => return Err(say_no(services, ctx, candidate.as_ref()).await?.into()),
    };
    let observed = services.observe(candidate.user_id, &request.password).await;
    Ok(Proven { candidate, proof, observed })
}

impl Proven {
    /// How often to begin again when the hash was replaced while we compared with it.
    pub(crate) const ROUNDS: u32 = 3;

    pub(crate) const fn user_id(&self) -> UserId {
        self.candidate.user_id
    }

    /// By what this device is known from now on, if it is not yet (LGN-08).
    pub(super) fn new_device(&self, services: &Services, ctx: &Context) -> Option<SecretToken> {
        match standing(services, ctx, &self.candidate) {
            DeviceStanding::Known => None,
            DeviceStanding::Unknown | DeviceStanding::Ageing => {
                let device = device_of(&self.candidate);
                Some(device.new_token(&services.vault, &*services.entropy, ctx.now))
            }
        }
    }

    /// Judges the account again under its lock: it may have been deleted, blocked or given another
    /// password while we were hashing (LIF-07). `None` when the proof is worth nothing any more: the
    /// stored hash is another one by now. It may be of the same password, upgraded by a simultaneous
    /// sign-in (PWD-10), so nobody is refused.
    pub(crate) async fn confirm(&self, ctx: &Context, tx: &mut Tx) -> Result<Option<User>> {
        let Self { candidate, proof, .. } = self;
        let user = users::find_locked(tx, candidate.user_id).await?;
        let user = user.ok_or_else(|| unknown(ctx))?;
        let current = passwords::find(tx, user.id).await?;
        if current.as_ref() != Some(&candidate.hash) {
            return Ok(None);
        }
        // After the proof: what state an account is in is not for strangers.
        if !user.is_present() {
            return Err(unknown(ctx).into());
        }
        user.ensure_active(ctx.now)?;
        match user.ensure_verified(&ctx.policy) {
            // The address changed while we were hashing.
            Err(_) if hides_unverified(&ctx.policy) => {
                return Err(Refusal::InvalidCredentials.into());
            }
            verified => verified?,
        }
        if let Some(better) = &proof.upgraded {
            passwords::upgrade(tx, user.id, &candidate.hash, better.as_str()).await?;
        }
        Ok(Some(user))
    }

    /// Answers how many wrong ones came before.
    pub(crate) async fn succeed(
        &self,
        services: &Services,
        ctx: &Context,
        tx: &mut Tx,
    ) -> Result<i64> {
        let failures = self.proof.attempt.succeed(services, tx).await?;
        self.keep_observed(ctx, tx).await?;
        Ok(failures)
    }

    /// Something else is asked for before anybody is let in: what was wrong before this counts until
    /// that is shown, and is ended by [`forget_failures`](crate::passwords::forget_failures).
    pub(crate) async fn postpone(self, services: &Services) {
        self.proof.attempt.give_back(services).await;
    }

    /// What is learned of the password itself.
    pub(crate) async fn keep_observed(&self, ctx: &Context, tx: &mut Tx) -> Result<()> {
        if let Some(observed) = &self.observed {
            observed.keep(ctx, tx, self.candidate.user_id).await?;
        }
        Ok(())
    }

    /// `outcome` is none where the hash was another one.
    pub(crate) async fn end<T>(
        self,
        services: &Services,
        outcome: Result<Option<T>>,
    ) -> Result<Option<T>> {
        if matches!(outcome, Ok(Some(_))) {
            self.proof.attempt.close(services).await;
        } else {
            self.proof.attempt.give_back(services).await;
        }
        outcome
    }
}

/// Whether "not verified yet" would tell whose address was free when it was registered (REG-12).
fn hides_unverified(policy: &AccountPolicy) -> bool {
    policy.taken_contact == TakenContact::Hidden && policy.sign_in_needs_verification
}

/// The right password of an account whose address nobody has verified yet counts as a wrong one, in
/// words, steps and counts (LGN-09). Its owner gets another mail instead of an explanation; for all
/// others who fail the same is done for nobody.
async fn hide_newcomer(
    services: &Services,
    ctx: &Context,
    named: &Identifier,
    proof: Option<Proof>,
    is_newcomer: bool,
) -> Result<Option<Proof>> {
    let is_owner = match proof {
        Some(proof) if is_newcomer => {
            proof.attempt.fail(services, ctx).await?;
            true
        }
        Some(proof) => return Ok(Some(proof)),
        None => false,
    };
    remind(services, ctx, named, is_owner).await?;
    Ok(None)
}

fn device_of(candidate: &Candidate) -> DeviceOf {
    DeviceOf { user_id: candidate.user_id, password_set_at: candidate.changed_at }
}

fn standing(services: &Services, ctx: &Context, candidate: &Candidate) -> DeviceStanding {
    device_of(candidate).standing(&services.vault, ctx.client.device.as_ref(), ctx.now)
}

/// After the hash was spent, so that time tells nothing that the words do not.
async fn say_no(
    services: &Services,
    ctx: &Context,
    candidate: Option<&Candidate>,
) -> Result<Refusal> {
    let is_known = match (ctx.policy.unknown_user, candidate) {
        (UnknownUser::Hidden, _) => return Ok(Refusal::InvalidCredentials),
        (UnknownUser::Revealed, None) => false,
        (UnknownUser::Revealed, Some(candidate)) => {
            let mut read = services.store.read().await?;
            let user = users::find(&mut read, candidate.user_id).await?;
            user.is_some_and(|user| user.is_present())
        }
    };
    Ok(if is_known { Refusal::InvalidCredentials } else { Refusal::UserNotFound })
}

/// What is said of an account that exists no more (LIF-02).
fn unknown(ctx: &Context) -> Refusal {
    match ctx.policy.unknown_user {
        UnknownUser::Hidden => Refusal::InvalidCredentials,
        UnknownUser::Revealed => Refusal::UserNotFound,
    }
}

async fn find_candidate(
    services: &Services,
    ctx: &Context,
    identifier: &Identifier,
) -> Result<Option<Candidate>> {
    if !ctx.policy.sign_in_by.contains(&identifier.kind()) {
        return Ok(None);
    }
    let mut read = services.store.read().await?;
    Ok(passwords::find_by_identifier(&mut read, identifier).await?)
}
