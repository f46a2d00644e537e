//! `[log]`: how much is logged, and in which form.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::reader::Reader;
use super::written::quoted;

const LEVEL: &str = "log.level";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    /// One object a line.
    Json,
    /// Text on a terminal, otherwise JSON.
    Auto,
}

#[derive(Clone, Debug)]
pub struct Log {
    /// Directives of `tracing_subscriber::EnvFilter`, known to parse.
    pub level: String,
    pub format: LogFormat,
}

impl Log {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let formats =
            [("text", LogFormat::Text), ("json", LogFormat::Json), ("auto", LogFormat::Auto)];
        let (level, shows_most) = reader.parsed(LEVEL, "level or filter", |text| {
            let filter = EnvFilter::try_new(text)
                .map_err(|_| format!("{} is not a filter, such as info,sqlx=warn", quoted(text)))?;
            Ok((text.to_owned(), filter.max_level_hint() == Some(LevelFilter::TRACE)))
        });
        if shows_most {
            reader.refuse_in_production(
                LEVEL,
                "must not be trace: libraries then log request headers, and tokens with them",
            );
        }
        Self { level, format: reader.choice("log.format", &formats) }
    }
}
