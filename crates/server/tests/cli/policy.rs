//! `vestibule policy report`

use testkit::Backend;

use super::Stage;

#[tokio::test]
async fn the_report_says_what_is_looked_at() {
    let stage = Stage::with_admin(Backend::Sqlite).await;
    let report = ["policy", "report"];
    stage.run(&report).is(0).says("no candidate policy is set: passwords.candidate.profile");
    let stage = stage.with("VESTIBULE_PASSWORDS__CANDIDATE__PROFILE", "nist");
    let shown = stage.run(&report).is(0);
    shown.says("candidate: 15 characters at least, none that is well known");
    shown.says("nobody signed in since it is set");
    let json = stage.run(&["policy", "report", "--json"]).is(0).json();
    assert_eq!(json[0]["candidate"]["min_length"], 15);
    assert_eq!(json[0]["accounts_seen"], 0);
    assert_eq!(json[0]["rules"], serde_json::json!([]));
    let stage = stage.with("VESTIBULE_PASSWORDS__CANDIDATE__PROFILE", "nits");
    stage.run(&report).is(3).says("\"nits\" is no profile: there are default and nist");
}
