//! `vestibule mail preview`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use clap::{Args, ValueEnum};
use integrations::mail::Sender;
use operations::mail::{KINDS, Kind, Rendered, Templates};

use super::example;
use crate::assemble::templates;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::{print, say};
use crate::config::Settings;

const READER: &str = "ann@example.org";

#[derive(Debug, Args)]
pub(in crate::cli) struct Preview {
    /// Which message; `vestibule mail list` shows them
    #[arg(required_unless_present = "all")]
    message: Option<String>,
    /// Every message, and without --locale every language
    #[arg(long, conflicts_with = "message", requires = "out")]
    all: bool,
    /// The reader's language [default: `mail.default_language`]
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    /// What of it [default: text; with --out all of it]
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Write files into this folder instead
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The plain text
    Text,
    /// The HTML
    Html,
    /// The subject
    Subject,
    /// The whole mail, as mail servers get it
    Eml,
    /// The text message
    Sms,
}

impl Part {
    const ALL: [Self; 5] = [Self::Text, Self::Html, Self::Subject, Self::Eml, Self::Sms];

    const fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Html => "html",
            Self::Subject => "subject.txt",
            Self::Eml => "eml",
            Self::Sms => "sms.txt",
        }
    }
}

/// One rendering: in which language it came out, and what is shown of it.
struct Shown {
    language: String,
    text: String,
}

pub(super) fn preview(settings: &Settings, arguments: &Preview) -> Outcome {
    let templates = templates(settings)?;
    let language = example::language(&templates, arguments.locale.as_deref())?;
    let kinds = match &arguments.message {
        Some(name) => vec![example::kind(name)?],
        None => KINDS.to_vec(),
    };
    let mail_only = || Failure::Usage(format!("{} is sent as mail only", kinds[0].name));
    let Some(folder) = &arguments.out else {
        let part = arguments.part.unwrap_or(Part::Text);
        let shown = render(settings, &templates, kinds[0], language, part)?;
        return print(&shown.first().ok_or_else(mail_only)?.text);
    };
    let languages: Vec<Option<&str>> = match language {
        None if arguments.all => templates.languages().into_iter().map(Some).collect(),
        asked => vec![asked],
    };
    // A language that lacks a message gives it in another, which may have its turn itself.
    let mut written = BTreeSet::new();
    for language in languages {
        for &kind in &kinds {
            for part in Part::ALL.into_iter().filter(|part| arguments.wants(*part)) {
                let shown = render(settings, &templates, kind, language, part)?;
                for (index, shown) in shown.iter().enumerate() {
                    let path = folder.join(&shown.language).join(name(kind, index, part));
                    write(&path, &shown.text)?;
                    written.insert(path);
                }
            }
        }
    }
    if written.is_empty() {
        return Err(mail_only());
    }
    say(format!("{} files are in {}", written.len(), folder.display()))
}

impl Preview {
    fn wants(&self, part: Part) -> bool {
        self.part.is_none_or(|only| only == part)
    }
}

/// The first example is called as the message is, the second `recovery.2.eml`.
fn name(kind: Kind, index: usize, part: Part) -> String {
    match index {
        0 => format!("{}.{}", kind.name, part.ending()),
        _ => format!("{}.{}.{}", kind.name, index + 1, part.ending()),
    }
}

/// Every example; nothing for what is no text message.
fn render(
    settings: &Settings,
    templates: &Templates,
    kind: Kind,
    language: Option<&str>,
    part: Part,
) -> Outcome<Vec<Shown>> {
    if part == Part::Sms {
        let texts = templates.text_samples(kind, language);
        let texts = texts.map_err(|problem| example::broken(&problem))?.into_iter();
        return Ok(texts
            .map(|text| Shown { language: text.language, text: text.text + "\n" })
            .collect());
    }
    let mails = templates.samples(kind, language).map_err(|problem| example::broken(&problem))?;
    mails.into_iter().map(|mail| shown(settings, kind, mail, part)).collect()
}

fn shown(settings: &Settings, kind: Kind, mail: Rendered, part: Part) -> Outcome<Shown> {
    let language = mail.language.clone();
    let text = match part {
        Part::Text => mail.text + "\n",
        Part::Html => mail.html + "\n",
        Part::Subject => mail.subject + "\n",
        Part::Sms | Part::Eml => {
            let sender = Sender::from_str(&settings.mail.from).context("mail.from")?;
            let mail = example::mail(kind, mail, READER);
            let source = sender.source(&mail).map_err(|error| anyhow::anyhow!(error))?;
            // Composed mails are ASCII.
            String::from_utf8(source).context("the mail is no text")?
        }
    };
    Ok(Shown { language, text })
}

fn write(path: &Path, text: &str) -> Outcome {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(())
}
