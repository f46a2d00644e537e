//! The table of error codes, for `docs/reference/error-codes.md`.

use std::fmt::Write;
use std::time::Duration;

use domain::flow::{FlowKind, FlowStep};
use domain::{IdentifierKind, Permission, Refusal, Taken, TokenDefect};
use operations::accounts::MOST_IN_BULK;

use super::texts::say;

/// One row a refusal, made by the code that answers them.
pub fn error_reference() -> String {
    let mut page = String::from(
        "# Error codes\n\nThe native API answers errors as problem documents (RFC 9457). `code` never changes;\n\
         `detail` is for people and may.\n\n| code | status | detail |\n|---|---|---|\n",
    );
    for refusal in every_refusal() {
        let (status, detail) = say(&refusal);
        let _ = writeln!(page, "| `{}` | {} | {detail} |", refusal.code(), status.as_u16());
    }
    page
}

fn taken(kind: IdentifierKind) -> Refusal {
    Refusal::IdentifierTaken(Taken::one(kind, ""))
}

fn every_refusal() -> Vec<Refusal> {
    let mut refusals = vec![
        Refusal::Invalid(Vec::new()),
        taken(IdentifierKind::Username),
        taken(IdentifierKind::Email),
        taken(IdentifierKind::Phone),
        Refusal::InvalidCredentials,
        Refusal::AccountBlocked,
        Refusal::AccountGone,
    ];
    refusals.extend(TokenDefect::ALL.map(Refusal::InvalidToken));
    refusals.extend([
        Refusal::IdempotencyMismatch,
        Refusal::WrongCurrentPassword,
        Refusal::SignInHere,
        Refusal::SignInAgain,
        Refusal::AccountUnverified,
        Refusal::CodeInvalid,
        Refusal::LinkInvalid,
        Refusal::StepMissing(FlowKind::SignIn, FlowStep::Code),
        Refusal::NothingToVerify,
        Refusal::ChannelMissing,
        Refusal::PermissionMissing(Permission::UsersRead),
        Refusal::UserNotFound,
        Refusal::OwnAccount,
        Refusal::SessionNotFound,
        Refusal::RoleNotFound,
        Refusal::RoleNameTaken,
        Refusal::RoleHeld,
        Refusal::RoleBuiltIn,
        Refusal::SelectionTooLarge { most: MOST_IN_BULK },
        Refusal::SelectionChanged { count: 3 },
        Refusal::LastAdmin,
        Refusal::SetupRefused,
        Refusal::RestorationInvalid,
        Refusal::RestorationExpired,
        Refusal::InvalidClient,
        Refusal::ServiceNotFound,
        Refusal::ServiceNameTaken,
        Refusal::KeyNotFound,
        Refusal::KeyFromSettings,
        Refusal::JobNotFound,
        Refusal::JobNotWaiting,
        Refusal::WebhookNotFound,
        Refusal::StreamNotFound,
        Refusal::StreamInUse,
        Refusal::StreamNotStuck,
        Refusal::EventsForgotten,
        Refusal::TooManyRequests { retry_after: Duration::from_secs(1) },
        Refusal::Overloaded { retry_after: Duration::from_secs(1) },
    ]);
    refusals
}
