//! In which language a message is.

use std::collections::BTreeSet;

/// What is compiled in.
pub const BUNDLED_LANGUAGES: [&str; 2] = ["en", "ru"];

/// Written from right to left.
const FROM_THE_RIGHT: [&str; 6] = ["ar", "dv", "fa", "he", "ur", "yi"];

/// Mails and text messages are told apart: a language may have one and not the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    Mail,
    Text,
}

/// Which messages there are in which language.
pub(super) struct Languages {
    default: String,
    /// Language, form, message.
    complete: BTreeSet<(String, Form, String)>,
}

impl Languages {
    /// Of the names of all templates.
    pub(super) fn of(names: &BTreeSet<String>, default: &str) -> Self {
        let mut complete = BTreeSet::new();
        for name in names {
            let Some((language, form, message)) = parse(name) else { continue };
            let is_complete = form == Form::Text
                || (names.contains(&format!("{language}/{message}.subject.txt"))
                    && names.contains(&format!("{language}/{message}.html"))
                    && names.contains(&format!("{language}/words.txt")));
            if is_complete {
                complete.insert((language.to_owned(), form, message.to_owned()));
            }
        }
        let mut languages = Self { default: String::new(), complete };
        languages.default = languages.spoken(default).unwrap_or(default).to_owned();
        languages
    }

    /// All that have a mail or a text message.
    pub(super) fn all(&self) -> BTreeSet<&str> {
        self.complete.iter().map(|(language, ..)| language.as_str()).collect()
    }

    pub(super) fn has_mails(&self, language: &str) -> bool {
        self.complete.iter().any(|(one, form, _)| one == language && *form == Form::Mail)
    }

    /// The language among ours that `tag` asks for: `zh-Hant-TW`, else `zh-Hant`, else `zh`
    /// (RFC 4647 §3.4).
    pub(super) fn spoken(&self, tag: &str) -> Option<&str> {
        let all = self.all();
        let mut ranges = std::iter::successors(Some(tag), |tag| Some(tag.rsplit_once('-')?.0));
        ranges.find_map(|range| {
            all.iter().find(|language| language.eq_ignore_ascii_case(range)).copied()
        })
    }

    /// Where the message is: in the language asked for, else in the default one, else in the one
    /// that has all.
    pub(super) fn choose(&self, tag: Option<&str>, form: Form, message: &str) -> &str {
        let asked = tag.and_then(|tag| self.spoken(tag));
        let candidates = asked.into_iter().chain([self.default.as_str()]);
        let has = |language: &&str| {
            self.complete.contains(&((*language).to_owned(), form, message.to_owned()))
        };
        candidates.into_iter().find(has).unwrap_or(BUNDLED_LANGUAGES[0])
    }
}

/// `<language>/<message>.txt`, or the same below `sms`.
fn parse(name: &str) -> Option<(&str, Form, &str)> {
    let (form, name) = match name.strip_prefix("sms/") {
        Some(name) => (Form::Text, name),
        None => (Form::Mail, name),
    };
    let (language, file) = name.split_once('/')?;
    let message = file.strip_suffix(".txt")?;
    let is_message = !message.contains('.') && message != "words";
    is_message.then_some((language, form, message))
}

pub(super) fn direction(language: &str) -> &'static str {
    let primary = language.split('-').next().unwrap_or(language);
    if FROM_THE_RIGHT.contains(&primary) { "rtl" } else { "ltr" }
}
