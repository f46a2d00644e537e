//! `vestibule user restore`

use operations::accounts::restore_by_operator;
use operations::{Context, Services};

use super::target::{Target, name_of};
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

pub(super) async fn restore(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let user = target.find(services).await?;
    restore_by_operator(services, ctx, user.id).await?;
    let name = name_of(&user);
    if user.is_present() {
        say(format!("{name} is not deleted"))
    } else {
        say(format!("restored {name}, with its roles and its password; sign-in is needed anew"))
    }
}
