//! From a message to subject, text and HTML, in the language of whoever reads it.

use domain::token::SecretToken;
use minijinja::{AutoEscape, Environment, context};

use super::{LinkTo, Links, Message};
use crate::error::{Error, Fault};

/// Shown when the reader's language is not among ours.
const DEFAULT_LANGUAGE: &str = "en";
const LANGUAGES: [&str; 2] = ["en", "ru"];

macro_rules! bundled {
    ($($language:literal / $message:literal),+ $(,)?) => {
        &[$(
            (concat!($language, "/", $message, ".subject.txt"),
             include_str!(concat!("../../../../templates/mail/", $language, "/", $message, ".subject.txt"))),
            (concat!($language, "/", $message, ".txt"),
             include_str!(concat!("../../../../templates/mail/", $language, "/", $message, ".txt"))),
            (concat!($language, "/", $message, ".html"),
             include_str!(concat!("../../../../templates/mail/", $language, "/", $message, ".html"))),
        )+]
    };
}

const BUNDLED: &[(&str, &str)] = bundled![
    "en" / "account_erased",
    "en" / "address_change_requested",
    "en" / "address_changed",
    "en" / "address_taken_back",
    "en" / "already_registered",
    "en" / "blocked",
    "en" / "email_changed_by_administrator",
    "en" / "failed_sign_ins",
    "en" / "new_device",
    "en" / "password_changed",
    "en" / "phone_changed",
    "en" / "recovery",
    "en" / "restoration",
    "en" / "session_limit",
    "en" / "suspicious_sign_in",
    "en" / "verification",
    "en" / "welcome",
    "ru" / "account_erased",
    "ru" / "address_change_requested",
    "ru" / "address_changed",
    "ru" / "address_taken_back",
    "ru" / "already_registered",
    "ru" / "blocked",
    "ru" / "email_changed_by_administrator",
    "ru" / "failed_sign_ins",
    "ru" / "new_device",
    "ru" / "password_changed",
    "ru" / "phone_changed",
    "ru" / "recovery",
    "ru" / "restoration",
    "ru" / "session_limit",
    "ru" / "suspicious_sign_in",
    "ru" / "verification",
    "ru" / "welcome",
];

macro_rules! bundled_texts {
    ($($name:literal),+ $(,)?) => {
        &[$((
            concat!("sms/", $name, ".txt"),
            include_str!(concat!("../../../../templates/sms/", $name, ".txt")),
        )),+]
    };
}

const TEXTS: &[(&str, &str)] = bundled_texts![
    "en/phone_changed",
    "en/recovery",
    "en/restoration",
    "en/verification",
    "ru/phone_changed",
    "ru/recovery",
    "ru/restoration",
    "ru/verification",
];
const LAYOUT: &str = include_str!("../../../../templates/mail/layout.html");

/// Every template, compiled once. Text that users wrote is escaped in HTML (API-09).
pub(crate) struct Templates {
    environment: Environment<'static>,
    service_name: String,
    public_url: String,
    links: Links,
}

pub(crate) struct Rendered {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Templates {
    pub(crate) fn new(
        service_name: String,
        public_url: String,
        links: Links,
    ) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "html")) => AutoEscape::Html,
            Some(_) | None => AutoEscape::None,
        });
        environment.add_template("layout.html", LAYOUT).map_err(Fault::Template)?;
        for (name, source) in BUNDLED.iter().chain(TEXTS) {
            environment.add_template(name, source).map_err(Fault::Template)?;
        }
        Ok(Self { environment, service_name, public_url, links })
    }

    pub(crate) fn service_name(&self) -> &str {
        &self.service_name
    }

    pub(crate) fn link(&self, to: LinkTo, token: &SecretToken) -> String {
        self.links.link(&self.public_url, to, token)
    }

    pub(crate) fn render(
        &self,
        message: &Message,
        locale: Option<&str>,
    ) -> Result<Rendered, Error> {
        let language = language(locale);
        let render = |suffix: &str| {
            self.part(&format!("{language}/{}.{suffix}", message.name()), message, language)
        };
        Ok(Rendered {
            subject: render("subject.txt")?.trim().to_owned(),
            text: render("txt")?,
            html: render("html")?,
        })
    }

    /// As a text message; not every message is one.
    pub(crate) fn render_text(
        &self,
        message: &Message,
        locale: Option<&str>,
    ) -> Result<String, Error> {
        let language = language(locale);
        let text =
            self.part(&format!("sms/{language}/{}.txt", message.name()), message, language)?;
        Ok(text.trim().to_owned())
    }

    fn part(&self, name: &str, message: &Message, language: &str) -> Result<String, Error> {
        let rendered = self.environment.get_template(name).and_then(|template| {
            template.render(context! {
                mail => minijinja::value::Serde(message),
                language => language,
                service => self.service_name.as_str(),
                public_url => self.public_url.as_str(),
            })
        });
        Ok(rendered.map_err(Fault::Template)?)
    }
}

fn language(locale: Option<&str>) -> &'static str {
    let wanted = locale.and_then(|locale| locale.split('-').next()).unwrap_or(DEFAULT_LANGUAGE);
    LANGUAGES
        .into_iter()
        .find(|language| wanted.eq_ignore_ascii_case(language))
        .unwrap_or(DEFAULT_LANGUAGE)
}
