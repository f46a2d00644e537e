//! Carrying out the exchanges of documents, whose form the crate `transcript` describes.

use std::path::Path;
use std::time::Duration;

use domain::{Identifier, RoleName};
use serde_json::Value;
use transcript::{Exchange, Known, Section, Step, fill, learn, learn_link, pages};

use crate::{App, Backend, Reply};

/// The page of a folder that introduces the others.
const INTRODUCTION: &str = "README.md";

/// Carries out every section of every page in the folder, each on a fresh application of its own.
/// Answers how many exchanges there were.
pub async fn run(folder: &Path, backend: Backend) -> usize {
    let mut count = 0;
    for page in pages(folder).expect("a folder of pages") {
        let name = &page.name;
        let mut on_page = 0;
        for section in &page.sections {
            on_page += run_section(name, section, backend).await;
        }
        assert!(on_page > 0 || name == INTRODUCTION, "{name} shows no exchange");
        count += on_page;
    }
    count
}

async fn run_section(page: &str, section: &Section, backend: Backend) -> usize {
    let settings: Vec<(&str, &str)> =
        section.settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let app = App::with(&settings).start(backend).await;
    let mut known = Known::new();
    let mut count = 0;
    for step in &section.steps {
        match step {
            Step::Command(command) => operate(&app, command, &mut known).await,
            Step::Exchange(exchange) => {
                let place = format!("{page} / {} / {}", section.title, exchange.title);
                carry_out(exchange, &app, &mut known, &place).await;
                count += 1;
            }
        }
    }
    count
}

/// What an operator does at the command line, by the same operations; and what arrives by mail.
async fn operate(app: &App, command: &str, known: &mut Known) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let (services, ctx) = (&app.services, app.services.operator());
    let id = |name: &str| {
        let identifier = Identifier::recognise(name);
        async move { operations::accounts::find(services, &identifier).await.expect(command).id }
    };
    match words.as_slice() {
        ["sleep", time] => {
            app.advance(read_duration(time));
        }
        // From here on `<code>` is the one that the newest mail there says that has one.
        ["mailbox", address] => {
            app.run_jobs().await;
            let mails = app.mailbox.mails();
            let mut mails = mails.iter().rev().filter(|mail| mail.to == *address);
            let code = mails.find_map(crate::Mail::find_code);
            known.insert("code".to_owned(), code.unwrap_or_else(|| panic!("{command}: no code")));
        }
        ["mail", address, link] => {
            app.run_jobs().await;
            let mails = app.mailbox.mails();
            let mails = mails.iter().rev().filter(|mail| mail.to == *address);
            let is_there = mails.clone().flat_map(|mail| mail.text.lines()).any(|line| {
                // The newest one that is as expected.
                learn_link(link, line.trim(), known)
            });
            assert!(is_there, "{command}: {:#?}", mails.collect::<Vec<_>>());
        }
        ["vestibule", "user", "block", name] => {
            operations::accounts::block(services, &ctx, id(name).await).await.expect(command);
        }
        ["vestibule", "user", "unblock", name] => {
            operations::accounts::unblock(services, &ctx, id(name).await).await.expect(command);
        }
        ["vestibule", "user", "delete", name] => {
            operations::accounts::delete(services, &ctx, id(name).await).await.expect(command);
        }
        ["vestibule", "user", "grant", name, role] => {
            let role = RoleName::new(*role);
            operations::roles::grant(services, &ctx, id(name).await, &role).await.expect(command);
        }
        _ => panic!("transcripts know no `{command}`"),
    }
}

/// `90s`, `61m`, `25h`, `31d`
fn read_duration(text: &str) -> Duration {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: u64 = number.parse().expect("a number and a unit");
    Duration::from_secs(match unit {
        "s" => number,
        "m" => number * 60,
        "h" => number * 3600,
        "d" => number * 24 * 3600,
        _ => panic!("{text} has no unit that we know"),
    })
}

async fn carry_out(exchange: &Exchange, app: &App, known: &mut Known, place: &str) {
    let fill = |text: &str| fill(text, known);
    let method = exchange.method.parse().expect("a method");
    let mut call = app.call(method, &fill(&exchange.path));
    let mut has_type = false;
    for (name, value) in &exchange.headers {
        has_type |= name.eq_ignore_ascii_case("content-type");
        // `-` sends none.
        if value != "-" {
            call = call.header(name, &fill(value));
        }
    }
    if !exchange.body.is_empty() {
        let call_with_type =
            if has_type { call } else { call.header("content-type", "application/json") };
        call = call_with_type.body(fill(&exchange.body));
    }
    let reply = call.send().await;
    check(exchange, &reply, known, place);
}

fn check(exchange: &Exchange, reply: &Reply, known: &mut Known, place: &str) {
    assert_eq!(reply.status.as_u16(), exchange.status, "{place}: {}", reply.text);
    for (name, value) in &exchange.expected_headers {
        let sent = reply.header(&name.to_lowercase());
        match value.as_str() {
            "-" => assert_eq!(sent, None, "{place}: {name}"),
            value => {
                let sent = Value::from(sent);
                let value = learn(Value::from(value), &sent, known);
                assert_eq!(sent, value, "{place}: {name}");
            }
        }
    }
    let Ok(expected) = serde_json::from_str::<Value>(&exchange.expected_body) else {
        return assert_eq!(reply.text, exchange.expected_body, "{place}");
    };
    let sent = serde_json::from_str(&reply.text)
        .unwrap_or_else(|error| panic!("{place}: not JSON ({error}): {}", reply.text));
    // To the letter: the order of keys counts, blanks do not stand anywhere.
    let expected = learn(expected, &sent, known).to_string();
    assert_eq!(reply.text, expected, "{place}");
}
