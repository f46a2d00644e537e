//! The log as it is read: every event once, in order, as soon as it is there.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use std::time::Duration;

use domain::{Identifier, UserId};
use operations::accounts;
use operations::events::{read, wait};
use serde_json::{Value, json};
use testkit::{App, on_every_backend};

on_every_backend!(App::on =>
    what_happened_is_read_as_cloud_events_in_order,
    who_waits_hears_of_it_when_it_is_numbered,
);

async fn id_of(app: &App, name: &str) -> UserId {
    accounts::find(&app.services, &Identifier::recognise(name)).await.unwrap().id
}

async fn what_happened_is_read_as_cloud_events_in_order(app: App) {
    app.register("ann").await;
    app.sign_in("ann").await;
    assert!(read(&app.services, 0, 100).await.unwrap().events.is_empty());
    app.relay_events().await;
    let page = read(&app.services, 0, 1).await.unwrap();
    assert_eq!((page.events.len(), page.next), (1, 1));
    let first = serde_json::to_value(&page.events[0]).unwrap();
    let id = id_of(&app, "ann").await.to_string();
    let expected = json!({
        "specversion": "1.0",
        "id": first["id"],
        "source": "http://127.0.0.1:8000",
        "type": "vestibule.user.registered.v1",
        "subject": id,
        "time": app.now().to_rfc3339(),
        "datacontenttype": "application/json",
        "sequence": "00000000000000000001",
        "userversion": "1",
        "actor": first["actor"],
        "data": {},
    });
    let mut first: Value = first;
    first.as_object_mut().unwrap().remove("actorid");
    assert_eq!(first, expected);
    let rest = read(&app.services, page.next, 100).await.unwrap();
    assert_eq!((rest.events.len(), rest.next), (1, 2));
    assert_eq!(rest.events[0].kind, "vestibule.user.signed_in.v1");
    let none = read(&app.services, 2, 100).await.unwrap();
    assert_eq!((none.events.len(), none.next), (0, 2));
}

async fn who_waits_hears_of_it_when_it_is_numbered(app: App) {
    let patience = Duration::from_secs(30);
    let waiting = wait(&app.services, 0, 10, patience, std::future::pending());
    let happening = async {
        app.register("ann").await;
        app.beside().await.relay_events().await;
    };
    let (page, ()) = tokio::join!(waiting, happening);
    assert_eq!(page.unwrap().events[0].kind, "vestibule.user.registered.v1");

    let at_the_end = 1;
    let stopped = wait(&app.services, at_the_end, 10, patience, std::future::ready(()));
    assert!(stopped.await.unwrap().events.is_empty());
    let in_vain = Duration::from_millis(50);
    let late = wait(&app.services, at_the_end, 10, in_vain, std::future::pending());
    assert!(late.await.unwrap().events.is_empty());
}
