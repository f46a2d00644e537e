//! `vestibule user block`, `vestibule user unblock`

use clap::Args;
use domain::{Status, Timestamp};
use operations::accounts::{self, BlockTerms};
use operations::{Context, Services};

use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Block {
    #[command(flatten)]
    target: Target,

    /// Why, for administrators: up to 500 characters, never shown to its owner
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Until when: a time such as 2027-01-31T12:00:00Z, or how long from now, such as 36h or 7d
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

pub(super) async fn block(services: &Services, ctx: &Context, arguments: &Block) -> Outcome {
    let until = arguments.until.as_deref().map(|text| read_end(ctx.now, text)).transpose()?;
    let user = arguments.target.find(services, ctx).await?;
    let terms = BlockTerms { reason: arguments.reason.clone(), until };
    let blocked = accounts::block_on(services, ctx, user.id, &terms).await;
    let blocked = blocked.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    if blocked == user {
        say(format!("{name} is blocked already"))
    } else {
        say(match blocked.status {
            Status::Blocked { until: Some(until) } => {
                let until = until.calendar().format("%Y-%m-%d %H:%M UTC");
                format!("blocked {name} until {until}; every session is over")
            }
            Status::Blocked { until: None }
            | Status::Active
            | Status::Deleted { .. }
            | Status::Purged => format!("blocked {name}; every session is over"),
        })
    }
}

pub(super) async fn unblock(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let user = target.find(services, ctx).await?;
    let unblocked = accounts::unblock(services, ctx, user.id).await;
    unblocked.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    if matches!(user.status, Status::Blocked { .. }) {
        say(format!("unblocked {name}"))
    } else {
        say(format!("{name} is not blocked"))
    }
}

pub(super) fn read_end(now: Timestamp, text: &str) -> Outcome<Timestamp> {
    let time = Timestamp::parse_rfc3339(text)
        .or_else(|| humantime::parse_duration(text).ok().map(|length| now + length));
    time.ok_or_else(|| {
        Failure::Usage(format!(
            "{text:?} is neither a time such as 2027-01-31T12:00:00Z nor a length such as 7d"
        ))
    })
}
