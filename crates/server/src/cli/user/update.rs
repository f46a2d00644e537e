//! `vestibule user update`

use clap::{Args, ValueEnum};
use operations::accounts::{AccountChange, Change, UpdateOther, update_other};
use operations::{Context, Services};

use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Update {
    #[command(flatten)]
    target: Target,

    /// 3 to 50 letters, digits, `.`, `_` and `-`
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// Where mail reaches its owner from now on; the old address is told
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,

    /// With its country code, such as +4930123456
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,

    /// As it is shown
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,

    /// As it is shown
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,

    /// The language of mails, such as en or pt-BR
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// What applications keep with the account
    #[arg(long, value_name = "JSON")]
    metadata: Option<String>,

    /// Take this away; may be given more than once
    #[arg(long, value_name = "FIELD")]
    clear: Vec<Clearable>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Clearable {
    Username,
    Email,
    Phone,
    FirstName,
    LastName,
    Language,
    Metadata,
}

pub(super) async fn update(services: &Services, ctx: &Context, arguments: Update) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let change = arguments.change()?;
    let request = UpdateOther { change, ..UpdateOther::default() };
    let updated = update_other(services, ctx, user.id, &request).await;
    let updated = updated.map_err(|error| explain(&user, error))?;
    if updated == user {
        say(format!("{} is so already", name_of(&user)))
    } else {
        say(format!("changed {}", name_of(&updated)))
    }
}

impl Update {
    fn change(self) -> Outcome<AccountChange> {
        use Clearable as C;
        let Self {
            username, email, phone, first_name, last_name, language, metadata, clear, ..
        } = self;
        let of = |value: Option<String>, field: C| match (value, clear.contains(&field)) {
            (Some(_), true) => Err(Failure::Usage("the same is set and cleared".to_owned())),
            (Some(value), false) => Ok(Change::Set(value)),
            (None, true) => Ok(Change::Clear),
            (None, false) => Ok(Change::Keep),
        };
        let change = AccountChange {
            username: of(username, C::Username)?,
            email: of(email, C::Email)?,
            phone: of(phone, C::Phone)?,
            first_name: of(first_name, C::FirstName)?,
            last_name: of(last_name, C::LastName)?,
            locale: of(language, C::Language)?,
            metadata: of(metadata, C::Metadata)?,
        };
        if change == AccountChange::default() {
            return Err(Failure::Usage("nothing to change: see --help".to_owned()));
        }
        Ok(change)
    }
}
