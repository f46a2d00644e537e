//! `vestibule user restore`

use domain::Status;
use operations::accounts::restore_by_operator;
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::target::{Target, name_of};

pub(super) async fn restore(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let user = target.find(services, ctx).await?;
    let restored = restore_by_operator(services, ctx, user.id).await?;
    let name = name_of(&user);
    say(match restored.status {
        _ if user.is_present() => format!("{name} is not deleted"),
        Status::Blocked { .. } => format!("restored {name}, blocked as it was before its deletion"),
        Status::Active | Status::Deleted { .. } | Status::Purged => {
            format!("restored {name}, with its roles and its password; sign-in is needed anew")
        }
    })
}
