//! `vestibule events replay`

use clap::Args;
use domain::Timestamp;
use operations::events::{self, AskReplay};
use operations::{Context, Services};

use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::say;
use crate::cli::target::find_named;

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(in crate::cli) struct Replay {
    /// Events since then: a day, or a time as in RFC 3339
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Only those of this account: username, e-mail address, phone number or id
    #[arg(long, value_name = "ACCOUNT")]
    user: Option<String>,

    /// Only to this one: `kafka`, `kafka-state` or `webhook-…`, as in `vestibule events status`
    #[arg(long, value_name = "SINK")]
    sink: Option<String>,
}

pub(super) async fn replay(services: &Services, ctx: &Context, arguments: &Replay) -> Outcome {
    let since = match &arguments.since {
        Some(text) => Some(Timestamp::parse_day_or_time(text).ok_or_else(|| {
            Failure::Usage("--since is neither a day (2026-11-01) nor a time (RFC 3339)".to_owned())
        })?),
        None => None,
    };
    let user_id = match &arguments.user {
        Some(account) => Some(find_named(services, account).await?.id),
        None => None,
    };
    let asked = AskReplay { sink: arguments.sink.clone(), since, user_id };
    let promised = events::replay(services, ctx, asked).await?;
    say(match promised {
        0 => "nobody was told of any of them yet: there is nothing to tell again".to_owned(),
        1 => "1 stream is told again: see vestibule events status".to_owned(),
        many => format!("{many} streams are told again: see vestibule events status"),
    })
}
