//! `vestibule mail`, and what others say of our mails.

mod judge;

use mailparse::{MailHeaderMap, parse_mail};
use testkit::Backend;

use super::Stage;

/// In each language.
const KINDS: usize = 26;
/// Examples of all kinds, in both languages.
const MAILS: usize = 40 * 2;

/// No database is touched: there is none.
async fn stage() -> Stage {
    Stage::empty(Backend::Sqlite)
        .await
        .with("VESTIBULE_DATABASE__URL", "sqlite://nowhere/at/all.db")
        .with("VESTIBULE_MAIL__FROM", "Vestibule & Söhne <no-reply@example.org>")
}

#[tokio::test]
async fn others_find_nothing_wrong_with_any_mail_in_any_language() {
    let stage = stage().await;
    stage.run(&["mail", "preview", "--all", "--part", "eml", "--out", "out"]).is(0);
    assert_eq!(judge::judge(&stage.folder().join("out")), format!("judged {MAILS}\n"));
}

#[tokio::test]
async fn the_name_of_the_sender_is_text_wherever_it_stands() {
    let from = "\"<b>Söhne</b> & Co\" <no-reply@example.org>";
    let stage = stage().await.with("VESTIBULE_MAIL__FROM", from);
    stage.run(&["mail", "preview", "welcome", "--part", "eml", "--out", "out"]).is(0);
    assert_eq!(judge::judge(&stage.folder().join("out")), "judged 2\n");
    let source = std::fs::read(stage.folder().join("out/en/welcome.eml")).unwrap();
    let mail = parse_mail(&source).unwrap();
    assert_eq!(mail.headers.get_first_value("From").unwrap(), from.replace('"', ""));
    assert_eq!(mail.headers.get_first_value("Subject").unwrap(), "Welcome to <b>Söhne</b> & Co");
    let [text, html] = [0, 1].map(|index: usize| mail.subparts[index].get_body().unwrap());
    assert!(text.contains("Your account at <b>Söhne</b> & Co is ready"), "{text}");
    let escaped = "Your account at &lt;b&gt;Söhne&lt;&#x2f;b&gt; &amp; Co is ready";
    assert!(html.contains(escaped) && !html.contains("<b>Söhne"), "{html}");
}

