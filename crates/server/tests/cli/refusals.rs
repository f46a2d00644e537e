//! What is refused is said in words, exits with 4 and changes nothing.

use testkit::{PASSWORD, on_every_backend};

use super::Stage;

on_every_backend!(Stage::with_admin =>
    a_taken_name_is_refused_also_in_another_spelling,
    an_unknown_role_is_refused_and_makes_no_account,
);

async fn a_taken_name_is_refused_also_in_another_spelling(stage: Stage) {
    stage.create("bob");
    let create = |arguments: &[&str]| {
        stage.type_in(PASSWORD, &[&["user", "create", "--password-stdin"], arguments].concat())
    };
    create(&["--username", "BOB"]).is(4).says("another account has this username");
    create(&["--email", "Bob@Example.ORG"]).is(4).says("another account has this e-mail address");
    let wrong = create(&["--username", "b", "--email", "bob", "--phone", "12"]).is(4);
    wrong.says("the username needs at least 3 characters; ");
    wrong.says("the e-mail address is not one; ");
    wrong.says("the phone number is not one");
    create(&["--first-name", "Bob"]).is(2);
    assert_eq!(stage.run(&["user", "list", "--json"]).json().len(), 2);
}

async fn an_unknown_role_is_refused_and_makes_no_account(stage: Stage) {
    let arguments = ["user", "create", "--username", "bob", "--role", "nobody", "--password-stdin"];
    stage.type_in(PASSWORD, &arguments).is(4).says("there is no such role");
    stage.run(&["user", "show", "bob"]).is(4).says("there is no account \"bob\"");
    stage.run(&["user", "grant", "ann", "nobody"]).is(4).says("there is no such role");
    stage.run(&["user", "grant", "bob", "moderator"]).is(4).says("there is no account \"bob\"");
}
