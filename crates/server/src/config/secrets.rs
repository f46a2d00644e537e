//! Secrets: taken from a setting or from the file it names, never from a flag, never shown.

use std::collections::BTreeSet;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use secrecy::{ExposeSecret, SecretBox, SecretSlice, SecretString};

use super::problem::{Problem, Source};
use super::reader::{Entry, Reader};
use super::toml_file::Setting;
use super::urls::without_secrets;
use super::written::{Written, as_toml};

pub(super) const REDACTED: &str = "<redacted>";
/// How to make a key, for messages.
pub(super) const MAKE_ONE: &str = "make one with: openssl rand -base64 32";
const KEY_BYTES: usize = 32;
/// Random 32 bytes have about thirty different ones, hexadecimal digits sixteen.
const FEWEST_DIFFERENT_BYTES: usize = 8;
/// What examples, tutorials and impatience put where a secret belongs. Six letters or more: none
/// of these turns up in real base64 by chance.
const PLACEHOLDERS: [&str; 12] = [
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "password",
    "example",
    "default",
    "sample",
    "vestibule",
    "replace",
    "insecure",
    "qwerty",
];

impl Reader {
    pub(super) fn secret(&mut self, key: &'static str) -> Option<SecretString> {
        let value = self.look_up(key);
        let shown = match &value {
            Some(value) if self.is_compiled_in(key, value) => value.expose_secret(),
            Some(_) => REDACTED,
            None => "",
        };
        self.show(key, as_toml(shown));
        value
    }

    /// Whether everybody knows it.
    fn is_compiled_in(&self, key: &str, value: &SecretString) -> bool {
        let default = self.layers.last().and_then(|layer| layer.get(key));
        default.is_some_and(|default| default.written.text() == Ok(value.expose_secret()))
    }

    /// A connection URL: its password is secret, host and scheme are worth seeing.
    pub(super) fn secret_url(&mut self, key: &'static str) -> Option<SecretString> {
        let value = self.look_up(key);
        let shown =
            value.as_ref().map_or(String::new(), |url| without_secrets(url.expose_secret()));
        self.show(key, as_toml(shown));
        value
    }

    /// Exactly 32 random bytes in base64.
    pub(super) fn secret_key(&mut self, key: &'static str) -> Option<SecretBox<[u8; KEY_BYTES]>> {
        let bytes = self.secret_bytes(key)?;
        if let Ok(array) = <[u8; KEY_BYTES]>::try_from(bytes.expose_secret()) {
            return Some(SecretBox::new(Box::new(array)));
        }
        self.refuse(key, format!("must be {KEY_BYTES} bytes in base64, not more; {MAKE_ONE}"));
        None
    }

    /// At least 32 random bytes in base64.
    pub(super) fn secret_bytes(&mut self, key: &'static str) -> Option<SecretSlice<u8>> {
        let text = self.secret(key)?;
        match strong_bytes(text.expose_secret()) {
            Ok(bytes) => Some(bytes),
            Err(what) => {
                self.refuse(key, format!("{what}; {MAKE_ONE}"));
                None
            }
        }
    }

    /// The strongest source that sets the key or its file, be it to nothing, decides.
    fn look_up(&mut self, key: &'static str) -> Option<SecretString> {
        let key_of_file = format!("{key}_file");
        let found = self.layers.iter().find_map(|layer| {
            let direct = layer.get(key);
            let file = layer.get(&key_of_file);
            (direct.is_some() || file.is_some()).then(|| (direct.cloned(), file.cloned()))
        });
        self.secret_files.insert(key_of_file);
        let (direct, file) = found.unwrap_or_default();
        let source =
            direct.as_ref().or(file.as_ref()).map_or(Source::Default, |it| it.source.clone());
        let entry = |source: Source| Entry {
            key,
            form: "secret; empty for unset".to_owned(),
            is_secret: true,
            shown: as_toml(""),
            source,
        };
        let is_set = |setting: &Setting| !setting.written.is_unset();
        match (direct.filter(is_set), file.filter(is_set)) {
            (None, None) => {
                self.entries.push(entry(source));
                None
            }
            (Some(direct), None) => {
                self.entries.push(entry(direct.source.clone()));
                self.take(key, &direct)
            }
            (None, Some(file)) => {
                self.entries.push(entry(file.source.clone()));
                self.read_file(key, &file)
            }
            (Some(direct), Some(file)) => {
                self.entries.push(entry(direct.source));
                self.refuse(key, format!("is also set by {}: keep one", file.source));
                None
            }
        }
    }

