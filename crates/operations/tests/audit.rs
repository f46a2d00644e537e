//! The audit trail: values before and after, calls of administrators, and who reads it (AUZ-09,
//! LOG-01, LOG-04, LOG-05).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::{Actor, Password, Refusal, RoleName, User, UserId};
use operations::accounts::{
    AccountChange, Change, UpdateOwn, block, restore_by_operator, unblock, update_own,
};
use operations::audit::{Call, ChangedValue, Entry, Kind, Question, close, list, list_of, open};
use operations::roles::{self, NewRole, RoleChange, grant, revoke};
use operations::service_accounts::{self, NewServiceAccount};
use operations::{Client, Context};
use testkit::{App, PASSWORD};

use crate::support::{DAY, acting, delete, refusal, registered, signed_in};

testkit::on_every_backend!(App::on =>
    every_change_of_values_is_told_before_and_after,
    log_02_no_secret_is_among_the_values_and_none_is_in_clear,
    lif_06_values_are_unreadable_when_the_key_is_gone,
    auz_09_what_changes_something_is_written_before_it_is_done,
    auz_09_a_read_is_written_before_it_is_answered,
    auz_09_strangers_do_not_flood_the_trail,
    auz_09_what_changed_of_roles_and_services_stands_beside_the_call,
    what_was_asked_for_is_forgotten_after_a_while,
    the_trail_is_read_page_by_page_and_by_filters,
    who_may_not_read_the_trail_hears_so,
);

