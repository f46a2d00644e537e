//! Why somebody cannot get in (issue 5: state, failures, limits, mails, tokens revoked by whom).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Actor, Event, EventId, Refusal, RoleName, Surface, UserId};
use operations::Client;
use operations::accounts::{block, unblock};
use operations::explain::{Explanation, Finding, Severity, explain};
use operations::passwords::tell_of_failures;
use operations::roles::grant;
use operations::sessions::{revoke_all_of, sign_out_everywhere};
use storage::events::{self, NewEvent};
use storage::jobs::{Lane, Retry};
use testkit::App;

use crate::support::{DAY, acting, delete, refusal, registered, signed_in, try_sign_in};

testkit::on_every_backend!(App::on =>
    an_account_in_order_could_sign_in,
    a_block_is_told_with_who_and_since_when,
    who_did_it_is_told_whatever_happened_since,
    a_deletion_is_told_until_its_end_and_beyond,
    wrong_passwords_are_told_with_their_delay,
    an_account_without_a_password_is_told,
    ended_sessions_are_told_with_who_ended_them,
    mails_are_told_with_their_fate,
    a_limit_at_the_address_of_the_owner_is_told,
    whoever_may_not_see_accounts_hears_nothing,
);

async fn an_account_in_order_could_sign_in(app: App) {
    let id = registered(&app.services, "ann").await.id;
    signed_in(&app.services, "ann").await;
    let told = explained(&app, id).await;
    assert!(told.could_sign_in);
    assert_eq!(codes(&told), ["email_unverified"]);
}

async fn a_block_is_told_with_who_and_since_when(app: App) {
    let services = &app.services;
    let (ann, bob) = (registered(services, "ann").await.id, registered(services, "bob").await.id);
    signed_in(services, "bob").await;
    app.advance(Duration::from_mins(1));
    let at = app.now();
    let by_ann = services.native(Client::default(), None).acting_as(Actor::User(ann));
    crate::support::make_moderator(&app, ann).await;
    block(services, &by_ann, bob).await.expect("blocked");
    app.advance(Duration::from_mins(1));
    let told = explained(&app, bob).await;
    assert!(!told.could_sign_in);
    let first = &told.findings[0];
    assert_eq!((first.code, first.severity), ("account_blocked", Severity::Blocking));
    assert_eq!((first.since, by(first)), (Some(at), ("user", Some(ann.0))));
    let ended = found(&told, "sessions_ended");
    assert_eq!((ended.since, by(ended)), (Some(at), ("user", Some(ann.0))));
    assert!(ended.text.contains("account_blocked"), "{}", ended.text);
    unblock(services, &services.operator(), bob).await.expect("unblocked");
    assert!(explained(&app, bob).await.could_sign_in);
}

async fn who_did_it_is_told_whatever_happened_since(app: App) {
    let services = &app.services;
    let bob = registered(services, "bob").await.id;
    let at = app.now();
    block(services, &services.operator(), bob).await.expect("blocked");
    app.advance(Duration::from_mins(1));
    let much: storage::Result<()> = storage::transact!(app.database.store, |tx| {
        for place in 0..250_u16 {
            let mut chance = [0; 10];
            chance[..2].copy_from_slice(&place.to_be_bytes());
            let new = NewEvent {
                id: EventId::new(app.now(), chance),
                user_id: bob,
                event: &Event::EmailChangeRequested,
                actor: Actor::User(bob),
                surface: Surface::Native,
                request_id: None,
                address: None,
                agent: None,
                now: app.now(),
            };
            events::push(tx, &new).await?;
        }
    });
    much.expect("written");
    let told = explained(&app, bob).await;
    let first = &told.findings[0];
    assert_eq!((first.code, first.since), ("account_blocked", Some(at)));
    assert_eq!(by(first), ("operator", None));
}

