//! A purge looks again before it erases, and leaves nothing personal (LIF-04, LIF-06, I10).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::deletion::RestorationNotice;
use domain::policy::DeletionPolicy;
use domain::token::SecretToken;
use domain::{AccountPolicy, Actor, Identifier, Refusal, Status};
use operations::accounts::{
    AccountChange, Change, NewIdentifiers, Restore, UpdateOwn, block, delete as delete_by,
    purge_receipt, register, restore, restore_by_operator, update_own,
};
use operations::ports::Clock;
use operations::sessions::{SignIn, sign_in};
use operations::{Client, Context};
use storage::jobs::Lane;
use testkit::{App, PASSWORD};

use crate::support::{DAY, acting, delete, refusal, registered, registration};

testkit::on_every_backend!(App::on =>
    lif_03_an_account_that_was_restored_is_not_purged,
    an_old_purge_leaves_a_newer_deletion_alone,
    a_final_deletion_frees_identifiers_at_once_and_erases_when_jobs_run,
    a_final_deletion_cannot_be_taken_back,
    a_block_outlasts_deletion_and_restoration,
    lif_06_after_its_purge_nothing_personal_is_left,
    lif_06_the_last_mail_leaves_no_trace_however_it_ends,
    lif_06_a_mail_in_flight_during_the_purge_leaves_no_trace_when_it_is_refused,
);

async fn lif_03_an_account_that_was_restored_is_not_purged(app: App) {
    let ann = registered(&app.services, "ann").await;
    delete(&app.services, ann.id).await;
    app.run_jobs().await;
    bring_back(&app, "ann").await;
    app.advance(31 * DAY);
    app.run_jobs().await;
    assert_eq!(app.account("ann").await.status, Status::Active);
}

async fn an_old_purge_leaves_a_newer_deletion_alone(app: App) {
    let ann = registered(&app.services, "ann").await;
    delete(&app.services, ann.id).await;
    app.run_jobs().await;
    // A worker whose clock is ahead takes the purge and dies with it; then an operator restores.
    let store = &app.database.store;
    let ahead = app.clock.now() + 30 * DAY;
    let leased: storage::Result<_> = storage::transact!(store, |tx| {
        storage::jobs::lease_next(tx, Lane::Work, ahead, ahead + Duration::from_secs(1)).await?
    });
    assert_eq!(leased.expect("a lease").expect("the purge").kind, "purge_account");
    restore_by_operator(&app.services, &app.services.operator(), ann.id).await.expect("restored");
    app.advance(DAY);
    delete(&app.services, ann.id).await;
    app.run_jobs().await;

    app.advance(29 * DAY + Duration::from_secs(2));
    let now = app.clock.now();
    let released: storage::Result<u64> =
        storage::transact!(store, |tx| { storage::jobs::release_expired(tx, now).await? });
    assert_eq!(released.expect("released"), 1);
    assert_eq!(app.run_jobs().await, 1, "the old purge");
    bring_back(&app, "ann").await;
    delete(&app.services, ann.id).await;

    app.advance(30 * DAY);
    app.run_jobs().await;
    let gone = app.services.operator();
    let outcome = restore_by_operator(&app.services, &gone, ann.id).await;
    assert_eq!(refusal(outcome), Refusal::RestorationExpired);
}

async fn a_final_deletion_frees_identifiers_at_once_and_erases_when_jobs_run(app: App) {
    let ctx = finally(&app);
    let ann = registered(&app.services, "ann").await;
    let deletion = delete_by(&app.services, &ctx, ann.id).await.expect("deleted");
    let deletion = deletion.expect("it was there");
    assert_eq!(deletion.purge_at, deletion.deleted_at);
    // Before any job ran: the same transaction freed them (REG-20: a new account, not the old).
    let other = registered(&app.services, "ann").await;
    assert_ne!(other.id, ann.id);
    assert_eq!(app.run_jobs().await, 3, "the purge, its traces, and the last mail");
    let mail = app.mailbox.newest_to("ann@example.org");
    assert_eq!(mail.subject, "Your account at Vestibule has been erased");
    assert!(mail.text.contains(&format!("number {}", ann.number)), "{}", mail.text);
    let dump = app.database.dump().await;
    let statuses: Vec<String> = dump.rows("users").iter().map(|user| user.text("status")).collect();
    assert!(statuses.contains(&"purged".to_owned()), "{statuses:?}");
    assert_eq!(dump.rows("passwords").len(), 1, "the newcomer's");
    assert_eq!(app.account("ann").await.id, other.id);
}

