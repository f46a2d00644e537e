//! Which accounts a command is about, where it is about more than one.

use clap::Args;
use domain::{Fragment, Prefix, RoleName, Rule, StatusKind, Timestamp};
use operations::accounts::{Span, UserFilter};

use crate::cli::words::say_rule;

#[derive(Debug, Args)]
#[command(next_help_heading = "Which accounts")]
pub(in crate::cli) struct Filter {
    /// Username, e-mail address or phone number begins so
    #[arg(long, value_name = "TEXT", value_parser = prefix)]
    search: Option<Prefix>,

    /// This stands in an identifier, or in the first or last name; three characters or more
    #[arg(long, value_name = "TEXT", value_parser = fragment)]
    contains: Option<Fragment>,

    /// active, blocked or deleted; several between commas
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = status)]
    status: Vec<StatusKind>,

    /// Holds this role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,

    /// Has an e-mail address that is verified (true) or not (false)
    #[arg(long, value_name = "BOOL")]
    email_verified: Option<bool>,

    /// Has a phone number that is verified (true) or not (false)
    #[arg(long, value_name = "BOOL")]
    phone_verified: Option<bool>,

    /// Made then or later: a date, or a time as 2026-11-20T18:45:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    created_after: Option<Timestamp>,

    /// Made before
    #[arg(long, value_name = "TIME", value_parser = time)]
    created_before: Option<Timestamp>,

    /// Signed in last then or later
    #[arg(long, value_name = "TIME", value_parser = time)]
    last_login_after: Option<Timestamp>,

    /// Signed in last before
    #[arg(long, value_name = "TIME", value_parser = time)]
    last_login_before: Option<Timestamp>,
}

impl Filter {
    /// `all`: the states that are meant where none is named.
    pub(super) fn filter(&self, all: &[StatusKind]) -> UserFilter {
        let named = !self.status.is_empty();
        UserFilter {
            search: self.search.clone(),
            contains: self.contains.clone(),
            statuses: if named { self.status.clone() } else { all.to_vec() },
            role: self.role.as_deref().map(RoleName::new),
            email_verified: self.email_verified,
            phone_verified: self.phone_verified,
            created: Span { from: self.created_after, before: self.created_before },
            last_login: Span { from: self.last_login_after, before: self.last_login_before },
        }
    }
}

fn prefix(text: &str) -> Result<Prefix, String> {
    Prefix::parse(text).map_err(in_words)
}

fn fragment(text: &str) -> Result<Fragment, String> {
    Fragment::parse(text).map_err(in_words)
}

fn status(text: &str) -> Result<StatusKind, String> {
    let kind = StatusKind::parse(text).filter(|kind| *kind != StatusKind::Purged);
    kind.ok_or_else(|| "there are active, blocked and deleted".to_owned())
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_day_or_time(text)
        .ok_or_else(|| "it is neither a date nor a time of RFC 3339".to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "handed over by `map_err`")]
fn in_words(rule: Rule) -> String {
    format!("it {}", say_rule(&rule))
}