    fn take(&mut self, key: &'static str, setting: &Setting) -> Option<SecretString> {
        if let Source::Flag(_) = setting.source {
            self.refuse(
                key,
                "a secret is not taken from the command line, which others can see: use the \
                 environment or a file",
            );
            return None;
        }
        match &setting.written {
            Written::Text(text) | Written::Untyped(text) => Some(text.as_str().into()),
            Written::Integer(_) | Written::Boolean(_) | Written::List(_) | Written::Other(_) => {
                self.refuse(key, "must be a text in quotes");
                None
            }
        }
    }

    fn read_file(&mut self, key: &'static str, setting: &Setting) -> Option<SecretString> {
        let content = setting.written.text().and_then(|path| {
            std::fs::read_to_string(self.working_directory.join(path))
                .map_err(|error| format!("the file {path} cannot be read: {error}"))
        });
        let problem = match content {
            Ok(text) => {
                let line = text.strip_suffix('\n').unwrap_or(&text);
                let line = line.strip_suffix('\r').unwrap_or(line);
                if !line.is_empty() {
                    return Some(line.into());
                }
                "the file is empty".to_owned()
            }
            Err(what) => what,
        };
        let source = setting.source.clone();
        self.problems.push(Problem { key: key.to_owned(), what: problem, source });
        None
    }

    fn show(&mut self, key: &str, shown: String) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
            entry.shown = shown;
        }
    }
}

/// Whether the text is what somebody meant to replace.
fn is_placeholder(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    PLACEHOLDERS.iter().any(|placeholder| text.contains(placeholder))
}

/// Decodes a key and refuses those that everybody knows (JWT-13). The answer never quotes it.
pub(super) fn strong_bytes(text: &str) -> Result<SecretSlice<u8>, String> {
    let text = text.trim();
    if is_placeholder(text) {
        return Err("is a well-known sample value".to_owned());
    }
    let bytes: SecretSlice<u8> = [BASE64, BASE64URL, BASE64_NOPAD, BASE64URL_NOPAD]
        .iter()
        .find_map(|encoding| encoding.decode(text.as_bytes()).ok())
        .ok_or("is not base64")?
        .into();
    let raw = bytes.expose_secret();
    if raw.len() < KEY_BYTES {
        return Err(format!("has {} bytes, {KEY_BYTES} are the least", raw.len()));
    }
    if is_placeholder(&String::from_utf8_lossy(raw)) || is_regular(raw) {
        return Err("is a well-known sample value".to_owned());
    }
    Ok(bytes)
}

/// Why a text that is a key to the letter is none of 256 bits, if so (RFC 7518 §3.2, JWT-13).
pub(super) fn weakness(text: &str) -> Option<String> {
    if text.len() < KEY_BYTES {
        Some(format!("has {} bytes, {KEY_BYTES} are the least", text.len()))
    } else if is_placeholder(text) || is_regular(text.as_bytes()) {
        Some("is much like a well-known sample value".to_owned())
    } else {
        None
    }
}

/// Zeros, one repeated pattern, counting up or down: nothing that randomness makes.
fn is_regular(bytes: &[u8]) -> bool {
    let different: BTreeSet<u8> = bytes.iter().copied().collect();
    let step = |pair: &[u8]| match pair {
        [one, other] => other.wrapping_sub(*one),
        _ => 0,
    };
    let steps: BTreeSet<u8> = bytes.windows(2).map(step).collect();
    different.len() < FEWEST_DIFFERENT_BYTES || steps.len() < 3
}