async fn a_deletion_is_told_until_its_end_and_beyond(app: App) {
    let id = registered(&app.services, "ann").await.id;
    let at = app.now();
    delete(&app.services, id).await;
    let told = explained(&app, id).await;
    let first = &told.findings[0];
    assert_eq!((first.code, first.until), ("account_deleted", Some(at + 30 * DAY)));
    assert!(!told.could_sign_in);
    app.advance(30 * DAY);
    app.run_jobs().await;
    let told = explained(&app, id).await;
    let first = &told.findings[0];
    assert_eq!((first.code, first.since), ("account_erased", Some(app.now())));
    assert!(!told.could_sign_in);
    found(&told, "mail_sent");
}

async fn wrong_passwords_are_told_with_their_delay(app: App) {
    let services = &app.services;
    let id = registered(services, "ann").await.id;
    for _ in 0..2 {
        refusal(try_sign_in(services, "ann", "wrong").await);
    }
    let told = explained(&app, id).await;
    assert!(found(&told, "wrong_passwords").text.starts_with("2 "), "{told:?}");
    assert!(told.could_sign_in);
    for _ in 0..3 {
        refusal(try_sign_in(services, "ann", "wrong").await);
    }
    tell_of_failures(services).await.expect("told");
    let told = explained(&app, id).await;
    let delayed = &told.findings[0];
    assert_eq!(delayed.code, "sign_in_delayed");
    assert_eq!(delayed.until, Some(app.now() + Duration::from_secs(1)));
    assert!(!told.could_sign_in);
    app.advance(Duration::from_secs(1));
    assert!(explained(&app, id).await.could_sign_in);
    for _ in 5..100 {
        app.advance(Duration::from_mins(15));
        refusal(try_sign_in(services, "ann", "wrong").await);
        tell_of_failures(services).await.expect("told");
    }
    app.advance(DAY);
    let told = explained(&app, id).await;
    assert_eq!(told.findings[0].code, "password_disabled");
    assert!(told.findings[0].since.is_some() && !told.could_sign_in);
}

async fn an_account_without_a_password_is_told(app: App) {
    let id = registered(&app.services, "ann").await.id;
    let store = &app.database.store;
    let gone: storage::Result<()> =
        storage::transact!(store, |tx| { storage::passwords::delete(tx, id).await? });
    gone.expect("gone");
    let told = explained(&app, id).await;
    assert_eq!((told.findings[0].code, told.could_sign_in), ("password_missing", false));
}

async fn ended_sessions_are_told_with_who_ended_them(app: App) {
    let services = &app.services;
    let (ann, bob) = (registered(services, "ann").await.id, registered(services, "bob").await.id);
    let admin = RoleName::new(RoleName::ADMIN);
    grant(services, &services.operator(), ann, &admin).await.expect("granted");
    for _ in 0..2 {
        signed_in(services, "bob").await;
    }
    let by_ann = services.native(Client::default(), None).acting_as(Actor::User(ann));
    revoke_all_of(services, &by_ann, bob).await.expect("ended");
    let told = explained(&app, bob).await;
    let ended = found(&told, "sessions_ended");
    assert_eq!((ended.severity, by(ended)), (Severity::Warning, ("user", Some(ann.0))));
    assert_eq!(ended.text, "2 sessions ended: revoked_by_administrator");

    app.advance(8 * DAY);
    let session = signed_in(services, "bob").await;
    let (user, _, ctx) = acting(services, &session).await;
    sign_out_everywhere(services, &ctx, &user).await.expect("out");
    let told = explained(&app, bob).await;
    let ended = found(&told, "sessions_ended");
    assert_eq!((ended.severity, by(ended)), (Severity::Info, ("user", Some(bob.0))));
    assert_eq!(ended.text, "a session on native ended: signed_out_everywhere");
    let roles = explained(&app, ann).await;
    assert!(!codes(&roles).contains(&"roles_changed"), "eight days ago");
}

