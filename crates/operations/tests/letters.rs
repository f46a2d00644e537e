//! What all messages have in common, whatever they say (OTP-02, API-09), and in which language they
//! say it.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Password, Surface};
use operations::accounts::{NewIdentifiers, Register, register};
use operations::mail::{KINDS, Kind, TemplateProblem, TemplateSettings, Templates};
use operations::{Client, Links};
use testkit::{App, Backend, Mail};

use crate::support::{delete, mail_to, recover, registration};

/// Of digits and of letters, as a code and a token could look.
const DIGITS: &str = "4711 Bank 123456";
const TOKEN_LIKE: &str = "Zk3vYx8mR1qLw0uTn5sBd7hJc2gFa9eP4oVi6lKrAAA";

testkit::on_every_backend!(App::on =>
    mail_is_in_the_language_of_the_reader_else_of_the_surface_else_the_default,
);

fn settings(service_name: &str) -> TemplateSettings {
    TemplateSettings {
        service_name: service_name.to_owned(),
        public_url: "https://id.example.org".to_owned(),
        links: Links::default(),
        default_language: "en".to_owned(),
        overrides: BTreeMap::new(),
    }
}

fn with(overrides: &[(&str, &str)]) -> Result<Templates, Vec<TemplateProblem>> {
    let overrides = overrides.iter().map(|(name, source)| ((*name).into(), (*source).into()));
    Templates::new(TemplateSettings { overrides: overrides.collect(), ..settings("Vestibule") })
}

