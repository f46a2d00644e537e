//! `vestibule user recover`

use operations::recovery::send_recovery;
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

pub(super) async fn recover(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let user = target.find(services, ctx).await?;
    let sent = send_recovery(services, ctx, user.id).await;
    sent.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    say(format!("{name} is sent a code and a link to set a new password with"))
}
