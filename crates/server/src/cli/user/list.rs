//! `vestibule user list`

use std::time::Duration;

use clap::{Args, ValueEnum};
use domain::{RoleName, StatusKind};
use operations::accounts::{
    self, ListUsers, Listed, Sort, SortOrder, Start, UserFilter, open_cursor,
};
use operations::{Context, Services};

use super::filter::Filter;
use super::json::json;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::print;
use crate::cli::table::table;

/// Nobody else waits for what an operator looks for.
const PATIENCE: Duration = Duration::from_mins(1);
/// What an operator sees unless asked otherwise.
const KEPT: [StatusKind; 3] = [StatusKind::Active, StatusKind::Blocked, StatusKind::Deleted];

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    #[command(flatten)]
    filter: Filter,

    /// In which order; whoever has none comes last
    #[arg(long, value_enum, default_value_t = By::Number)]
    sort: By,

    #[arg(long, value_enum, default_value_t = Direction::Asc)]
    order: Direction,

    /// Only accounts whose number is greater
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["cursor", "sort", "order"])]
    after: Option<i64>,

    /// Go on where an earlier list with the same filter and order ended
    // One in 64 cursors begins with a hyphen.
    #[arg(long, allow_hyphen_values = true)]
    cursor: Option<String>,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,

    /// Say how many there are in all
    #[arg(long)]
    total: bool,

    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum By {
    Number,
    CreatedAt,
    LastLoginAt,
    Username,
    Email,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Direction {
    Asc,
    Desc,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let filter = arguments.filter.filter(&KEPT);
    let (sort, order) = arguments.order();
    let start = arguments.start(services, &filter, sort, order)?;
    let (limit, with_total) = (usize::from(arguments.limit), arguments.total);
    let request = ListUsers { filter, sort, order, start, limit, with_total, patience: PATIENCE };
    let listed = accounts::list(services, ctx, &request).await?;
    let users = &listed.users;
    if arguments.json {
        print(&users.iter().map(|one| json(&one.user, None, None) + "\n").collect::<String>())?;
    } else if !users.is_empty() {
        print(&for_people(users))?;
    } else if listed.is_complete {
        eprintln!("there are no accounts here");
    }
    if !listed.is_complete {
        eprintln!("looked for a minute, and did not get to the end");
    }
    match listed.total {
        Some(total) => eprintln!("{total} in all"),
        None if with_total => eprintln!("too many to be counted in a minute"),
        None => {}
    }
    // For its number whoever reads it needs no sealed place.
    let by_number = (sort, order) == (Sort::Number, SortOrder::Ascending) && listed.is_complete;
    match (listed.next, users.last()) {
        (Some(_), Some(last)) if by_number => {
            eprintln!("more: the same with --after {}", last.user.number);
        }
        (Some(next), _) => eprintln!("more: the same with --cursor {next}"),
        (None, _) => {}
    }
    Ok(())
}

impl List {
    fn order(&self) -> (Sort, SortOrder) {
        let sort = match self.sort {
            By::Number => Sort::Number,
            By::CreatedAt => Sort::CreatedAt,
            By::LastLoginAt => Sort::LastLoginAt,
            By::Username => Sort::Username,
            By::Email => Sort::Email,
        };
        let order = match self.order {
            Direction::Asc => SortOrder::Ascending,
            Direction::Desc => SortOrder::Descending,
        };
        (sort, order)
    }

    fn start(
        &self,
        services: &Services,
        filter: &UserFilter,
        sort: Sort,
        order: SortOrder,
    ) -> Outcome<Start> {
        match (&self.cursor, self.after) {
            (Some(text), _) => match open_cursor(services, filter, sort, order, text) {
                Ok(cursor) => Ok(Start::After(cursor)),
                Err(_) => Err(Failure::Usage(
                    "this --cursor is not of a list with this filter and order".to_owned(),
                )),
            },
            (None, Some(number)) => Ok(Start::AfterNumber(number)),
            (None, None) => Ok(Start::First),
        }
    }
}

pub(super) fn for_people(listed: &[Listed]) -> String {
    const HEAD: [&str; 7] = ["NUMBER", "USERNAME", "E-MAIL", "PHONE", "STATUS", "ROLES", "MADE"];
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let rows = listed.iter().map(|Listed { user, .. }| {
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
