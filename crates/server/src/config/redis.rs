//! `[redis]`: an accelerator; without it everything lives in the database.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::Security;
use super::reader::Reader;

#[derive(Clone, Debug)]
pub struct Redis {
    /// `redis://` or `rediss://`; may hold a password.
    pub url: Option<SecretString>,
    /// Whom to trust for `rediss://`; the system's certificates when there is none.
    pub ca_file: Option<PathBuf>,
    /// Begins every key, so that several services can share one Redis.
    pub prefix: String,
}

impl Redis {
    pub(super) fn read(reader: &mut Reader, security: &Security) -> Self {
        const KEY: &str = "redis.url";
        let url = reader.secret_url(KEY);
        if let Some(url) = &url {
            let schemes = ["redis", "rediss", "redis+unix", "unix"];
            security.check_connection(reader, KEY, url, &schemes, "begin it with rediss://");
        }
        let ca_file =
            reader.optional_parsed("redis.ca_file", "path", |text| Ok(PathBuf::from(text)));
        let is_tls = url.as_ref().is_some_and(|url| url.expose_secret().starts_with("rediss://"));
        if ca_file.is_some() && !is_tls {
            reader.refuse("redis.ca_file", "is for TLS only: begin redis.url with rediss://");
        }
        Self { url, ca_file, prefix: reader.text("redis.prefix") }
    }
}
