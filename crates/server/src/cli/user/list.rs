//! `vestibule user list`

use clap::Args;
use domain::{RoleName, User};
use operations::Services;
use operations::accounts;

use super::json::json;
use crate::cli::outcome::Outcome;
use crate::cli::output::print;
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only accounts whose number is greater
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    after: i64,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    limit: i64,

    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, arguments: &List) -> Outcome {
    // One more than asked for tells whether there are more.
    let mut users = accounts::list(services, arguments.after, arguments.limit + 1).await?;
    let has_more = i64::try_from(users.len()).is_ok_and(|found| found > arguments.limit);
    if has_more {
        users.pop();
    }
    if arguments.json {
        print(&users.iter().map(|user| json(user, None) + "\n").collect::<String>())?;
    } else if users.is_empty() {
        eprintln!("there are no accounts here");
    } else {
        print(&for_people(&users))?;
    }
    if let Some(last) = users.last().filter(|_| has_more) {
        eprintln!("more: vestibule user list --after {}", last.number);
    }
    Ok(())
}

fn for_people(users: &[User]) -> String {
    const HEAD: [&str; 7] = ["NUMBER", "USERNAME", "E-MAIL", "PHONE", "STATUS", "ROLES", "MADE"];
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let rows = users.iter().map(|user| {
        let roles: Vec<&str> = user.roles.iter().map(RoleName::as_str).collect();
        [
            user.number.to_string(),
            shown(&user.username),
            shown(&user.email),
            shown(&user.phone),
            user.status.as_str().to_owned(),
            roles.join(","),
            user.created_at.calendar().format("%Y-%m-%d").to_string(),
        ]
    });
    table(HEAD, rows)
}
