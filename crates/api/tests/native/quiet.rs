//! Registering with `accounts.registration_reveals` off (REG-12).

use serde_json::{Value, json};
use testkit::{App, Backend, PASSWORD, on_every_backend};

use super::support::{REGISTER, assert_field, assert_problem, register};

on_every_backend!(hiding => reg_12_what_is_taken_and_what_is_free_are_one_answer);

async fn hiding(backend: Backend) -> App {
    App::with(&[("VESTIBULE_ACCOUNTS__REGISTRATION_REVEALS", "false")]).start(backend).await
}

async fn reg_12_what_is_taken_and_what_is_free_are_one_answer(app: App) {
    let all = json!({ "username": "ann", "email": "ann@x.io", "phone": "+15550100000" });
    let free = register(&app, all).await.expect(202);
    for fields in [
        json!({ "email": "ANN@x.io" }),
        json!({ "phone": "1-555-010-0000" }),
        json!({ "username": "bob", "email": "ann@x.io" }),
        json!({ "email": "new@x.io", "phone": "+15550100000" }),
        json!({ "email": "new@x.io" }),
    ] {
        let reply = register(&app, fields.clone()).await.expect(202);
        assert_eq!(reply.text, free.text, "{fields}");
        let names = |reply: &testkit::Reply| {
            let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(names(&reply), names(&free), "{fields}");
        assert_eq!(reply.header("set-cookie"), None);
    }
    assert_eq!(app.database.count("users").await, 2);
    for fields in [json!({ "username": "ANN" }), json!({ "username": "ann", "email": "c@x.io" })] {
        assert_problem(&register(&app, fields).await, 409, "username_taken");
    }
    let alone: Value = register(&app, json!({ "username": "kim" })).await.expect(201).json();
    assert_eq!(alone["username"], "kim");
    let weak = json!({ "email": "ann@x.io", "password": "ann@x.io" });
    assert_field(&app.post(REGISTER, &weak).send().await, "password", "context_word");
    app.try_sign_in("ann@x.io", PASSWORD).await.expect(200);
}
