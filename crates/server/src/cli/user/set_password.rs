//! `vestibule user set-password`

use clap::Args;
use operations::passwords::set_by_operator;
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::password::PasswordSource;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct SetPassword {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    pub(super) password: PasswordSource,
}

pub(super) async fn set(services: &Services, ctx: &Context, arguments: &SetPassword) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let password = arguments.password.obtain()?;
    let set = set_by_operator(services, ctx, user.id, &password).await;
    set.map_err(|error| explain(&user, error))?;
    say(format!("set the password of {}; every session is over", name_of(&user)))
}