#[tokio::test]
async fn every_message_is_listed_and_previewed() {
    let stage = stage().await;
    let listed = stage.run(&["mail", "list", "--json"]).is(0).out;
    let names: Vec<String> = listed
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|object| object["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), KINDS);
    let table = stage.run(&["mail", "list"]).is(0).out;
    assert!(names.iter().all(|name| table.contains(name.as_str())), "{table}");
    stage.run(&["mail", "preview", "--all", "--out", "out"]).is(0);
    for name in &names {
        for file in ["txt", "html", "subject.txt", "eml"] {
            for language in ["en", "ru"] {
                let path = stage.folder().join(format!("out/{language}/{name}.{file}"));
                assert!(path.metadata().unwrap().len() > 0, "{}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn a_preview_says_what_this_deployment_would_send() {
    let stage = stage().await.with("VESTIBULE_HTTP__PUBLIC_URL", "https://id.example.org");
    let text = stage.run(&["mail", "preview", "recovery", "--locale", "ru"]).is(0).out;
    assert!(text.contains("https://id.example.org/link/recover?token="), "{text}");
    assert!(text.contains("Здравствуйте") && text.contains("Vestibule & Söhne"), "{text}");
    let sms = stage.run(&["mail", "preview", "recovery", "--part", "sms"]).is(0).out;
    assert!(sms.contains("\n048291\n"), "{sms}");
    let refused = stage.run(&["mail", "preview", "welcome", "--part", "sms"]);
    assert!(refused.code == 2 && refused.err.contains("mail only"), "{refused:?}");
    let refused = stage.run(&["mail", "preview", "welcome", "--part", "sms", "--out", "out"]);
    assert!(refused.code == 2 && refused.err.contains("mail only"), "{refused:?}");
    let unknown = stage.run(&["mail", "preview", "wellcome"]);
    assert!(unknown.code == 2 && unknown.err.contains("vestibule mail list"), "{unknown:?}");
}

#[tokio::test]
async fn a_preview_is_in_the_language_after_which_its_folder_is_called() {
    let stage = stage().await;
    let out = |locale: &str| {
        stage.run(&["mail", "preview", "recovery", "--locale", locale, "--out", "d"])
    };
    out("RU-ru").is(0);
    for file in ["ru/recovery.eml", "ru/recovery.2.eml", "ru/recovery.2.sms.txt"] {
        assert!(stage.folder().join("d").join(file).exists(), "{file}");
    }
    for locale in ["../../x", "fr", "", "/tmp", "ru_RU"] {
        let refused = out(locale);
        assert!(refused.code == 2 && refused.err.contains("only in en, ru"), "{refused:?}");
        let refused = ["mail", "send-test", "--to", "eve@example.net", "--locale", locale];
        let refused = stage.run(&refused);
        assert!(refused.code == 2 && refused.err.contains("only in en, ru"), "{refused:?}");
    }
    let written: Vec<_> = std::fs::read_dir(stage.folder().join("d")).unwrap().collect();
    assert_eq!(written.len(), 1, "{written:?}");
}

#[tokio::test]
async fn a_test_mail_goes_to_the_transport_at_once() {
    let stage = stage().await;
    let said = stage.run(&["mail", "send-test", "--to", "eve@example.net"]).is(0).out;
    assert!(said.contains("took \"welcome\" for eve@example.net"), "{said}");
    let mails: Vec<_> = std::fs::read_dir(stage.folder().join("data/mail")).unwrap().collect();
    assert_eq!(mails.len(), 1);
    let refused = stage.run(&["mail", "send-test", "--to", "eve\r\nBcc: all@example.net"]);
    assert!(refused.code == 2, "REG-07: {refused:?}");
}

#[tokio::test]
async fn a_broken_template_is_a_wrong_configuration() {
    let stage = stage().await.with("VESTIBULE_MAIL__TEMPLATES", "letters");
    let folder = stage.folder().join("letters");
    std::fs::create_dir_all(folder.join("ru")).unwrap();
    std::fs::write(folder.join("ru/welcome.html"), "<p>{{ mail.title }}</p>").unwrap();
    std::fs::write(folder.join("README.md"), "Notes of our own.").unwrap();
    for command in [&["config", "check"][..], &["serve"], &["mail", "list"]] {
        let refused = stage.run(command);
        let says = "ru/welcome.html:1: undefined value: <p>{{ mail.title }}</p>";
        assert!(refused.code == 3 && refused.err.contains(says), "{refused:?}");
    }
    let examined = stage.run(&["doctor"]);
    assert!(examined.out.contains("ru/welcome.html:1"), "{examined:?}");

    std::fs::write(folder.join("ru/welcome.html"), "<p>Ура!</p>").unwrap();
    let html = stage.run(&["mail", "preview", "welcome", "--locale", "ru", "--part", "html"]);
    assert_eq!(html.is(0).out, "<p>Ура!</p>\n");
}

#[tokio::test]
async fn templates_come_from_their_folder_only_and_are_no_larger_than_sense() {
    let stage = stage().await.with("VESTIBULE_MAIL__TEMPLATES", "letters");
    let folder = stage.folder().join("letters/en");
    let refuses = |says: &str| {
        let refused = stage.run(&["config", "check"]);
        assert!(refused.code == 3 && refused.err.contains(says), "{says}: {refused:?}");
    };
    refuses("cannot be read");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(stage.folder().join("secret.txt"), "secret").unwrap();
    std::os::unix::fs::symlink("../../secret.txt", folder.join("welcome.txt")).unwrap();
    refuses("leads out of the folder");
    std::fs::remove_file(folder.join("welcome.txt")).unwrap();
    // As Kubernetes mounts them.
    std::fs::create_dir(folder.join("..data")).unwrap();
    std::fs::write(folder.join("..data/welcome.txt"), "Hello").unwrap();
    std::os::unix::fs::symlink("..data/welcome.txt", folder.join("welcome.txt")).unwrap();
    stage.run(&["config", "check"]).is(0);
    std::fs::write(folder.join("..data/welcome.txt"), "x".repeat(257 * 1024)).unwrap();
    refuses("larger than 256 KiB");
    std::fs::write(folder.join("..data/welcome.txt"), [0xff, 0xfe]).unwrap();
    refuses("cannot be read");
    let unspoken = stage.without("VESTIBULE_MAIL__TEMPLATES");
    let unspoken = unspoken.with("VESTIBULE_MAIL__DEFAULT_LANGUAGE", "de");
    let refused = unspoken.run(&["config", "check"]);
    assert!(refused.code == 3 && refused.err.contains("mail.default_language"), "{refused:?}");
}
