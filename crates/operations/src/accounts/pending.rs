//! An e-mail address that waits to be verified, and need not any more.

use domain::confirmation::Purpose;
use domain::{Event, User};
use storage::{Tx, users};

use crate::audit::Values;
use crate::confirmations::{Whose, spend};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// With what was sent to it. Does nothing where none waits. The account's row is locked and its
/// change counted by the caller.
pub(crate) async fn withdraw_pending_email(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<()> {
    if user.pending_email.is_none() {
        return Ok(());
    }
    users::set_pending_email(tx, user.id, None).await?;
    spend(services, ctx, tx, Purpose::EmailVerification, Whose::Account(user.id)).await?;
    let values = Values::default().changed("pending_email", user.pending_email.clone(), None);
    let event = Event::ProfileUpdated { fields: values.fields() };
    services.record_change(ctx, tx, user.id, &event, &values).await
}
