//! `vestibule mail preview`

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use clap::{Args, ValueEnum};
use integrations::mail::Sender;
use operations::mail::{KINDS, Kind, Templates};

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

pub(super) fn preview(settings: &Settings, arguments: &Preview) -> Outcome {
    let templates = templates(settings)?;
    let locale = arguments.locale.as_deref();
    let kinds = match &arguments.message {
        Some(name) => vec![example::kind(name)?],
        None => KINDS.to_vec(),
    };
    let Some(folder) = &arguments.out else {
        let part = arguments.part.unwrap_or(Part::Text);
        let rendered = render(settings, &templates, kinds[0], locale, part)?;
        let rendered = rendered
            .ok_or_else(|| Failure::Usage(format!("{} is sent as mail only", kinds[0].name)))?;
        return print(&rendered);
    };
    let locales: Vec<&str> = match locale {
        Some(locale) => vec![locale],
        None if arguments.all => templates.languages(),
        None => vec![&settings.mail.default_language],
    };
    let mut written = 0;
    for locale in locales {
        for &kind in &kinds {
            for part in Part::ALL.into_iter().filter(|part| arguments.wants(*part)) {
                let rendered = render(settings, &templates, kind, Some(locale), part)?;
                let Some(rendered) = rendered else { continue };
                let name = format!("{}.{}", kind.name, part.ending());
                write(&folder.join(locale), &name, &rendered)?;
                written += 1;
            }
        }
    }
    say(format!("{written} files are in {}", folder.display()))
}

impl Preview {
    fn wants(&self, part: Part) -> bool {
        self.part.is_none_or(|only| only == part)
    }
}

/// None for what is no text message.
fn render(
    settings: &Settings,
    templates: &Templates,
    kind: Kind,
    locale: Option<&str>,
    part: Part,
) -> Outcome<Option<String>> {
    if part == Part::Sms {
        let text =
            templates.sample_text(kind, locale).map_err(|problem| example::broken(&problem))?;
        return Ok(text.map(|text| text + "\n"));
    }
    let mail = example::mail(templates, kind, locale, READER)?;
    Ok(Some(match part {
        Part::Text => mail.text + "\n",
        Part::Html => mail.html + "\n",
        Part::Subject => mail.subject + "\n",
        Part::Sms | Part::Eml => {
            let sender = Sender::from_str(&settings.mail.from).context("mail.from")?;
            let source = sender.source(&mail).map_err(|error| anyhow::anyhow!(error))?;
            // Composed mails are ASCII.
            String::from_utf8(source).context("the mail is no text")?
        }
    }))
}

fn write(folder: &Path, name: &str, text: &str) -> Outcome {
    let path = folder.join(name);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, text))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(())
}
