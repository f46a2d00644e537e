//! Help that helps: examples, groups, exit codes, completions.

use testkit::Backend;

use super::Stage;

#[tokio::test]
async fn every_command_has_an_example_and_the_exit_codes() {
    let stage = Stage::empty(Backend::Sqlite).await;
    let commands = "serve|worker|migrate|admin|admin init|admin setup-token|user|user create|user list|user show|\
                    user update|user verify|user set-password|user roles|user roles set|role|role list|role show|role create|role update|role delete|user block|user unblock|user grant|user revoke|user delete|\
                    user restore|session|session list|session revoke|service|service create|service list|service show|service rotate|\
                    service permit|service forbid|service delete|keys|keys list|\
                    keys rotate|keys retire|policy|policy report|config|config check|config print|doctor|fsck|openapi|postman|\
                    completions";
    for command in commands.split('|') {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = stage.run(&words).is(0);
        help.says("Example").says("vestibule ").says("Exit codes:").says("4  refused");
    }
}

#[tokio::test]
async fn the_first_page_shows_every_command_in_its_group() {
    let stage = Stage::empty(Backend::Sqlite).await;
    let help = stage.run(&["help"]).is(0);
    help.says("Run the service:\n  serve ").says("Look after accounts:\n  admin ");
    help.says("Find out what is wrong:\n  doctor ").says("Documents:\n  openapi ");
    assert!(!help.out.contains("Other:"), "a command has no group: {}", help.out);
    assert!(!help.out.contains("error-codes"), "{}", help.out);
}

#[tokio::test]
async fn shells_complete_what_there_is() {
    let stage = Stage::empty(Backend::Sqlite).await;
    for shell in ["bash", "zsh", "fish"] {
        let script = stage.run(&["completions", shell]).is(0);
        script.says("set-password").says("doctor").says("password-stdin");
    }
}

#[tokio::test]
async fn wrong_usage_exits_with_two() {
    let stage = Stage::empty(Backend::Sqlite).await;
    for arguments in [&["nonsense"][..], &["user"], &["user", "show"], &["doctor", "--nonsense"]] {
        stage.run(arguments).is(2);
    }
    let asked = Stage::with_admin(Backend::Sqlite).await;
    asked.run(&["user", "delete", "ann"]).is(2).says("say --yes");
}
