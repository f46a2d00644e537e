//! `vestibule user create`

use clap::Args;
use domain::RoleName;
use operations::accounts::{self, NewIdentifiers};
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::password::PasswordSource;
use crate::cli::target::name_of;

#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    #[command(flatten)]
    identifiers: Identifiers,

    /// As it is shown
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,

    /// As it is shown
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,

    /// A role beside `user`; may be given more than once
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,

    #[command(flatten)]
    pub(super) password: PasswordSource,

    /// Ask for no password: nobody signs in until one is set
    #[arg(long, conflicts_with = "password_stdin")]
    pub(super) without_password: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Identifiers {
    /// 3 to 50 letters, digits, `.`, `_` and `-`
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// Where mail reaches its owner
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,

    /// With its country code, such as +4930123456
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
}

pub(super) async fn create(services: &Services, ctx: &Context, arguments: Create) -> Outcome {
    let Identifiers { username, email, phone } = arguments.identifiers;
    let password =
        if arguments.without_password { None } else { Some(arguments.password.obtain()?) };
    let request = accounts::Create {
        identifiers: NewIdentifiers { username, email, phone },
        password,
        first_name: arguments.first_name,
        last_name: arguments.last_name,
        roles: arguments.roles.into_iter().map(RoleName::new).collect(),
        ..accounts::Create::default()
    };
    let user = accounts::create(services, ctx, &request).await?;
    say(format!("made {} ({})", name_of(&user), user.id))
}
