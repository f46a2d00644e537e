//! `cargo xtask compare`: sends the exchanges of documents to two services and shows where their
//! answers differ. Run the service that a dialect stands in for beside it, both empty.

mod answer;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use transcript::{Exchange, Step};

use answer::{Answer, Side};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// A page, or a folder of them: docs/dialects/djoser
    page: PathBuf,
    /// One service: <http://127.0.0.1:8000>
    one: String,
    /// The other service
    other: String,
    /// Only the sections whose title contains this
    #[arg(long)]
    section: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let page = &options.page;
    let pages = transcript::pages(page).with_context(|| format!("read {}", page.display()))?;
    let sections = pages.iter().flat_map(|page| &page.sections);
    let wanted = options.section.as_deref().unwrap_or_default();
    let (mut one, mut other) = (Side::at(&options.one), Side::at(&options.other));
    let (mut count, mut differences) = (0, 0);
    for section in sections.filter(|one| one.title.contains(wanted)) {
        println!("## {}", section.title);
        for (name, value) in &section.settings {
            println!("   needs the setting {name}={value}");
        }
        for step in &section.steps {
            match step {
                Step::Command(command) => println!("   left to you: {command}"),
                Step::Exchange(exchange) => {
                    count += 1;
                    let answers = (one.ask(exchange)?, other.ask(exchange)?);
                    differences += usize::from(!agree(exchange, &answers.0, &answers.1));
                }
            }
        }
    }
    ensure!(count > 0, "no exchange was found");
    println!("{count} exchanges, {differences} differed");
    Ok(if differences > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Says so when they do not.
fn agree(exchange: &Exchange, one: &Answer, other: &Answer) -> bool {
    if one == other {
        return true;
    }
    println!("### {}\n    {} {}", exchange.title, exchange.method, exchange.path);
    if one.status != other.status {
        println!("    one   {}\n    other {}", one.status, other.status);
    }
    for ((name, value), (_, other)) in one.headers.iter().zip(&other.headers) {
        if value != other {
            println!("    one   {name}: {value}\n    other {name}: {other}");
        }
    }
    if one.body != other.body {
        println!("    one   {}\n    other {}", one.body, other.body);
    }
    false
}