async fn a_final_deletion_cannot_be_taken_back(app: App) {
    let ann = registered(&app.services, "ann").await;
    delete_by(&app.services, &finally(&app), ann.id).await.expect("deleted");
    // Not even in the moment before the purge: nobody could name the account.
    let outcome = restore_by_operator(&app.services, &app.services.operator(), ann.id).await;
    assert_eq!(refusal(outcome), Refusal::RestorationExpired);
    app.run_jobs().await;
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings.nameless_accounts, 0);
}

/// Else a deletion would be the way out of a block.
async fn a_block_outlasts_deletion_and_restoration(app: App) {
    let ann = registered(&app.services, "ann").await;
    let operator = app.services.operator();
    block(&app.services, &operator, ann.id).await.expect("blocked");
    let deletion = delete_by(&app.services, &operator, ann.id).await.expect("deleted");
    let deletion = deletion.expect("it was there");
    assert_eq!(deletion.notice, RestorationNotice::OnlyByAdministrator);
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    assert_eq!(mails.len(), 1, "about the block, and none that restores: {mails:#?}");
    assert!(mails[0].find_token().is_none());
    let user = restore_by_operator(&app.services, &operator, ann.id).await.expect("restored");
    assert_eq!(user.status, Status::Blocked { until: None });
}

