//! Passwords come by standard input only. That nothing secret is seen in any output or command
//! line is checked for every command of every test, in `Stage::type_in`.

use testkit::Backend;

use super::Stage;

#[tokio::test]
async fn no_command_takes_a_password_as_an_argument() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let attempts: [&[&str]; 3] = [
        &["admin", "init", "--username", "ann", "--password", "x"],
        &["user", "create", "--username", "ann", "--password=x"],
        &["user", "set-password", "ann", "x"],
    ];
    for attempt in attempts {
        stage.run(attempt).is(2);
    }
}

#[tokio::test]
async fn one_line_is_the_password_and_it_may_hold_blanks() {
    let stage = Stage::with_admin(Backend::Sqlite).await;
    let arguments = ["user", "set-password", "ann", "--password-stdin"];
    stage.type_in(" a phrase with blanks ", &arguments).is(0);
    stage.type_in("a phrase with a carriage return\r", &arguments).is(0);
    let long = "long ".repeat(100_000);
    stage.type_in(&long, &arguments).is(4).says("the password may have at most 128 characters");
}

#[tokio::test]
async fn a_password_in_a_url_stays_there() {
    let secret = "secret-of-the-database";
    let url = format!("postgres://vestibule:{secret}@127.0.0.1:1/accounts");
    let stage = Stage::empty(Backend::Sqlite)
        .await
        .with("VESTIBULE_DATABASE__URL", &url)
        .with("VESTIBULE_DATABASE__WAIT_AT_START", "0s")
        .with("VESTIBULE_DATABASE__ACQUIRE_TIMEOUT", "1s")
        .with("VESTIBULE_REDIS__URL", &format!("redis://:{secret}@127.0.0.1:1"))
        .with("VESTIBULE_MAIL__TRANSPORT", "smtp")
        .with("VESTIBULE_MAIL__SMTP_URL", &format!("smtp://ann:{secret}@127.0.0.1:1"));
    for command in [&["doctor"][..], &["doctor", "--json"], &["user", "list"], &["migrate"]] {
        let ended = stage.run(command).is(1);
        assert!(!format!("{ended:?}").contains(secret), "{ended:#?}");
    }
    let printed = stage.run(&["config", "print"]).is(0);
    assert!(!printed.out.contains(secret));
}
