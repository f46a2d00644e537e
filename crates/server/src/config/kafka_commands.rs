//! `kafka.commands_…`: where commands of other services come from, and whose are listened to.

use std::path::PathBuf;
use std::time::Duration;

use operations::commands::Sources;

use super::kafka::topic;
use super::kafka_sources;
use super::reader::Reader;
use super::written::quoted;

const TOPIC: &str = "kafka.commands_topic";
const DEAD_LETTERS: &str = "kafka.commands_dead_letter_topic";
const RETENTION: &str = "kafka.commands_dead_letter_retention";
const SOURCES_FILE: &str = "kafka.sources_file";

#[derive(Clone, Debug)]
pub struct Commands {
    /// None: no commands are taken.
    pub topic: Option<String>,
    /// What all instances are to the brokers: each command goes to one of them.
    pub group: String,
    /// Where commands go that could not be done.
    pub dead_letters: String,
    /// How long that topic keeps them, where it is made here.
    pub dead_letters_kept: Duration,
    pub max_age: Duration,
    pub sources: Sources,
}

impl Commands {
    pub(super) fn read(reader: &mut Reader) -> Self {
        // Twice as long it is known what was done: longer than a message of then may still come.
        let ages = Duration::from_mins(10)..=Duration::from_hours(30 * 24);
        let retentions = Duration::from_mins(1)..=Duration::from_hours(30 * 24);
        let commands = Self {
            topic: reader.optional_parsed(TOPIC, "name of a topic", topic),
            group: reader.parsed("kafka.commands_group", "name", group),
            dead_letters: reader.parsed(DEAD_LETTERS, "name of a topic", topic),
            dead_letters_kept: reader.duration(RETENTION, retentions),
            max_age: reader.duration("kafka.commands_max_age", ages),
            sources: Sources::default(),
        };
        let path = |text: &str| Ok(PathBuf::from(text));
        let file = reader.optional_parsed(SOURCES_FILE, "path", path);
        let sources = match (file, &commands.topic) {
            (Some(file), _) => kafka_sources::read(reader, SOURCES_FILE, &file),
            (None, Some(_)) => {
                reader.refuse(SOURCES_FILE, "must be set with kafka.commands_topic");
                Sources::default()
            }
            (None, None) => Sources::default(),
        };
        Self { sources, ..commands }
    }

    /// How long it is known which commands were dealt with.
    pub fn keep(&self) -> Duration {
        self.max_age * 2
    }
}

fn group(text: &str) -> Result<String, String> {
    let is_group = text.len() <= 255 && text.bytes().all(|byte| byte.is_ascii_graphic());
    let wrong = || format!("{} is not at most 255 visible ASCII characters", quoted(text));
    is_group.then(|| text.to_owned()).ok_or_else(wrong)
}
