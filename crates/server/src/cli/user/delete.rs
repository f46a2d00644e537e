//! `vestibule user delete`

use std::io::IsTerminal;

use anyhow::Context as _;
use clap::Args;
use domain::deletion::RestorationNotice;
use domain::{Refusal, User};
use operations::{Context, Services, accounts};

use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Delete {
    #[command(flatten)]
    target: Target,

    /// For good: its names are free at once, its data is erased, nothing can be restored
    #[arg(long = "final")]
    is_final: bool,

    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) async fn delete(services: &Services, ctx: &Context, arguments: &Delete) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let name = name_of(&user);
    if !arguments.yes {
        confirm(&user, arguments.is_final)?;
    }
    let deleted = if arguments.is_final {
        accounts::delete_for_good(services, ctx, user.id).await
    } else {
        accounts::delete(services, ctx, user.id).await
    };
    // `None` for one that is deleted already.
    let deletion = deleted.and_then(|deleted| Ok(deleted.ok_or(Refusal::UserNotFound)?));
    let deletion = deletion.map_err(|error| explain(&user, error))?;
    let until = deletion.purge_at.calendar().format("%Y-%m-%d %H:%M UTC");
    say(match deletion.notice {
        RestorationNotice::Mailed => {
            format!("deleted {name}; it can be restored until {until}, its owner is told by mail")
        }
        RestorationNotice::Texted => {
            format!(
                "deleted {name}; it can be restored until {until}, its owner is told by text message"
            )
        }
        RestorationNotice::OnlyByAdministrator => format!(
            "deleted {name}; it can be restored until {until} with: vestibule user restore {name}"
        ),
        RestorationNotice::None => format!("deleted {name} for good ({})", user.id),
    })
}

fn confirm(user: &User, is_final: bool) -> Outcome {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "there is no terminal to ask whether you are sure: say --yes".to_owned(),
        ));
    }
    let how = if is_final { "for good, without any way back" } else { "restorable for a while" };
    eprint!("Delete {} (number {}) {how}? [y/N] ", name_of(user), user.number);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("the answer cannot be read")?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(Failure::Refused("you said no".to_owned()))
    }
}
