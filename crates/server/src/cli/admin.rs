//! `vestibule admin`

use clap::{Args, Subcommand};
use domain::{IdentifierKind, Refusal, RoleName, User};
use operations::accounts::{NewIdentifiers, Register};
use operations::roles::{bootstrap_admin, holders};
use operations::setup::{Standing, renew, standing};
use operations::{Error, Services};

use super::operator::{Operator, operate};
use super::outcome::{Failure, Outcome};
use super::output::{print, say};
use super::password::PasswordSource;
use super::words;
use crate::setup_token::how_to_use;

#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make the first administrator, when there is none
    #[command(after_help = "\
Examples:
  vestibule admin init --username ann
  pass show vestibule | vestibule admin init --email ann@example.org --password-stdin")]
    Init(Init),

    /// Print a new setup token, with which the first administrator is made over HTTP
    ///
    /// It takes the place of the one that the first start printed.
    #[command(after_help = "Example:\n  vestibule admin setup-token")]
    SetupToken,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    name: Name,

    #[command(flatten)]
    password: PasswordSource,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Name {
    /// What the administrator signs in with
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// Where mail reaches the administrator; signs in as well
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
}

pub(super) fn admin(operator: Operator, command: Admin) -> Outcome {
    match command {
        Admin::Init(arguments) => init(operator, arguments),
        Admin::SetupToken => setup_token(operator),
    }
}

fn init(operator: Operator, arguments: Init) -> Outcome {
    let Init { name, password } = arguments;
    password.check()?;
    operate(operator, async |services, ctx| {
        // Before anybody types a password for nothing; the operation looks again.
        refuse_a_second(services).await?;
        let request = Register {
            identifiers: NewIdentifiers { username: name.username, email: name.email, phone: None },
            password: password.obtain()?,
            first_name: None,
            last_name: None,
            roles: Vec::new(),
            idempotency_key: None,
        };
        match bootstrap_admin(services, ctx, &request).await {
            Ok(Some(user)) => {
                say(format!("made the administrator {} ({})", user.display_name(), user.id))
            }
            Ok(None) => refuse_a_second(services).await,
            Err(Error::Refused(Refusal::IdentifierTaken(held))) => Err(taken(held.kind())),
            Err(error) => Err(error.into()),
        }
    })
}

fn setup_token(operator: Operator) -> Outcome {
    let http = operator.settings.http.clone();
    operate(operator, async |services, ctx| {
        refuse_a_second(services).await?;
        print(&how_to_use(&http, &renew(services, ctx).await?))
    })
}

async fn refuse_a_second(services: &Services) -> Outcome {
    const NAMED: i64 = 3;
    if standing(services).await? != Standing::Closed {
        return Ok(());
    }
    let admins = holders(services, &RoleName::new(RoleName::ADMIN), NAMED).await?;
    if admins.is_empty() {
        return Err(Error::from(Refusal::SetupRefused).into());
    }
    let names: Vec<&str> = admins.iter().map(User::display_name).collect();
    Err(Failure::Refused(format!(
        "there is an administrator already, who can help: {}. Or, on this machine: vestibule user \
         grant ACCOUNT admin",
        names.join(", ")
    )))
}

/// Whoever was quick to take the name must not become administrator by it.
fn taken(kind: IdentifierKind) -> Failure {
    let kind = words::say_kind(kind);
    Failure::Refused(format!(
        "another account has this {kind}, and stays what it is: take another {kind}, or look at \
         it with `vestibule user show`"
    ))
}
