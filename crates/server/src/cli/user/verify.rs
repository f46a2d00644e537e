//! `vestibule user verify`

use clap::Args;
use operations::accounts::{UpdateOther, update_other};
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Verify {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    addresses: Addresses,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Addresses {
    /// Its e-mail address
    #[arg(long)]
    email: bool,

    /// Its phone number
    #[arg(long)]
    phone: bool,
}

pub(super) async fn verify(services: &Services, ctx: &Context, arguments: &Verify) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let request = UpdateOther {
        is_email_verified: arguments.addresses.email,
        is_phone_verified: arguments.addresses.phone,
        ..UpdateOther::default()
    };
    let verified = update_other(services, ctx, user.id, &request).await;
    let verified = verified.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    if verified == user {
        say(format!("{name} is verified already"))
    } else {
        say(format!("verified {name}"))
    }
}
