//! Recovered by clicking, in a real browser without scripts.

use std::net::SocketAddr;

use testkit::{App, Backend};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::chromium::Chromium;
use super::support::recovery_mail;

const NEW: &str = "an entirely different staple";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_recovered_by_clicking_without_scripts() {
    let app = App::on(Backend::Sqlite).await;
    app.register("ann").await;
    let token = recovery_mail(&app, "ann").await.link_token();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, service).await });

    let url = format!("http://{address}/link/recover?token={token}");
    let clicked = tokio::task::spawn_blocking(move || recover(&url)).await;
    let console = clicked.expect("the browser comes back");
    assert!(console.iter().all(|said| !said.contains("Security Policy")), "{console:?}");
    app.try_sign_in("ann", NEW).await.expect(200);
}

fn recover(url: &str) -> Vec<String> {
    let mut browser = Chromium::start("ru");
    browser.resize(390, 844, false);
    browser.open(url);
    assert!(browser.text("h1").contains("Новый пароль"));
    browser.press_button("Задайте новый пароль");
    browser.type_into("password", "password123");
    browser.type_into("repeated", "password123");
    browser.press_button("Задайте новый пароль");
    assert!(browser.text("#password-wrong").contains("подбирают первыми"));
    browser.type_into("password", NEW);
    browser.type_into("repeated", NEW);
    browser.press_button("Пароль задан");
    std::mem::take(&mut browser.console)
}
