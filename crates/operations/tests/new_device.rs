//! Who is told of a sign-in from something that was not seen before (docs/decisions/0019).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Identifier, Password, UserId};
use operations::Client;
use operations::accounts::{AccountChange, Change, delete, update_own};
use operations::sessions::{SignIn, SignedIn, sign_in, sign_up};
use testkit::{App, Backend, PASSWORD};

use crate::support::{DAY, acting, registered, registration};

testkit::on_every_backend!(App::on =>
    a_sign_in_is_told_when_program_or_network_is_new,
    the_cookie_of_a_device_hides_no_new_network,
    what_is_not_seen_for_ninety_days_is_new_again,
    a_purge_forgets_every_device,
);

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const NEWER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0";

async fn sign_in_from(app: &App, address: &str, agent: &str) -> SignedIn {
    let client = Client { address: Some(address.into()), agent: Some(agent.into()), device: None };
    let ctx = app.services.native(client, None);
    let identifier = Identifier::recognise("ann");
    let request = SignIn { identifier, password: Password::new(PASSWORD) };
    sign_in(&app.services, &ctx, &request).await.expect("signed in")
}

/// Whether the newest sign-in counts as one from a new device.
async fn was_new(app: &App, id: UserId) -> bool {
    let mut read = app.database.store.read().await.expect("a connection");
    let events = storage::events::of_user(&mut read, id).await.expect("the log");
    let signed_in = events.iter().rev().find(|event| event.name.ends_with("signed_in.v1"));
    signed_in.expect("a sign-in").data.contains("\"new_device\":true")
}

async fn mails(app: &App) -> usize {
    app.run_jobs().await;
    app.mailbox.mails().len()
}

async fn a_sign_in_is_told_when_program_or_network_is_new(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let beside = app.beside().await;
    for (address, agent, is_new) in [
        // The very first one: there is nothing to compare it with.
        ("192.0.2.1", FIREFOX, false),
        ("192.0.2.1", FIREFOX, false),
        ("192.0.2.200", NEWER, false),
        ("192.0.2.1", "curl/8.14.1", true),
        ("198.51.100.1", FIREFOX, true),
        ("2001:db8:1:2::3", FIREFOX, true),
        ("2001:db8:1:ffff::4", NEWER, false),
        ("2001:db8:2::3", NEWER, true),
        ("198.51.100.1", FIREFOX, false),
    ] {
        let before = mails(&app).await;
        // Another instance knows the same.
        sign_in_from(&beside, address, agent).await;
        assert_eq!(was_new(&app, ann).await, is_new, "{address} {agent}");
        assert_eq!(mails(&app).await - before, usize::from(is_new), "{address} {agent}");
    }
    let dump = app.database.dump().await;
    for row in dump.rows("known_devices") {
        let row = format!("{row:?}");
        assert!(!row.contains("192.0.2") && !row.contains("irefox"), "{row}");
    }
}

/// Whoever has a copy of the cookie would silence the very notice that tells of him.
async fn the_cookie_of_a_device_hides_no_new_network(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let device = sign_in_from(&app, "192.0.2.1", FIREFOX).await.device;
    for (address, is_new) in [("192.0.2.2", false), ("198.51.100.1", true)] {
        let (address, agent) = (Some(address.to_owned()), Some(FIREFOX.to_owned()));
        let ctx = app.services.native(Client { address, agent, device: device.clone() }, None);
        let identifier = Identifier::recognise("ann");
        let request = SignIn { identifier, password: Password::new(PASSWORD) };
        sign_in(&app.services, &ctx, &request).await.expect("signed in");
        assert_eq!(was_new(&app, ann).await, is_new);
    }
    assert_eq!(mails(&app).await, 1);
}

async fn what_is_not_seen_for_ninety_days_is_new_again(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    app.advance(DAY * 90);
    sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    assert!(!was_new(&app, ann).await);
    app.advance(DAY * 90 + Duration::from_secs(1));
    sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    assert!(was_new(&app, ann).await);
    sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    assert!(!was_new(&app, ann).await);
    app.advance(DAY * 91);
    app.sweep().await;
    assert_eq!(app.database.count("known_devices").await, 0);
}

