//! The configuration: explained defaults < file < `.env` and environment < flags
//! (docs/decisions/0009). After start-up nothing else reads the environment.
//!
//! Without the `config` crate, on purpose: it forgets where a value came from once layers are
//! merged, and its deserialiser stops at the first mistake. Here every value keeps its source, and
//! everything wrong is said at once.

mod accounts;
mod admin;
mod audit;
mod cache;
mod candidate;
mod codes;
mod database;
mod dialects;
mod environment;
mod events;
mod gateway;
mod getters;
mod http;
mod jobs;
mod kafka;
mod kafka_commands;
mod kafka_sources;
mod limits;
mod links;
mod log;
mod mail;
mod passwords;
mod print;
mod problem;
mod profile;
mod reader;
mod redis;
mod reference;
mod secrets;
mod security;
mod sessions;
mod sms;
mod smtp;
mod sources;
mod templates;
mod tokens;
mod toml_file;
mod twilio;
mod urls;
mod webhooks;
mod written;

pub use accounts::Accounts;
pub use admin::Admin;
pub use audit::Audit;
pub use cache::Cache;
pub use candidate::CandidatePasswords;
pub use codes::Codes;
pub use database::Database;
pub use dialects::DialectSecret;
pub use environment::variable_of;
pub use events::Events;
pub use http::Http;
pub use jobs::Jobs;
pub use kafka::{Kafka, Mechanism, Topics};
pub use kafka_commands::Commands;
pub use limits::{KeptIn, Limits, LimitsStore};
pub use log::{Log, LogFormat};
pub use mail::{Mail, MailTransport};
pub use passwords::{PasswordScheme, Passwords};
pub use print::print;
pub use problem::{Problem, Problems, Source};
pub use profile::Profile;
pub use redis::Redis;
pub use reference::reference;
pub use security::Security;
pub use sessions::Sessions;
pub use sms::{Sms, SmsTransport};
pub use smtp::Smtp;
pub use sources::{Flag, Sources};
pub use tokens::Tokens;
pub use webhooks::Webhooks;

use api::dialects::Dialects;
use operations::Links;
use operations::mail::TemplateSettings;
use reader::{Entry, Reader};

/// Every setting of the service. Secrets in it print as redacted.
#[derive(Debug)]
pub struct Settings {
    pub profile: Profile,
    pub http: Http,
    pub security: Security,
    pub passwords: Passwords,
    pub tokens: Tokens,
    pub dialects: Dialects,
    /// Of the dialects that answer and sign under a secret of their own.
    pub dialect_secrets: Vec<DialectSecret>,
    pub accounts: Accounts,
    pub codes: Codes,
    pub sessions: Sessions,
    pub limits: Limits,
    pub admin: Admin,
    pub audit: Audit,
    pub database: Database,
    pub cache: Cache,
    pub redis: Redis,
    pub events: Events,
    pub kafka: Kafka,
    pub webhooks: Webhooks,
    pub mail: Mail,
    pub sms: Sms,
    pub links: Links,
    /// What messages are made of: whoever has these settings has templates that render.
    pub templates: TemplateSettings,
    pub jobs: Jobs,
    pub log: Log,
    /// Allowed, but worth a line in the log at start.
    pub warnings: Vec<Problem>,
    /// For `config print`; in the order of `config.default.toml`.
    entries: Vec<Entry>,
}

impl Settings {
    /// All settings, or all problems.
    pub fn load(sources: &Sources) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let layers = sources.layers(&mut problems);
        Self::read(Reader::new(sources.working_directory.clone(), layers, problems))
    }

    /// What only a command that looks further finds wrong with a setting.
    pub fn problem(&self, key: &'static str, what: String) -> Problems {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        let source = entry.map_or(Source::Default, |entry| entry.source.clone());
        Problems(vec![Problem { key: key.to_owned(), what, source }])
    }

    fn read(mut reader: Reader) -> Result<Self, Problems> {
        // The order is that of the default file. Later sections are judged by earlier ones.
        let profile = Profile::read(&mut reader);
        reader.profile = profile;
        let http = Http::read(&mut reader);
        let security = Security::read(&mut reader);
        let passwords = Passwords::read(&mut reader);
        let tokens = Tokens::read(&mut reader, &http);
        let (dialects, dialect_secrets) = dialects::read(&mut reader, &http, &tokens);
        let accounts = Accounts::read(&mut reader, &dialects);
        let codes = Codes::read(&mut reader);
        let sessions = Sessions::read(&mut reader);
        let limits = Limits::read(&mut reader);
        let admin = Admin::read(&mut reader, &passwords);
        let audit = Audit::read(&mut reader);
        let database = Database::read(&mut reader, &security);
        let cache = Cache::read(&mut reader);
        let redis = Redis::read(&mut reader, &security);
        limits.check(&mut reader, &redis);
        let events = Events::read(&mut reader, accounts.restoration_window);
        dialects::check_memory(&mut reader, &dialects, &dialect_secrets, events.keep);
        let webhooks = Webhooks::read(&mut reader);
        let kafka = Kafka::read(&mut reader, &security);
        let mail = Mail::read(&mut reader, &security, &http);
        let sms = Sms::read(&mut reader, &security);
        let links = links::read(&mut reader, &http);
        let templates = templates::read(&mut reader, &http, &mail, &links);
        let jobs = Jobs::read(&mut reader, &http, &mail);
        let log = Log::read(&mut reader);
        reader.report_unknown_keys();
        if !reader.problems.is_empty() {
            return Err(Problems(reader.problems));
        }
        Ok(Self {
            profile,
            http,
            security,
            passwords,
            tokens,
            dialects,
            dialect_secrets,
            accounts,
            codes,
            sessions,
            limits,
            admin,
            audit,
            database,
            cache,
            redis,
            events,
            kafka,
            webhooks,
            mail,
            sms,
            links,
            templates,
            jobs,
            log,
            warnings: reader.warnings,
            entries: reader.entries,
        })
    }
}
