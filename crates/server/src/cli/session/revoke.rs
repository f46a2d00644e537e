//! `vestibule session revoke`

use clap::Args;
use domain::SessionId;
use operations::sessions::{revoke_all_of, revoke_of};
use operations::{Context, Services};
use uuid::Uuid;

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Revoke {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The session to end, as `session list` shows it
    #[arg(long, value_name = "ID")]
    session: Option<Uuid>,

    /// Every session of the account
    #[arg(long)]
    all: bool,
}

pub(super) async fn revoke(services: &Services, ctx: &Context, arguments: &Revoke) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let name = name_of(&user);
    let (revoked, done) = if let Some(id) = arguments.which.session {
        let revoked = revoke_of(services, ctx, user.id, SessionId(id)).await;
        (revoked, format!("ended the session {id} of {name}"))
    } else {
        let revoked = revoke_all_of(services, ctx, user.id).await;
        (revoked, format!("ended every session of {name}"))
    };
    revoked.map_err(|error| explain(&user, error))?;
    say(done)
}
