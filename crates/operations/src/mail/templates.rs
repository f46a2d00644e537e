//! From a message to subject, text and HTML, in the language of whoever reads it.

use std::collections::{BTreeMap, BTreeSet};

use domain::User;
use domain::token::SecretToken;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{
    AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, context, escape_formatter,
};

use super::bundled::bundled;
use super::languages::{Form, Languages, direction};
use super::names::{greeting, shown};
use super::plural::plural;
use super::problem::TemplateProblem;
use super::samples::{Kind, NAME, samples};
use super::{LinkTo, Links, Message, check};
use crate::context::Context;
use crate::error::{Error, Fault};
use crate::services::Services;

/// What in a message says who somebody is.
const NAMES: [&str; 3] = ["name", "identifier", "replaced"];

/// What templates are made of.
#[derive(Clone, Debug, Default)]
pub struct TemplateSettings {
    /// As people know the service.
    pub service_name: String,
    /// Where people reach it; no request can change the links in mails (RCV-02).
    pub public_url: String,
    pub links: Links,
    /// For whoever no other language is known.
    pub default_language: String,
    /// The operator's own, by the name of what they replace.
    pub overrides: BTreeMap<String, String>,
}

/// Every template, compiled once. Text that users wrote is escaped in HTML (API-09).
pub struct Templates {
    environment: Environment<'static>,
    languages: Languages,
    service_name: String,
    public_url: String,
    links: Links,
}

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// In which it is, which may be another than was asked for.
    pub language: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The same as a text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedText {
    pub language: String,
    pub text: String,
}

impl Templates {
    /// All that is wrong with the operator's own, or templates that render every message.
    pub fn new(settings: TemplateSettings) -> Result<Self, Vec<TemplateProblem>> {
        let mut environment = environment();
        let mut problems = check::names(&settings.overrides);
        let own = |name: &str| settings.overrides.contains_key(name);
        let bundled = bundled().filter(|(name, _)| !own(name));
        let mut names = BTreeSet::new();
        for (name, source) in bundled {
            names.insert(name.to_owned());
            if let Err(error) = environment.add_template(name, source) {
                problems.push(TemplateProblem::of(name, &error, source));
            }
        }
        for (name, source) in &settings.overrides {
            names.insert(name.clone());
            if let Err(error) = environment.add_template_owned(name.clone(), source.clone()) {
                problems.push(TemplateProblem::of(name, &error, source));
            }
        }
        let mut templates = Self {
            environment,
            languages: Languages::of(&names, &settings.default_language),
            service_name: settings.service_name,
            public_url: settings.public_url,
            links: settings.links,
        };
        problems.extend(check::languages(&templates.languages, &names, &settings.default_language));
        // What is compiled in is rendered by tests; a template that does not compile is one problem.
        if problems.is_empty() && !settings.overrides.is_empty() {
            templates.environment.set_formatter(refuse_none);
            problems = check::renderings(&templates, &settings.overrides);
            // What the examples cannot show is rather said as "none" than not at all.
            templates.environment.set_formatter(escape_formatter);
        }
        if problems.is_empty() { Ok(templates) } else { Err(problems) }
    }

    /// The languages in which there are mails or text messages.
    pub fn languages(&self) -> Vec<&str> {
        self.languages.all().into_iter().collect()
    }

    /// The one of them that a locale asks for.
    pub fn spoken(&self, locale: &str) -> Option<&str> {
        self.languages.spoken(locale)
    }

    /// The example of a kind of message that has all there can be in it, as a mail.
    pub fn sample(&self, kind: Kind, locale: Option<&str>) -> Result<Rendered, TemplateProblem> {
        let first = self.samples(kind, locale)?.into_iter().next();
        first.ok_or_else(|| TemplateProblem::in_file(kind.name, "there is no such message"))
    }

