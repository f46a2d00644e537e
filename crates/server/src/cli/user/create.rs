//! `vestibule user create`

use clap::Args;
use domain::RoleName;
use operations::accounts::{NewIdentifiers, Register, register};
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
    let request = Register {
        identifiers: NewIdentifiers { username, email, phone },
        password: arguments.password.obtain()?,
        first_name: arguments.first_name,
        last_name: arguments.last_name,
        roles: arguments.roles.into_iter().map(RoleName::new).collect(),
        idempotency_key: None,
    };
    let user = register(services, ctx, &request).await?;
    say(format!("made {} ({})", name_of(&user), user.id))
}
