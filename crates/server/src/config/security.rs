//! `[security]`: the key above all keys, and how connections to other servers are protected.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretBox, SecretString};
use url::Url;

use super::reader::Reader;
use super::urls::{is_encrypted, is_local};

const PERCENT: &str = "; in names and passwords write / as %2F, # as %23, ? as %3F, @ as %40";

#[derive(Debug)]
pub struct Security {
    /// Encrypts the signing keys in the database. Always there in production.
    pub master_key: Option<SecretBox<[u8; 32]>>,
    /// Where development keeps the key that it makes itself.
    pub master_key_path: PathBuf,
    pub allow_plain_connections: bool,
}

impl Security {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let security = Self {
            master_key: reader.secret_key("security.master_key"),
            master_key_path: reader.path("security.master_key_path"),
            allow_plain_connections: reader.boolean("security.allow_plain_connections"),
        };
        if security.master_key.is_none() {
            reader.refuse_in_production(
                "security.master_key",
                "must be set, itself or by security.master_key_file; make one with: openssl rand \
                 -base64 32",
            );
        }
        security
    }

    /// Reports a connection URL that is none, of another scheme, or in the clear over a network
    /// in production (CFG-02).
    pub(super) fn check_connection(
        &self,
        reader: &mut Reader,
        key: &'static str,
        url: &SecretString,
        schemes: &[&str],
        how_to_encrypt: &str,
    ) {
        let url = match Url::parse(url.expose_secret()) {
            Ok(url) if schemes.contains(&url.scheme()) => url,
            Ok(_) => {
                return reader
                    .refuse(key, format!("must begin with {}://", schemes.join(":// or ")));
            }
            Err(error) => {
                // With a slash in a password the parser takes the rest of the password for a port.
                let holds_name = url.expose_secret().contains('@');
                let hint = if holds_name { PERCENT } else { "" };
                return reader.refuse(key, format!("is not a URL: {error}{hint}"));
            }
        };
        if !self.allow_plain_connections && !is_local(&url) && !is_encrypted(&url) {
            reader.refuse_in_production(
                key,
                format!(
                    "leads over a network without TLS: {how_to_encrypt}, or set \
                     security.allow_plain_connections = true"
                ),
            );
        }
    }
}