async fn every_change_of_values_is_told_before_and_after(app: App) {
    let services = &app.services;
    let id = registered(services, "ann").await.id;
    change(&app, "ann", |change| {
        change.username = set("ann-the-second");
        change.email = set("new@example.net");
        change.phone = set("+15550100123");
        change.first_name = set("Ann");
        change.locale = set("fr-CA");
        change.metadata = set(r#"{"colour":"green"}"#);
    })
    .await;
    change(&app, "ann-the-second", |change| change.phone = Change::Clear).await;
    let operator = services.operator();
    block(services, &operator, id).await.expect("blocked");
    unblock(services, &operator, id).await.expect("unblocked");
    let moderator = RoleName::new(RoleName::MODERATOR);
    grant(services, &operator, id, &moderator).await.expect("granted");
    revoke(services, &operator, id, &moderator).await.expect("revoked");
    delete(services, id).await;
    restore_by_operator(services, &operator, id).await.expect("restored");

    let mut told = Vec::new();
    for entry in entries_of(&app, id).await.into_iter().rev() {
        assert_eq!(
            (entry.kind, entry.target, entry.outcome.as_str()),
            (Kind::Event, Some(id), "done")
        );
        told.extend(entry.changes.into_iter().map(|ChangedValue { field, before, after }| {
            let shown = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
            format!("{field}: {} -> {}", shown(before), shown(after))
        }));
    }
    let expected = [
        "email: - -> ann@example.org",
        "username: - -> ann",
        "first_name:  -> Ann",
        "locale: - -> fr-CA",
        r#"metadata: {} -> {"colour":"green"}"#,
        "phone: - -> +15550100123",
        "username: ann -> ann-the-second",
        "pending_email: - -> new@example.net",
        "phone: +15550100123 -> -",
        "status: active -> blocked",
        "status: blocked -> active",
        "roles: user -> moderator user",
        "roles: moderator user -> user",
        "status: active -> deleted",
        "pending_email: new@example.net -> -",
        "status: deleted -> active",
    ];
    assert_eq!(told, expected);
}

async fn log_02_no_secret_is_among_the_values_and_none_is_in_clear(app: App) {
    let id = registered(&app.services, "ann").await.id;
    let session = signed_in(&app.services, "ann").await;
    let (user, own, ctx) = acting(&app.services, &session).await;
    let new = "an altogether different phrase";
    let request = UpdateOwn {
        change: AccountChange { first_name: set("Lovelace"), ..AccountChange::default() },
        password: Some(Password::new(new)),
        current_password: Some(Password::new(PASSWORD)),
    };
    update_own(&app.services, &ctx, &user, own, &request).await.expect("changed");
    let told = format!("{:?}", entries_of(&app, id).await);
    assert!(told.contains("password_changed") && told.contains("Lovelace"), "{told}");
    assert!(!told.contains(new) && !told.contains(PASSWORD) && !told.contains("argon2"), "{told}");
    let places = app.database.dump().await.places_of("Lovelace");
    assert_eq!(places, ["users.first_name"], "values of the trail are sealed");
}

/// Also where somebody kept a copy of the sealed values.
async fn lif_06_values_are_unreadable_when_the_key_is_gone(app: App) {
    let id = registered(&app.services, "ann").await.id;
    let dump = app.database.dump().await;
    let row = &dump.rows("audit_values")[0];
    let sealed = row.bytes("sealed").expect("sealed values").to_vec();
    delete(&app.services, id).await;
    app.advance(30 * DAY);
    app.run_jobs().await;
    let dump = app.database.dump().await;
    assert_eq!((dump.rows("audit_values").len(), dump.rows("user_keys").len()), (0, 0));

    let first = entries_of(&app, id).await.pop().expect("the registration");
    assert_eq!(first.action, "vestibule.user.registered.v1", "LOG-04: it outlives the account");
    let store = &app.database.store;
    let put_back: storage::Result<()> = storage::transact!(store, |tx| {
        storage::audit_values::insert(tx, domain::EventId(first.id), id, &sealed).await?;
    });
    put_back.expect("a backup of one table");
    assert_eq!(entries_of(&app, id).await.pop().expect("the same").changes, []);
}

async fn auz_09_what_changes_something_is_written_before_it_is_done(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await;
    let (ctx, call) = called(&app, "users.block", true, Actor::Operator);
    open(services, &ctx).await.expect("written");
    assert_eq!(rows(&app).await, [("users.block".to_owned(), "begun".to_owned())]);
    open(services, &ctx).await.expect("once is enough");
    ctx.concerns(ann.id);
    ctx.concerns(UserId(uuid::Uuid::max()));
    close(services, &ctx, &call, Some("last_admin")).await.expect("written");
    close(services, &ctx, &call, None).await.expect("and stays");
    assert_eq!(rows(&app).await, [("users.block".to_owned(), "last_admin".to_owned())]);
    let entries = entries_of(&app, ann.id).await;
    assert_eq!((entries[0].kind, entries[0].actor.as_str()), (Kind::Call, "operator"));
    assert_eq!(entries[0].address.as_deref(), Some("192.0.2.7"));
}

async fn auz_09_a_read_is_written_before_it_is_answered(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await;
    let (ctx, call) = called(&app, "services.read", false, Actor::User(ann.id));
    open(services, &ctx).await.expect("nothing to write yet");
    assert_eq!(rows(&app).await, []);
    call.names("gateway");
    // The layer that closes it knows a stranger only.
    let stranger = Context { call: None, ..ctx.acting_as(Actor::Anonymous) };
    close(services, &stranger, &call, None).await.expect("written");
    let entry = question(&app, Question { actor: Some(ann.id.0), ..by_name("services.*") }).await;
    assert_eq!(entry.len(), 1);
    assert_eq!((entry[0].outcome.as_str(), entry[0].subject.as_deref()), ("done", Some("gateway")));

    let (ctx, call) = called(&app, "services.read", false, Actor::User(ann.id));
    open(services, &ctx).await.expect("nothing to write yet");
    call.names("whatever was asked for");
    close(services, &ctx, &call, Some("service_not_found")).await.expect("written");
    let entries = question(&app, by_name("services.read")).await;
    let refused = entries.iter().find(|entry| entry.outcome == "service_not_found");
    assert_eq!(refused.expect("a refusal").subject, None, "it may be anything");
}

async fn auz_09_strangers_do_not_flood_the_trail(app: App) {
    let strict = App::with(&[("VESTIBULE_LIMITS__ADMIN", "2/min")]).beside(&app).await;
    for expected in [None, None, Some("too_many_requests"), Some("too_many_requests")] {
        let (ctx, call) = called(&strict, "users.list", false, Actor::Anonymous);
        let closed = close(&strict.services, &ctx, &call, Some("token_missing")).await;
        match expected {
            None => closed.expect("written"),
            Some(code) => assert_eq!(refusal(closed).code(), code),
        }
    }
    // Who is known, and asks too often, adds nothing either.
    let (ctx, call) = called(&strict, "users.list", false, Actor::Operator);
    close(&strict.services, &ctx, &call, Some("too_many_requests")).await.expect("no matter");
    assert_eq!(rows(&app).await.len(), 2);
}

/// They are no accounts, of which events tell.
async fn auz_09_what_changed_of_roles_and_services_stands_beside_the_call(app: App) {
    let services = &app.services;
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let support = RoleName::new("support");

    let (ctx, call) = called(&app, "roles.create", true, Actor::Operator);
    open(services, &ctx).await.expect("written");
    let permissions = named(&["users:write", "users:read"]);
    let new = NewRole { name: "support".to_owned(), permissions, ..NewRole::default() };
    roles::create(services, &ctx, &new).await.expect("made");
    // Whoever dies before the call is closed has changed the role all the same.
    let made = ("permissions", None, Some("users:read users:write"));
    assert_eq!(noted(&app, "roles.create").await, ["support begun".to_owned(), told(made)]);
    close(services, &ctx, &call, None).await.expect("closed");
    assert_eq!(noted(&app, "roles.create").await, ["support done".to_owned(), told(made)]);

    let (ctx, _) = called(&app, "roles.update", true, Actor::Operator);
    open(services, &ctx).await.expect("written");
    let change = RoleChange { permissions: Some(named(&["users:read"])), ..RoleChange::default() };
    roles::update(services, &ctx, &support, &change).await.expect("changed");
    let less = ("permissions", Some("users:read users:write"), Some("users:read"));
    assert_eq!(noted(&app, "roles.update").await, ["support begun".to_owned(), told(less)]);

    let (ctx, _) = called(&app, "roles.delete", true, Actor::Operator);
    open(services, &ctx).await.expect("written");
    roles::delete(services, &ctx, &support, false).await.expect("deleted");
    let gone = ("permissions", Some("users:read"), None);
    assert_eq!(noted(&app, "roles.delete").await, ["support begun".to_owned(), told(gone)]);

    let new = NewServiceAccount { name: "gateway".to_owned(), ..NewServiceAccount::default() };
    let service = service_accounts::create(services, &services.operator(), &new).await;
    let (service, _) = service.expect("made");
    let (ctx, _) = called(&app, "services.permit", true, Actor::Operator);
    open(services, &ctx).await.expect("written");
    let more = named(&["tokens:revoke"]);
    service_accounts::permit(services, &ctx, service.id, &more).await.expect("permitted");
    let expected = told(("permissions", Some(""), Some("tokens:revoke")));
    let begun = format!("{} begun", service.id);
    assert_eq!(noted(&app, "services.permit").await, [begun, expected]);
}

/// The subject and outcome of the one call of this name, and what it changed but for descriptions.
async fn noted(app: &App, action: &str) -> Vec<String> {
    let entries = question(app, by_name(action)).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    let entry = &entries[0];
    let subject = entry.subject.as_deref().unwrap_or("nothing");
    let changes = entry.changes.iter().filter(|change| change.field != "description");
    let changes =
        changes.map(|it| told((it.field.as_str(), it.before.as_deref(), it.after.as_deref())));
    std::iter::once(format!("{subject} {}", entry.outcome)).chain(changes).collect()
}

fn told((field, before, after): (&str, Option<&str>, Option<&str>)) -> String {
    format!("{field}: {before:?} to {after:?}")
}

async fn what_was_asked_for_is_forgotten_after_a_while(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await;
    let ask = async |action: &str| {
        let (ctx, call) = called(&app, action, false, Actor::Operator);
        close(services, &Context { now: app.now(), ..ctx.clone() }, &call, None).await
    };
    ask("users.list").await.expect("written");
    app.advance(200 * DAY);
    ask("users.read").await.expect("written");
    app.advance(201 * DAY);
    app.sweep().await;
    assert_eq!(rows(&app).await, [("users.read".to_owned(), "done".to_owned())]);
    let events = entries_of(&app, ann.id).await;
    assert_eq!(events.len(), 1, "what changed is known for good: {events:?}");
}

async fn the_trail_is_read_page_by_page_and_by_filters(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await.id;
    app.advance(Duration::from_mins(1));
    let middle = app.now();
    let bob = registered(services, "bob").await.id;
    let by_ann = services.native(Client::default(), None).acting_as(Actor::User(ann));
    crate::support::make_moderator(&app, ann).await;
    block(services, &by_ann, bob).await.expect("blocked");
    let (ctx, call) = called(&app, "users.block", true, Actor::User(ann));
    ctx.concerns(bob);
    open(services, &ctx).await.expect("written");
    close(services, &ctx, &call, None).await.expect("written");

    let names =
        |entries: &[Entry]| entries.iter().map(|entry| entry.action.clone()).collect::<Vec<_>>();
    let [registered, blocked] = ["vestibule.user.registered.v1", "vestibule.user.blocked.v1"];
    let all = question(&app, Question::default()).await;
    assert_eq!(names(&all), ["users.block", blocked, registered, registered], "newest first");
    let mut piece = Question { limit: 1, ..Question::default() };
    let mut seen = Vec::new();
    loop {
        let page = list(services, &services.operator(), &piece).await.expect("a page");
        seen.extend(page.entries);
        let Some(next) = page.next else { break };
        piece.after = Some(next);
    }
    assert_eq!(seen, all);
    for (filter, expected) in [
        (Question { actor: Some(ann.0), ..by_name("*") }, vec!["users.block", blocked, registered]),
        (Question { target: Some(ann), ..by_name("*") }, vec![registered]),
        (
            Question { since: Some(middle), ..by_name("*") },
            vec!["users.block", blocked, registered],
        ),
        (Question { until: Some(middle), ..by_name("*") }, vec![registered]),
        (by_name("users.*"), vec!["users.block"]),
        (by_name("vestibule.user.bl*"), vec![blocked]),
        (by_name(blocked), vec![blocked]),
        (by_name("*block*"), vec!["users.block", blocked]),
        (by_name("*ed.v1"), vec![blocked, registered, registered]),
        (Question { limit: 2, ..by_name("*ed*") }, vec![blocked, registered]),
        (by_name("users_block"), vec![]),
        (by_name("users.block' OR 1=1 --"), vec![]),
        (by_name("%"), vec![]),
    ] {
        assert_eq!(names(&question(&app, filter.clone()).await), expected, "{filter:?}");
    }
}

async fn who_may_not_read_the_trail_hears_so(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await.id;
    let ctx = services.native(Client::default(), None).acting_as(Actor::User(ann));
    let missing = Refusal::PermissionMissing(domain::Permission::AuditRead);
    let nobody = UserId(uuid::Uuid::nil());
    for role in [None, Some(RoleName::MODERATOR), Some(RoleName::ADMIN)] {
        if let Some(role) = role {
            let role = RoleName::new(role);
            grant(services, &services.operator(), ann, &role).await.expect("granted");
        }
        let answers = [
            list(services, &ctx, &Question::default()).await,
            list_of(services, &ctx, ann, &Question::default()).await,
        ];
        let unknown = refusal(list_of(services, &ctx, nobody, &Question::default()).await);
        if role == Some(RoleName::ADMIN) {
            for page in answers {
                page.expect("administrators may");
            }
            assert_eq!(unknown, Refusal::UserNotFound);
        } else {
            for page in answers {
                assert_eq!(refusal(page), missing);
            }
            assert_eq!(unknown, missing, "also about nobody");
        }
    }
}

fn by_name(name: &str) -> Question {
    Question { action: Some(name.to_owned()), ..Question::default() }
}

fn called(app: &App, action: &str, changes: bool, actor: Actor) -> (Context, Arc<Call>) {
    let call = Arc::new(Call::new(action.to_owned(), changes));
    let client = Client { address: Some("192.0.2.7".to_owned()), ..Client::default() };
    let ctx = app.services.native(client, None).acting_as(actor);
    (ctx.as_call(&call), call)
}

/// Action and outcome of every call.
async fn rows(app: &App) -> Vec<(String, String)> {
    let dump = app.database.dump().await;
    dump.rows("audit_calls").iter().map(|row| (row.text("action"), row.text("outcome"))).collect()
}

async fn question(app: &App, question: Question) -> Vec<Entry> {
    let page = list(&app.services, &app.services.operator(), &question).await;
    page.expect("the operator may").entries
}

async fn entries_of(app: &App, id: UserId) -> Vec<Entry> {
    let operator = app.services.operator();
    let page = list_of(&app.services, &operator, id, &Question::default()).await;
    page.expect("the operator may").entries
}

async fn change(app: &App, name: &str, fill: impl FnOnce(&mut AccountChange)) -> User {
    let session = signed_in(&app.services, name).await;
    let (user, own, ctx) = acting(&app.services, &session).await;
    let mut request =
        UpdateOwn { current_password: Some(Password::new(PASSWORD)), ..UpdateOwn::default() };
    fill(&mut request.change);
    update_own(&app.services, &ctx, &user, own, &request).await.expect("changed")
}

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}
