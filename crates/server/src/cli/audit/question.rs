//! Which entries of the trail are asked for.

use clap::Args;
use domain::Timestamp;
use operations::Services;
use operations::audit::Question;
use uuid::Uuid;

use crate::cli::outcome::Outcome;
use crate::cli::target::find_named;

#[derive(Debug, Args)]
pub(in crate::cli) struct Which {
    /// Only what this account did: username, e-mail address, phone number or id
    #[arg(long, value_name = "ACCOUNT")]
    by: Option<String>,

    /// Only this call or type of event; `*` stands for anything
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,

    /// Not earlier than this, such as 2026-11-20T18:45:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,

    /// Earlier than this
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,

    /// Only what is older than this entry
    #[arg(long, value_name = "ID")]
    after: Option<Uuid>,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    limit: i64,

    /// One JSON object a line, for machines
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl Which {
    pub(in crate::cli) async fn question(&self, services: &Services) -> Outcome<Question> {
        let actor = match &self.by {
            Some(account) => Some(find_named(services, account).await?.id.0),
            None => None,
        };
        Ok(Question {
            actor,
            target: None,
            action: self.action.clone(),
            since: self.since,
            until: self.until,
            after: self.after,
            limit: self.limit,
        })
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    let time = Timestamp::parse_rfc3339(text);
    time.ok_or_else(|| "not a time of RFC 3339, such as 2026-11-20T18:45:00Z".to_owned())
}
