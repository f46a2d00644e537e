//! A wrong configuration stops every command with its own exit code.

use testkit::Backend;

use super::Stage;

#[tokio::test]
async fn a_wrong_configuration_exits_with_three() {
    let stage = Stage::empty(Backend::Sqlite).await.with("VESTIBULE_HTTP__LISTEN", "nowhere");
    for command in [&["user", "list"][..], &["fsck"], &["migrate"], &["config", "check"]] {
        stage.run(command).is(3).says("http.listen");
    }
}

#[tokio::test]
async fn the_doctor_tells_about_it_as_about_any_problem() {
    let stage = Stage::empty(Backend::Sqlite).await.with("VESTIBULE_HTTP__LISTEN", "nowhere");
    stage.run(&["doctor"]).is(1).says("problem  configuration   http.listen: ");
    let findings = stage.run(&["doctor", "--json"]).is(1).json();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["check"], "configuration");
    assert_eq!(findings[0]["verdict"], "problem");
}
