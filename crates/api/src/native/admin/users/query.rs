//! Which accounts, in which order: the parameters of the list, and the filter of bulk changes.

use std::time::Duration;

use domain::{Fragment, Prefix, RoleName, Rule, StatusKind};
use operations::Services;
use operations::accounts::{ListUsers, Sort, SortOrder, Span, Start, UserFilter, open_cursor};

use crate::kit::{QueryFault, Rejection};
use crate::native::parameters::Parameters;

const STATUSES: &[&str] = &["active", "blocked", "deleted"];
const SORTS: &[&str] = &["number", "created_at", "last_login_at", "username", "email"];
const SORTED: [Sort; 5] =
    [Sort::Number, Sort::CreatedAt, Sort::LastLoginAt, Sort::Username, Sort::Email];
const ORDERS: &[&str] = &["asc", "desc"];
const ORDERED: [SortOrder; 2] = [SortOrder::Ascending, SortOrder::Descending];

const PAGE_SIZE: usize = 50;
const LARGEST_PAGE: usize = 100;
/// Pages reach so many accounts; whoever wants more follows the cursor.
const REACH: usize = 100_000;
/// A client waits longer, and so does the deadline of requests.
const PATIENCE: Duration = Duration::from_secs(2);
const LONGEST_ROLE: usize = 64;

pub(super) fn read_list(services: &Services, query: &str) -> Result<ListUsers, Rejection> {
    let mut parameters = Parameters::of_query(query);
    let filter = read_filter(&mut parameters);
    let sort = parameters.choice("sort", SORTS, &SORTED).unwrap_or(Sort::Number);
    let order = parameters.choice("order", ORDERS, &ORDERED).unwrap_or(SortOrder::Ascending);
    let limit = parameters.count("page_size", LARGEST_PAGE).unwrap_or(PAGE_SIZE);
    let page = parameters.count("page", REACH / limit);
    let with_total = parameters.boolean("total").unwrap_or(false);
    let cursor = parameters.read("cursor", |text| {
        open_cursor(services, &filter, sort, order, text).map_err(|_| QueryFault::NotACursor)
    });
    let start = match (page, cursor) {
        (Some(page), Some(_)) => {
            parameters.note("page", &page.to_string(), QueryFault::Superfluous);
            Start::First
        }
        (Some(page), None) => Start::Skipping((page - 1) * limit),
        (None, Some(cursor)) => Start::After(cursor),
        (None, None) => Start::First,
    };
    parameters.finish()?;
    Ok(ListUsers { filter, sort, order, start, limit, with_total, patience: PATIENCE })
}

pub(super) fn read_filter(parameters: &mut Parameters) -> UserFilter {
    UserFilter {
        search: parameters.rule("search", Prefix::parse),
        contains: parameters.rule("contains", Fragment::parse),
        statuses: parameters.read("status", statuses).unwrap_or_default(),
        role: parameters.rule("role", role),
        email_verified: parameters.boolean("email_verified"),
        phone_verified: parameters.boolean("phone_verified"),
        created: Span {
            from: parameters.time("created_after"),
            before: parameters.time("created_before"),
        },
        last_login: Span {
            from: parameters.time("last_login_after"),
            before: parameters.time("last_login_before"),
        },
    }
}

/// One or more, between commas.
fn statuses(text: &str) -> Result<Vec<StatusKind>, QueryFault> {
    let known = |name: &str| STATUSES.contains(&name).then(|| StatusKind::parse(name)).flatten();
    let statuses: Option<Vec<_>> = text.split(',').map(known).collect();
    statuses.ok_or(QueryFault::NotOneOf(STATUSES))
}

/// One that nobody holds finds nobody.
fn role(text: &str) -> Result<RoleName, Rule> {
    if text.is_empty() {
        Err(Rule::Required)
    } else if text.len() > LONGEST_ROLE {
        Err(Rule::TooLong { max: LONGEST_ROLE })
    } else if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(RoleName::new(text))
    } else {
        Err(Rule::ForbiddenCharacter)
    }
}
