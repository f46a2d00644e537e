//! How often somebody is wrong, by the address of the request.

use domain::Refusal;

use crate::context::Context;
use crate::error::Result;
use crate::limits::Limit;
use crate::services::Services;

/// `guess` answers none for a code that is wrong: that is counted, and refused. Nothing else is.
pub(crate) async fn count_wrong<T>(
    services: &Services,
    ctx: &Context,
    guess: impl Future<Output = Result<Option<T>>>,
) -> Result<T> {
    let place = services.take_failure_place(ctx, Limit::CodeFailures).await?;
    let guessed = guess.await;
    if !matches!(guessed, Ok(None)) {
        services.give_back_failure_place(place).await;
    }
    guessed?.ok_or_else(|| Refusal::CodeInvalid.into())
}