async fn a_purge_forgets_every_device(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    for number in 0..25 {
        sign_in_from(&app, "192.0.2.1", &format!("agent{number}/1")).await;
    }
    assert_eq!(app.database.count("notices").await, 1);
    delete(&app.services, &app.services.operator(), ann).await.expect("deleted");
    app.advance(DAY * 31);
    app.run_jobs().await;
    assert_eq!(app.database.count("known_devices").await, 0);
    assert_eq!(app.database.count("notices").await, 0);
}

/// Whoever calls himself new each time fills neither table nor mailbox; the log says it all the same.
#[tokio::test]
async fn ten_new_devices_a_day_are_told() {
    let app = App::with(&[("VESTIBULE_SESSIONS__MAX_PER_USER", "100")]).start(Backend::Sqlite);
    let app = app.await;
    let ann = registered(&app.services, "ann").await.id;
    sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    for number in 0..15 {
        sign_in_from(&app, "192.0.2.1", &format!("agent{number}/1")).await;
        assert!(was_new(&app, ann).await);
    }
    assert_eq!(mails(&app).await, 9);
    assert_eq!(app.database.count("known_devices").await, 10);
    app.advance(DAY);
    sign_in_from(&app, "192.0.2.1", "another/1").await;
    assert_eq!(mails(&app).await, 10);
}

#[tokio::test]
async fn the_mail_says_when_and_from_where_and_links_nowhere() {
    let app = App::on(Backend::Sqlite).await;
    registered(&app.services, "ann").await;
    let own = sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    let evil = "Phone/9 <b>see https://evil.example/x</b>";
    sign_in_from(&app, "198.51.100.7", evil).await;
    app.run_jobs().await;
    let mail = app.mailbox.newest_to("ann@example.org");
    assert_eq!(mail.subject, "New sign-in to your Vestibule account");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("2026-01-01 00:00 UTC") && part.contains("198.51.100.7"), "{part}");
        assert!(part.contains("9 b see https evil example x b"), "{part}");
        for active in ["evil.example", "<b>", "<img", "src=", "href="] {
            assert!(!part.contains(active), "{active}");
        }
    }
    app.advance(Duration::from_mins(1));
    let (user, session, ctx) = acting(&app.services, &own).await;
    let locale = Change::Set("ru".to_owned());
    let change = AccountChange { locale, ..AccountChange::default() };
    update_own(&app.services, &ctx, &user, session, &change.into()).await.expect("changed");
    sign_in_from(&app, "203.0.113.1", FIREFOX).await;
    app.run_jobs().await;
    let mail = app.mailbox.newest_to("ann@example.org");
    assert_eq!(mail.subject, "Новый вход в ваш аккаунт Vestibule");
    assert!(mail.html.contains("<html lang=\"ru\" ") && mail.text.contains("203.0.113.1"));
}

#[tokio::test]
async fn a_registration_that_signs_in_is_not_told() {
    let app = App::on(Backend::Sqlite).await;
    let client =
        Client { address: Some("192.0.2.1".into()), agent: Some(FIREFOX.into()), device: None };
    let ctx = app.services.native(client, None);
    let ann = sign_up(&app.services, &ctx, &registration("ann")).await.expect("signed up").user.id;
    assert!(!was_new(&app, ann).await);
    sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    assert!(!was_new(&app, ann).await, "it is remembered");
    sign_in_from(&app, "192.0.2.1", "curl/8").await;
    assert!(was_new(&app, ann).await);
    assert_eq!(mails(&app).await, 1);
}

#[tokio::test]
async fn switched_off_nothing_is_remembered_and_nobody_told() {
    let settings = [("VESTIBULE_SESSIONS__NEW_DEVICE_NOTICE", "false")];
    let app = App::with(&settings).start(Backend::Sqlite).await;
    registered(&app.services, "ann").await;
    sign_in_from(&app, "192.0.2.1", FIREFOX).await;
    sign_in_from(&app, "198.51.100.7", "curl/8").await;
    assert_eq!(mails(&app).await, 0);
    assert_eq!(app.database.count("known_devices").await, 0);
}
