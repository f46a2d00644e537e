//! `vestibule user bulk`

use std::time::Duration;

use clap::{Args, ValueEnum};
use domain::{RoleName, StatusKind};
use operations::accounts::{
    BlockTerms, Bulk, BulkAction, BulkCursor, BulkPlan, BulkRun, UserFilter, Whom, plan_bulk,
    run_bulk,
};
use operations::{Context, Services};
use serde_json::json;

use super::block::read_end;
use super::filter::Filter;
use super::list::for_people;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::{print, say};

/// So long at a time: with what was found by then it goes on.
const PATIENCE: Duration = Duration::from_mins(1);
/// Deleted accounts are meant where they are named, or restored.
const THERE: [StatusKind; 0] = [];

#[derive(Debug, Args)]
pub(in crate::cli) struct BulkChange {
    #[arg(value_enum)]
    action: Action,

    #[command(flatten)]
    filter: Filter,

    /// The role to grant or to revoke
    #[arg(value_name = "ROLE", required_if_eq_any([("action", "grant-role"), ("action", "revoke-role")]))]
    given: Option<String>,

    /// Why they are blocked, for administrators
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Until when they are blocked: a time, or how long from now, such as 36h or 7d
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Do it; without this it is only shown what would be done
    #[arg(long)]
    apply: bool,

    /// Do nothing unless so many accounts are meant, as an earlier run said
    #[arg(long, value_name = "N", requires = "apply")]
    expect: Option<usize>,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Action {
    Block,
    Unblock,
    Delete,
    Restore,
    EndSessions,
    GrantRole,
    RevokeRole,
}

pub(super) async fn change(services: &Services, ctx: &Context, arguments: &BulkChange) -> Outcome {
    let filter = arguments.filter.filter(&THERE);
    if filter == UserFilter::default() {
        return Err(Failure::Usage("say which accounts; nobody means all of them".to_owned()));
    }
    let whom = Whom::Fitting(Box::new(filter));
    let after = BulkCursor::START;
    let mut bulk = Bulk { action: arguments.action(ctx)?, whom, after, patience: PATIENCE };
    let plan = look(services, ctx, bulk.clone()).await?;
    if !arguments.apply {
        return arguments.show(&plan);
    }
    let expected = arguments.expect.unwrap_or(plan.count);
    let mut run = run_bulk(services, ctx, &bulk, expected).await?;
    while let Some(next) = run.next.filter(|_| !run.broke_off) {
        bulk.after = next;
        match run_bulk(services, ctx, &bulk, expected).await {
            Ok(more) => run.add(more),
            Err(error) => {
                // What was done before is told all the same.
                arguments.tell(&run)?;
                return Err(error.into());
            }
        }
    }
    arguments.tell(&run)?;
    verdict(&run)
}

/// As far as it takes to find all of them.
async fn look(services: &Services, ctx: &Context, mut bulk: Bulk) -> Outcome<BulkPlan> {
    let mut plan = plan_bulk(services, ctx, &bulk).await?;
    while let Some(next) = plan.next {
        bulk.after = next;
        let more = plan_bulk(services, ctx, &bulk).await?;
        plan.add(more);
    }
    Ok(plan)
}

impl BulkChange {
    fn action(&self, ctx: &Context) -> Outcome<BulkAction> {
        let is_block = self.action == Action::Block;
        if !is_block && (self.reason.is_some() || self.until.is_some()) {
            return Err(Failure::Usage("--reason and --until are for block".to_owned()));
        }
        let needs_role = matches!(self.action, Action::GrantRole | Action::RevokeRole);
        if !needs_role && self.given.is_some() {
            return Err(Failure::Usage(
                "a ROLE is for grant-role and revoke-role; --role says who is meant".to_owned(),
            ));
        }
        let role = RoleName::new(self.given.as_deref().unwrap_or_default());
        Ok(match self.action {
            Action::Block => {
                let until =
                    self.until.as_deref().map(|text| read_end(ctx.now, text)).transpose()?;
                BulkAction::Block(BlockTerms { reason: self.reason.clone(), until })
            }
            Action::Unblock => BulkAction::Unblock,
            Action::Delete => BulkAction::Delete,
            Action::Restore => BulkAction::Restore,
            Action::EndSessions => BulkAction::EndSessions,
            Action::GrantRole => BulkAction::GrantRole(role),
            Action::RevokeRole => BulkAction::RevokeRole(role),
        })
    }

    fn show(&self, plan: &BulkPlan) -> Outcome {
        let BulkPlan { count, first, .. } = plan;
        if self.json {
            let first: Vec<String> = first.iter().map(|one| one.user.id.to_string()).collect();
            return say(json!({ "dry_run": true, "count": count, "first": first }).to_string());
        }
        if !first.is_empty() {
            print(&for_people(first))?;
        }
        if first.len() < *count {
            eprintln!("and {} more", count - first.len());
        }
        eprintln!("{count} accounts; nothing was done: add --apply --expect {count}");
        Ok(())
    }

    fn tell(&self, run: &BulkRun) -> Outcome {
        let BulkRun { changed, unchanged, failed, left, .. } = run;
        if self.json {
            let failed: Vec<_> = failed
                .iter()
                .map(|one| json!({ "id": one.id.to_string(), "code": one.code }))
                .collect();
            let told = json!({
                "dry_run": false, "changed": changed, "unchanged": unchanged, "failed": failed,
                "left": left,
            });
            say(told.to_string())?;
        } else {
            say(format!("{changed} changed, {unchanged} were so already"))?;
            for one in failed {
                eprintln!("{}: {}", one.id, one.code);
            }
        }
        Ok(())
    }
}

fn verdict(run: &BulkRun) -> Outcome {
    let BulkRun { failed, left, .. } = run;
    if *left > 0 {
        return Err(Failure::Failed(anyhow::anyhow!("{left} are left: do the same again")));
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::Refused(format!("{} accounts stay as they are", failed.len())))
    }
}