fn problems(overrides: &[(&str, &str)]) -> String {
    let found = with(overrides).err().expect("it is refused");
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn kind(name: &str) -> Kind {
    KINDS.into_iter().find(|kind| kind.name == name).expect("a message")
}

/// The texts of a kind in both languages, with and without a phone.
fn texts(templates: &Templates, kind: Kind) -> Vec<String> {
    let mut texts = Vec::new();
    for language in ["en", "ru"] {
        texts.push(templates.sample(kind, Some(language)).expect("it renders").text);
        let messages = templates.text_samples(kind, Some(language)).expect("they render");
        texts.extend(messages.into_iter().map(|message| message.text).take(1));
    }
    texts
}

#[test]
fn a_code_is_the_first_number_and_stands_alone() {
    let templates = Templates::new(settings(DIGITS)).expect("templates");
    let with_code = ["verification", "address_confirmation", "recovery"];
    // One tells of a code that was wrong, and has none.
    let is_about_a_code = |kind: &Kind| {
        let is_code = kind.name.ends_with("_code") && kind.name != "wrong_sign_in_code";
        is_code || with_code.contains(&kind.name)
    };
    let kinds: Vec<Kind> = KINDS.into_iter().filter(is_about_a_code).collect();
    assert_eq!(kinds.len(), 7);
    for kind in kinds {
        for text in texts(&templates, kind) {
            let number: String = text
                .chars()
                .skip_while(|letter| !letter.is_ascii_digit())
                .take_while(char::is_ascii_digit)
                .collect();
            assert_eq!(number.len(), 6, "{}: {text}", kind.name);
            assert_eq!(text.lines().filter(|line| *line == number).count(), 1, "{text}");
            assert!(text.contains(DIGITS), "the name is said, but later: {text}");
        }
    }
}

#[test]
fn a_token_is_the_first_that_looks_like_one_and_stands_alone() {
    let templates = Templates::new(settings(TOKEN_LIKE)).expect("templates");
    for language in ["en", "ru"] {
        let mail = templates.sample(kind("restoration"), Some(language)).expect("it renders");
        let is_token_like = |word: &&str| {
            word.len() >= 32
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let first = mail.text.split_whitespace().find(is_token_like).expect("a token");
        assert_ne!(first, TOKEN_LIKE);
        assert_eq!(mail.text.lines().filter(|line| *line == first).count(), 1, "{}", mail.text);
        assert_eq!(mail.html.matches(&format!(">{first}<")).count(), 1, "{}", mail.html);
        let text = templates.text_samples(kind("restoration"), Some(language));
        let text = text.expect("it renders").swap_remove(0).text;
        assert_eq!(text.split_whitespace().find(is_token_like), Some(first), "{text}");
        assert_eq!(text.lines().filter(|line| *line == first).count(), 1, "{text}");
    }
}

#[test]
fn russian_words_agree_with_their_numbers() {
    let templates = |text: &str| with(&[("ru/session_limit.txt", text)]);
    for (number, word) in [
        (1, "день"),
        (2, "дня"),
        (5, "дней"),
        (11, "дней"),
        (21, "день"),
        (104, "дня"),
        (112, "дней"),
    ] {
        let template = format!("{{{{ {number}|plural(\"день\", \"дня\", \"дней\") }}}}");
        let mail = templates(&template).expect("it is good");
        let mail = mail.sample(kind("session_limit"), Some("ru")).expect("it renders");
        assert_eq!(mail.text, word, "{number}");
    }
}

#[test]
fn api_09_a_name_that_mail_programs_make_a_link_of_is_left_out() {
    for name in ["evil.example", "www.evil", "Ann.at.evil.рф", "dr.no"] {
        let mail = on_runtime(deletion_mail(name));
        for part in [&mail.text, &mail.html] {
            assert!(!part.contains(name), "{name}: {part}");
        }
        assert!(mail.text.lines().any(|line| line == "Hello,"), "{}", mail.text);
    }
    for name in ["ann_2024", "v1.2", "ann.b"] {
        let mail = on_runtime(deletion_mail(name));
        let greeting = format!("Hello {name},");
        assert!(mail.text.lines().any(|line| line == greeting), "{}", mail.text);
    }
}

/// What somebody gets who registers under a name of Django's kind, or under an address alone: the
/// welcome, and the mail of the deletion.
async fn mails_of(name: &str) -> [Mail; 2] {
    let app = App::with(&[("VESTIBULE_ACCOUNTS__WELCOME_MAIL", "true")]);
    let app = app.start(Backend::Sqlite).await;
    let is_address = name.contains('@');
    let address = if is_address { name } else { "ann@example.org" };
    let identifiers = NewIdentifiers {
        username: (!is_address).then(|| name.to_owned()),
        email: Some(address.to_owned()),
        phone: None,
    };
    let surface = if is_address { Surface::Native } else { Surface::Djoser };
    let mut ctx = app.services.stranger(surface, Client::default(), None);
    Arc::make_mut(&mut ctx.policy).welcomes = true;
    let request = Register { identifiers, ..registration("ann") };
    let user = register(&app.services, &ctx, &request).await.expect("registered");
    app.run_jobs().await;
    let welcome = app.mailbox.newest_to(address);
    delete(&app.services, user.id).await;
    app.run_jobs().await;
    [welcome, app.mailbox.newest_to(address)]
}

#[test]
fn api_09_a_name_that_is_a_sentence_or_holds_a_telephone_number_is_left_out() {
    for name in [
        "Account locked! Call 8 800 555 35 35 at once",
        "8-800-555 is us",
        "Your account at Vestibule is locked, write",
    ] {
        let [welcome, deletion] = on_runtime(mails_of(name));
        for part in [&welcome.text, &welcome.html, &deletion.text, &deletion.html] {
            assert!(!part.contains(name), "{name}: {part}");
        }
        assert!(welcome.text.lines().any(|line| line == "Hello,"), "{}", welcome.text);
        assert!(welcome.text.contains("sign in with your name"), "{}", welcome.text);
    }
    for name in ["ann 123456", "Anna-Maria of the very long family names"] {
        let [welcome, _] = on_runtime(mails_of(name));
        assert!(welcome.text.lines().any(|line| line == format!("Hello {name},")), "{name}");
        assert!(welcome.text.contains(&format!("sign in as {name},")), "{}", welcome.text);
    }
}

/// Behind the plus of another's address stands whatever one likes, and it arrives.
#[test]
fn api_09_an_address_of_which_mail_programs_make_a_link_is_left_out() {
    for address in [
        "ann+evil.example/x@example.org",
        "ann+x/y@example.org",
        "www.evil.example@example.org",
        "ann+evil.example?x@example.org",
    ] {
        let [welcome, deletion] = on_runtime(mails_of(address));
        for part in [&welcome.text, &welcome.html, &deletion.text, &deletion.html] {
            assert!(!part.contains(address), "{address}: {part}");
        }
        assert!(welcome.text.contains("sign in with your name"), "{}", welcome.text);
        assert!(deletion.text.contains("Your account at Vestibule"), "{}", deletion.text);
        assert!(!deletion.text.contains("none"), "{}", deletion.text);
    }
    for address in ["ann.b@example.org", "ann+list@example.org", "ann19870314@example.org"] {
        let [welcome, deletion] = on_runtime(mails_of(address));
        assert!(welcome.text.contains(&format!("sign in as {address},")), "{}", welcome.text);
        assert!(deletion.text.contains(&format!("Your account {address} at")), "{address}");
    }
}

fn on_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

async fn deletion_mail(name: &str) -> Mail {
    let app = App::on(Backend::Sqlite).await;
    let request = Register {
        identifiers: NewIdentifiers {
            username: Some(name.to_owned()),
            email: Some("ann@example.org".to_owned()),
            phone: None,
        },
        ..registration("ann")
    };
    let user = register(&app.services, &app.stranger(), &request).await.expect("registered");
    delete(&app.services, user.id).await;
    app.run_jobs().await;
    app.mailbox.newest_to("ann@example.org")
}

async fn mail_is_in_the_language_of_the_reader_else_of_the_surface_else_the_default(app: App) {
    let services = &app.services;
    let newcomer = async |surface: Surface, name: &str| {
        let ctx = services.stranger(surface, Client::default(), None);
        let request = Register { password: Password::new("Correct-horse-1"), ..registration(name) };
        register(services, &ctx, &request).await.expect("registered")
    };
    let native = newcomer(Surface::Native, "nora").await;
    let russian = newcomer(Surface::UserManagement, "rita").await;
    assert_eq!(native.profile.locale, None);
    assert_eq!(
        russian.profile.locale.as_deref(),
        Some("ru"),
        "remembered for what no surface causes"
    );
    // Both ask on the native API, which speaks no language of its own.
    assert!(recover(&app, "nora").await.text.contains("Your code"));
    for (user, language) in [(&native, "en"), (&russian, "ru")] {
        operations::accounts::block(services, &services.operator(), user.id)
            .await
            .expect("blocked");
        let about = if language == "ru" { "заблокирован" } else { "is blocked" };
        mail_to(&app, user.email.as_deref().expect("an address"), about).await;
    }
}

#[test]
fn own_templates_replace_those_that_are_compiled_in_one_by_one() {
    let own = with(&[("en/welcome.subject.txt", "Hi from {{ service }}")]).expect("good");
    let mail = own.sample(kind("welcome"), None).expect("it renders");
    assert_eq!(mail.subject, "Hi from Vestibule");
    assert!(mail.text.contains("is ready"), "{}", mail.text);
    // A layout that leaves no place for codes is found by the mails that have one.
    let layout = "{% import language ~ \"/words.txt\" as words %}{% block content %}{% endblock %}";
    let found = problems(&[("layout.html", layout)]);
    assert!(found.contains("en/recovery.html: the code or token is not in it"), "{found}");
}

#[test]
fn a_language_of_ones_own_has_some_mails_and_gets_the_others_in_the_default_one() {
    let own = with(&[
        ("de/words.txt", ""),
        ("de/welcome.subject.txt", "Willkommen bei {{ service }}"),
        ("de/welcome.txt", "Hallo {{ name or \"\" }}"),
        ("de/welcome.html", "<p>Hallo {{ name or \"\" }}</p>"),
    ])
    .expect("good");
    let subject = |name: &str, locale: &str| {
        own.sample(kind(name), Some(locale)).expect("it renders").subject
    };
    assert_eq!(subject("welcome", "de-AT"), "Willkommen bei Vestibule");
    assert_eq!(subject("blocked", "de"), "Your account at Vestibule is blocked");
    assert!(problems(&[("de/welcome.txt", "Hallo")]).contains("is missing beside de/welcome.txt"));
}

#[test]
fn a_broken_template_says_where_and_why() {
    let typo = problems(&[("ru/welcome.html", "\n\n{{ mail.title }}")]);
    assert!(typo.contains("ru/welcome.html:3: undefined value: {{ mail.title }}"), "{typo}");
    let syntax = problems(&[("en/welcome.txt", "Hello\n{% if %}")]);
    assert!(syntax.contains("en/welcome.txt:2: "), "{syntax}");
    let misspelt = problems(&[("en/wellcome.txt", "Hello")]);
    assert!(misspelt.contains("en/wellcome.txt: replaces no template"), "{misspelt}");
    for (file, source, reason) in [
        ("en/recovery.txt", "{{ mail.link }} {{ mail.code or 1 }}", "does not stand alone"),
        ("en/recovery.html", "{{ mail.code or 1 }}", "the link is not in it"),
        ("en/welcome.subject.txt", "one\ntwo", "one line"),
        ("sms/en/recovery.txt", "nothing", "neither code nor link"),
    ] {
        let found = problems(&[(file, source)]);
        assert!(found.contains(file) && found.contains(reason), "{file}: {found}");
    }
}

#[test]
fn templates_that_forget_who_has_no_name_stop_the_start() {
    for (file, source, reason) in [
        ("en/blocked.txt", "Hello {{ name }}", "en/blocked.txt:1: "),
        ("en/blocked.html", "<p>\n{{ mail.name }}</p>", "en/blocked.html:2: "),
        ("en/blocked.txt", "{{ mail.until }}", "without asking whether it is there"),
        ("en/address_changed.txt", "{{ mail.link }} {{ mail.replaced }}", "is there"),
        ("sms/en/restoration.txt", "{{ mail.link }} {{ mail.identifier }}", "is there"),
    ] {
        let found = problems(&[(file, source)]);
        assert!(found.contains(file) && found.contains(reason), "{file}: {found}");
    }
    // Only for such as have no name it divides by nothing.
    let fails = "{{ 1 // (name or '')|length }}";
    let found = problems(&[("en/blocked.txt", fails)]);
    assert!(found.contains("en/blocked.txt:1: "), "{found}");
    let fine = with(&[("en/blocked.txt", "Hello {{ name or 'you' }}, nobody")]);
    assert!(fine.is_ok());
}

#[test]
fn otp_02_nothing_like_it_stands_before_a_code_or_a_token() {
    let words = "{% import language ~ \"/words.txt\" as words %}";
    let layout = |before: &str| {
        format!(
            "{words}{before}\n{{% block lead %}}{{% endblock %}}\n{{% block content %}}{{% endblock %}}"
        )
    };
    let found = problems(&[("layout.txt", &layout("Acme 2026"))]);
    assert!(
        found.contains("en/sign_in_code.txt: another number stands before the code"),
        "{found}"
    );
    assert!(!found.contains("restoration.txt"), "{found}");
    let found = problems(&[("layout.txt", &layout(TOKEN_LIKE))]);
    assert!(found.contains("ru/restoration.txt: something like a token stands before"), "{found}");
    assert!(with(&[("layout.txt", &layout("Acme"))]).is_ok());
    let text = "Acme 2026\n\n{{ mail.code }}\n";
    let found = problems(&[("sms/en/sign_in_code.txt", text)]);
    assert!(found.contains("sms/en/sign_in_code.txt: another number"), "{found}");
}

#[test]
fn a_language_may_have_text_messages_only() {
    let own = with(&[("sms/de/sign_in_code.txt", "Ihr Code:\n\n{{ mail.code }}\n")]).expect("good");
    let texts = own.text_samples(kind("sign_in_code"), Some("de-AT")).expect("it renders");
    assert_eq!(texts[0].language, "de");
    assert!(texts[0].text.starts_with("Ihr Code:"), "{}", texts[0].text);
    assert_eq!(own.sample(kind("sign_in_code"), Some("de")).expect("it renders").language, "en");
    let found = problems(&[("sms/de/sign_in_code.txt", "{{ mail.cod }}")]);
    assert!(found.contains("sms/de/sign_in_code.txt:1: undefined value"), "{found}");
    let default = TemplateSettings {
        overrides: [("sms/de/sign_in_code.txt".to_owned(), "{{ mail.code }}".to_owned())].into(),
        default_language: "de".to_owned(),
        ..settings("Vestibule")
    };
    let found = Templates::new(default).err().expect("it is refused");
    assert!(found[0].to_string().contains("no mails in this default language"), "{found:?}");
}

/// RFC 4647 §3.4.
#[test]
fn tags_are_shortened_one_subtag_at_a_time() {
    let text = |language: &str| (format!("sms/{language}/sign_in_code.txt"), "{{ mail.code }}");
    let spoken = |languages: &[&str]| {
        let own: Vec<_> = languages.iter().map(|language| text(language)).collect();
        let own: Vec<_> = own.iter().map(|(name, source)| (name.as_str(), *source)).collect();
        with(&own)
    };
    let both = spoken(&["zh", "zh-Hant"]).expect("good");
    assert_eq!(both.spoken("zh-Hant-TW"), Some("zh-Hant"));
    assert_eq!(both.spoken("ZH-hans-cn"), Some("zh"));
    assert_eq!(both.spoken("fr-FR"), None);
    let twins = spoken(&["pt-BR", "pt-br"]).err().expect("it is refused");
    assert!(twins[0].to_string().contains("is the same language as pt-BR"), "{twins:?}");
}

#[test]
fn nothing_is_said_of_files_that_there_are_not() {
    let welcome = ["subject.txt", "txt", "html"].map(|part| format!("de/welcome.{part}"));
    let mut own: Vec<(&str, &str)> = welcome.iter().map(|name| (name.as_str(), "Hallo")).collect();
    own.extend([("de/words.txt", ""), ("en/blocked.subject.txt", "one\ntwo")]);
    let found = problems(&own);
    assert!(found.contains("en/blocked.subject.txt") && !found.contains("de/"), "{found}");
}
