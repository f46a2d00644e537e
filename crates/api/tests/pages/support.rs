//! What the tests of the pages say again and again.

use domain::Identifier;
use operations::recovery::request_recovery;
use testkit::{App, Call, Mail, Reply};

/// A page in plain words, in the language of the reader, that nothing is loaded into.
#[track_caller]
pub(super) fn assert_page(reply: &Reply, status: u16, says: &str) {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(reply.text.contains(says), "no {says:?} in {}", reply.text);
    assert!(!reply.text.contains("<script"), "{}", reply.text);
    assert!(!reply.text.contains("urn:"), "{}", reply.text);
}

/// What the form of a page would send, with what somebody types.
pub(super) fn filled<'a>(
    reply: &'a Reply,
    typed: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let hidden = between(&reply.text, "type=\"hidden\" name=\"", "\"");
    let value = between(&reply.text, "value=\"", "\"");
    let mut fields = vec![(hidden, value)];
    fields.extend_from_slice(typed);
    fields
}

/// Sends the form of the page at `path` off, to where it leads.
pub(super) fn press(app: &App, path: &str, page: &Reply, typed: &[(&str, &str)]) -> Call {
    let action = between(&page.text, "action=\"", "\"");
    let base = url::Url::parse("http://here").and_then(|here| here.join(path)).expect("a path");
    let to = base.join(action).expect("where the form leads");
    app.call(http::Method::POST, to.path()).form(&filled(page, typed))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1;
    rest.split_once(end).expect("its end").0
}

pub(super) async fn recovery_mail(app: &App, name: &str) -> Mail {
    let named = Identifier::recognise(name);
    let asked = request_recovery(&app.services, &app.stranger(), &named).await;
    asked.expect("not asked too often");
    mail_with(app, &format!("{name}@example.org"), "/link/recover").await
}

/// The newest mail with this link. Mails of one moment come in no order.
pub(super) async fn mail_with(app: &App, to: &str, link: &str) -> Mail {
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let found = mails.into_iter().rev().find(|mail| mail.to == to && mail.text.contains(link));
    found.unwrap_or_else(|| panic!("no mail to {to} with {link}"))
}