    /// All examples, as mails.
    pub fn samples(
        &self,
        kind: Kind,
        locale: Option<&str>,
    ) -> Result<Vec<Rendered>, TemplateProblem> {
        let messages = self.messages(kind, NAME);
        let rendered = messages.iter().map(|message| self.render(message, locale));
        let rendered: Result<_, Error> = rendered.collect();
        rendered.map_err(|error| TemplateProblem::of_rendering(kind.name, &error))
    }

    /// All examples as text messages; none where it is none.
    pub fn text_samples(
        &self,
        kind: Kind,
        locale: Option<&str>,
    ) -> Result<Vec<RenderedText>, TemplateProblem> {
        let messages = self.messages(kind, NAME).into_iter().filter(|_| kind.is_text);
        let rendered: Result<_, Error> =
            messages.map(|message| self.render_text(&message, locale)).collect();
        rendered.map_err(|error| TemplateProblem::of_rendering(kind.name, &error))
    }

    pub(super) fn messages(&self, kind: Kind, reader: &str) -> Vec<Message> {
        samples(kind.name, reader, &|to, token| self.link(to, token))
    }

    pub(super) fn language_of(&self, form: Form, kind: Kind, locale: &str) -> &str {
        self.languages.choose(Some(locale), form, kind.name)
    }

    pub fn service_name(&self) -> &str {
        &self.service_name
    }

    pub(super) fn public_url(&self) -> &str {
        &self.public_url
    }

    pub(crate) fn link(&self, to: LinkTo, token: &SecretToken) -> String {
        self.links.link(&self.public_url, to, token)
    }

    pub(crate) fn render(
        &self,
        message: &Message,
        locale: Option<&str>,
    ) -> Result<Rendered, Error> {
        let language = self.languages.choose(locale, Form::Mail, message.name());
        let render = |suffix: &str| {
            self.part(&format!("{language}/{}.{suffix}", message.name()), message, language)
        };
        Ok(Rendered {
            language: language.to_owned(),
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
    ) -> Result<RenderedText, Error> {
        let language = self.languages.choose(locale, Form::Text, message.name());
        let text =
            self.part(&format!("sms/{language}/{}.txt", message.name()), message, language)?;
        Ok(RenderedText { language: language.to_owned(), text: text.trim().to_owned() })
    }

    fn part(&self, name: &str, message: &Message, language: &str) -> Result<String, Error> {
        let mut mail = serde_json::to_value(message).map_err(Fault::Encoding)?;
        let called = mail["name"].as_str().unwrap_or_default().to_owned();
        for field in NAMES {
            if let Some(said) = mail.get_mut(field) {
                *said = said.as_str().and_then(shown).map_or(serde_json::Value::Null, Into::into);
            }
        }
        let rendered = self.environment.get_template(name).and_then(|template| {
            template.render(context! {
                mail => Serde(&mail),
                name => greeting(&called),
                language => language,
                direction => direction(language),
                service => self.service_name.as_str(),
                public_url => self.public_url.as_str(),
            })
        });
        Ok(rendered.map_err(Fault::Template)?)
    }
}

impl Services {
    /// The language of a message to `user`: his own, else that of the surface that causes it, as far
    /// as we have them (docs/decisions/0034). None is the default one.
    pub(crate) fn locale_for(&self, ctx: &Context, user: &User) -> Option<String> {
        let wanted = [user.profile.locale.as_deref(), ctx.policy.language];
        let spoken = |tag: &&str| self.templates.languages.spoken(tag).is_some();
        wanted.into_iter().flatten().find(spoken).map(ToOwned::to_owned)
    }
}

/// A template that prints what is not there has forgotten that it may be absent.
fn refuse_none(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    if value.is_none() {
        let reason = "what may be absent is printed without asking whether it is there";
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, reason));
    }
    escape_formatter(out, state, value)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
        Some((_, "html")) => AutoEscape::Html,
        Some(_) | None => AutoEscape::None,
    });
    // A tag alone on its line leaves no line behind, as matters in plain text.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    environment.add_filter("plural", plural);
    environment
}