async fn mails_are_told_with_their_fate(app: App) {
    let id = registered(&app.services, "ann").await.id;
    delete(&app.services, id).await;
    let told = explained(&app, id).await;
    assert!(found(&told, "mail_waiting").text.contains("restoration"), "{told:?}");
    app.run_jobs().await;
    let told = explained(&app, id).await;
    assert_eq!(found(&told, "mail_sent").since, Some(app.now()));

    let store = &app.database.store;
    for (state, code) in [("retry", "mail_retried"), ("park", "mail_parked")] {
        delete_and_restore_mail(&app, id).await;
        let now = app.now();
        let settled: storage::Result<bool> = storage::transact!(store, |tx| {
            let leased = storage::jobs::lease_next(tx, Lane::Mail, now, now + DAY).await?;
            let leased = leased.expect("the mail");
            assert_eq!(leased.message.as_deref(), Some("restoration"));
            match state {
                "retry" => {
                    let (run_at, max_attempts) = (now + DAY, leased.max_attempts);
                    let retry = Retry { run_at, max_attempts, error: "mailbox full" };
                    storage::jobs::retry(tx, &leased, retry).await?
                }
                _ => storage::jobs::park(tx, &leased, now, "no such mailbox").await?,
            }
        });
        assert!(settled.expect("settled"));
        let told = explained(&app, id).await;
        let fate = found(&told, code);
        assert_eq!(fate.severity, Severity::Warning);
        assert!(fate.text.contains("restoration") && fate.text.contains("mailbox"), "{fate:?}");
    }
}

async fn a_limit_at_the_address_of_the_owner_is_told(app: App) {
    let strict = App::with(&[("VESTIBULE_LIMITS__LOGIN", "1/min")]).beside(&app).await;
    let client = Client { address: Some("192.0.2.7".to_owned()), ..Client::default() };
    let ctx = strict.services.native(client, None);
    let request = crate::support::registration("ann");
    let user = operations::accounts::register(&strict.services, &ctx, &request).await;
    let id = user.expect("a new account").id;
    for _ in 0..2 {
        assert!(!codes(&explained(&strict, id).await).contains(&"address_limited"));
    }
    let address = "192.0.2.7".parse().ok();
    let limit = operations::limits::Limit::Login;
    let native = Surface::Native;
    assert!(operations::limits::admit(&strict.services, native, limit, address).await.may);
    let told = explained(&strict, id).await;
    let limited = found(&told, "address_limited");
    assert_eq!(limited.until, Some(app.now() + Duration::from_mins(1)));
    assert!(limited.text.contains("192.0.2.7"), "{limited:?}");
}

async fn whoever_may_not_see_accounts_hears_nothing(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await.id;
    let ctx = services.native(Client::default(), None).acting_as(Actor::User(ann));
    let missing = Refusal::PermissionMissing(domain::Permission::UsersRead);
    assert_eq!(refusal(explain(services, &ctx, ann).await), missing);
    let nobody = UserId(uuid::Uuid::nil());
    assert_eq!(refusal(explain(services, &ctx, nobody).await), missing);
    let operator = services.operator();
    assert_eq!(refusal(explain(services, &operator, nobody).await), Refusal::UserNotFound);
    let moderator = RoleName::new(RoleName::MODERATOR);
    grant(services, &operator, ann, &moderator).await.expect("granted");
    explain(services, &ctx, ann).await.expect("moderators may");
}

async fn delete_and_restore_mail(app: &App, id: UserId) {
    let operator = app.services.operator();
    let restored = operations::accounts::restore_by_operator(&app.services, &operator, id).await;
    restored.expect("restored");
    app.advance(Duration::from_secs(1));
    delete(&app.services, id).await;
}

async fn explained(app: &App, id: UserId) -> Explanation {
    explain(&app.services, &app.services.operator(), id).await.expect("the operator may")
}

fn codes(told: &Explanation) -> Vec<&'static str> {
    told.findings.iter().map(|finding| finding.code).collect()
}

fn found<'a>(told: &'a Explanation, code: &str) -> &'a Finding {
    let found = told.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {told:#?}"))
}

fn by(finding: &Finding) -> (&str, Option<uuid::Uuid>) {
    let by = finding.by.as_ref().expect("somebody did it");
    (by.actor.as_str(), by.id)
}
