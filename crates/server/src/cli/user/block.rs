//! `vestibule user block`, `vestibule user unblock`

use domain::Status;
use operations::{Context, Services, accounts};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

pub(super) async fn block(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let user = target.find(services, ctx).await?;
    let blocked = accounts::block(services, ctx, user.id).await;
    blocked.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    if user.status == Status::Blocked {
        say(format!("{name} is blocked already"))
    } else {
        say(format!("blocked {name}; every session is over"))
    }
}

pub(super) async fn unblock(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let user = target.find(services, ctx).await?;
    let unblocked = accounts::unblock(services, ctx, user.id).await;
    unblocked.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    if user.status == Status::Blocked {
        say(format!("unblocked {name}"))
    } else {
        say(format!("{name} is not blocked"))
    }
}
