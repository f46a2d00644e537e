//! The brake on codes: a cap of single accounts does not stop whoever guesses at many.

use domain::confirmation::BRAKE_FOR;
use storage::{Tx, code_guesses};

use crate::context::Context;
use crate::error::Result;
use crate::measures;

/// Whether new codes are long, because short ones were guessed at.
pub(super) async fn is_braked(ctx: &Context, tx: &mut Tx) -> Result<bool> {
    let until = code_guesses::braked_until(tx).await?;
    Ok(until.is_some_and(|until| ctx.now < until))
}

/// After a wrong guess at a short code.
pub(super) async fn brake_if_attacked(ctx: &Context, tx: &mut Tx) -> Result<()> {
    let counts = code_guesses::counts(tx, ctx.now).await?;
    if !counts.is_attack() {
        return Ok(());
    }
    if !is_braked(ctx, tx).await? {
        metrics::counter!(measures::CODE_BRAKES).increment(1);
        tracing::error!(
            wrong_in_a_minute = counts.wrong_in_a_minute,
            wrong_in_five_minutes = counts.wrong_in_five_minutes,
            right_in_five_minutes = counts.right_in_five_minutes,
            wrong_recoveries_in_a_day = counts.wrong_recoveries_in_a_day,
            "one-time codes are guessed at: short ones are good for nobody, new ones are longer"
        );
    }
    Ok(code_guesses::brake(tx, ctx.now + BRAKE_FOR).await?)
}
