//! `[redis]`: an accelerator; without it everything lives in the database.

use secrecy::SecretString;

use super::Security;
use super::reader::Reader;

#[derive(Clone, Debug)]
pub struct Redis {
    /// `redis://` or `rediss://`; may hold a password.
    pub url: Option<SecretString>,
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
        Self { url, prefix: reader.text("redis.prefix") }
    }
}
