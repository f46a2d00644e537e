//! `vestibule user audit`

use clap::Args;
use operations::audit::list_of;
use operations::{Context, Services};

use crate::cli::audit::{Which, print_page};
use crate::cli::outcome::Outcome;
use crate::cli::target::{Target, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Audit {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    which: Which,
}

pub(super) async fn audit(services: &Services, ctx: &Context, arguments: &Audit) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let question = arguments.which.question(services).await?;
    let page = list_of(services, ctx, user.id, &question).await?;
    let command = format!("vestibule user audit {}", name_of(&user));
    print_page(services, &page, arguments.which.json, &command).await
}