async fn lif_06_after_its_purge_nothing_personal_is_left(app: App) {
    const PERSONAL: [&str; 9] = [
        "margaret",
        "hamilton",
        "+15550100123",
        "next@example.net",
        "Lovelace",
        "Byron",
        "198.51.100.77",
        "CanaryBrowser",
        "favourite-colour",
    ];
    let client = Client {
        device: None,
        address: Some("198.51.100.77".to_owned()),
        agent: Some("CanaryBrowser/1.0".to_owned()),
    };
    let ctx = app.services.native(client, Some("request-1".into()));
    let request = operations::accounts::Register {
        identifiers: NewIdentifiers {
            username: Some("margaret".to_owned()),
            email: Some("hamilton@example.org".to_owned()),
            phone: Some("+15550100123".to_owned()),
        },
        first_name: Some("Lovelace".to_owned()),
        last_name: Some("Byron".to_owned()),
        ..registration("margaret")
    };
    let user = register(&app.services, &ctx, &request).await.expect("a new account");
    let credentials = SignIn {
        identifier: Identifier::recognise("margaret"),
        password: domain::Password::new(PASSWORD),
    };
    let signed_in = sign_in(&app.services, &ctx, &credentials).await.expect("signed in");
    let (who, session, acting) = acting(&app.services, &signed_in).await;
    let change = AccountChange {
        email: Change::Set("next@example.net".to_owned()),
        metadata: Change::Set(r#"{"favourite-colour":"green"}"#.to_owned()),
        locale: Change::Set("fr-CA".to_owned()),
        ..AccountChange::default()
    };
    let change = UpdateOwn {
        change,
        current_password: Some(domain::Password::new(PASSWORD)),
        ..UpdateOwn::default()
    };
    update_own(&app.services, &acting, &who, session, &change).await.expect("updated");
    let dump = app.database.dump().await;
    for canary in PERSONAL {
        assert_ne!(dump.places_of(canary), [""; 0], "{canary} is stored to begin with");
    }

    let deleted_at = app.now();
    let by_operator = ctx.acting_as(Actor::Operator);
    delete_by(&app.services, &by_operator, user.id).await.expect("deleted");
    app.run_jobs().await;
    app.advance(30 * DAY);
    app.run_jobs().await;
    let dump = app.database.dump().await;
    for canary in PERSONAL {
        assert_eq!(dump.places_of(canary), [""; 0], "{canary}");
    }
    let id = user.id.to_string();
    assert!(dump.rows("users").iter().any(|row| row.text("status") == "purged"), "{id}");
    assert_eq!(dump.rows("passwords").len(), 0);
    assert_eq!(dump.rows("user_roles").len(), 0);
    assert_eq!(dump.rows("jobs").iter().filter(|job| job.text("state") == "ready").count(), 0);
    // What is left: that there was an account, and that it was erased.
    let receipt = purge_receipt(&app.services, user.id).await.expect("an answer");
    let receipt = receipt.expect("a receipt");
    assert_eq!((receipt.number, receipt.purged_at), (user.number, app.now()));
    assert_eq!((receipt.deleted_at, receipt.deleted_by.as_str()), (deleted_at, "operator"));
    let last = app.mailbox.newest_to("hamilton@example.org");
    assert!(last.text.contains(&format!("number {}", user.number)), "{}", last.text);
}

/// The job of the last mail carries the address sealed, and nothing when it is over.
async fn lif_06_the_last_mail_leaves_no_trace_however_it_ends(app: App) {
    let ann = registered(&app.services, "ann").await;
    let ctx = finally(&app);
    delete_by(&app.services, &ctx, ann.id).await.expect("deleted");
    let store = &app.database.store;
    let now = app.now();
    let ended: storage::Result<bool> = storage::transact!(store, |tx| {
        let job = storage::jobs::lease_next(tx, Lane::Mail, now, now + DAY).await?;
        let job = job.expect("the mail");
        assert_eq!(job.message.as_deref(), Some("account_erased"));
        storage::jobs::give_up(tx, &job, now, "the mail was not accepted").await?
    });
    assert!(ended.expect("an answer"));
    app.run_jobs().await;
    let dump = app.database.dump().await;
    for personal in ["ann@example.org", "ann"] {
        assert_eq!(dump.places_of(personal), [""; 0], "{personal}");
    }
    let mails = dump.rows("jobs").iter().filter(|job| job.text("message") == "account_erased");
    for mail in mails {
        assert_eq!(mail.bytes("payload"), Some(&b""[..]), "{mail:?}");
    }
}

async fn lif_06_a_mail_in_flight_during_the_purge_leaves_no_trace_when_it_is_refused(app: App) {
    let ann = registered(&app.services, "ann").await;
    delete(&app.services, ann.id).await;
    let (store, now) = (&app.database.store, app.now());
    let leased: storage::Result<_> = storage::transact!(store, |tx| {
        storage::jobs::lease_next(tx, Lane::Mail, now, now + 40 * DAY).await?
    });
    let mail = leased.expect("a lease").expect("how to restore");
    assert_eq!(mail.message.as_deref(), Some("restoration"));
    app.advance(30 * DAY);
    app.run_jobs().await;
    let now = app.now();
    let settled: storage::Result<bool> = storage::transact!(store, |tx| {
        storage::jobs::park(tx, &mail, now, "no such address: ann@example.org").await?
    });
    assert!(!settled.expect("an answer"), "nothing is left to settle");
    let dump = app.database.dump().await;
    assert_eq!(dump.places_of("ann@example.org"), [""; 0]);
    let jobs = dump.rows("jobs");
    assert!(!jobs.iter().any(|job| job.text("message") == "restoration"), "{jobs:?}");
    let mut states = jobs.iter().map(|job| job.text("state"));
    assert!(states.all(|state| state == "done"), "the purge itself is settled: {jobs:?}");
}

/// By the token in the newest mail.
async fn bring_back(app: &App, name: &str) {
    let mail = app.mailbox.newest_to(&format!("{name}@example.org"));
    let request =
        Restore { identifier: Identifier::recognise(name), token: SecretToken::new(mail.token()) };
    restore(&app.services, &app.stranger(), &request).await.expect("the token is right");
}

/// On a surface where deletion is final.
fn finally(app: &App) -> Context {
    let ctx = app.services.operator();
    let policy = AccountPolicy { deletion: DeletionPolicy::Final, ..(*ctx.policy).clone() };
    Context { policy: Arc::new(policy), ..ctx }
}
