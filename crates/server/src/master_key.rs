//! The master key: given, or in development made once.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use operations::vault::MasterKey;
use secrecy::ExposeSecret;

use crate::config::{Profile, Security};

/// Only the owner may read it.
const MODE: u32 = 0o600;

pub(crate) fn load(settings: &Security, profile: Profile) -> Result<MasterKey> {
    if let Some(key) = find(settings)? {
        return Ok(key);
    }
    if profile == Profile::Production {
        bail!("security.master_key is missing");
    }
    let path = &settings.master_key_path;
    make(path).with_context(|| format!("making the master key in {}", path.display()))?;
    // Read back: an instance that starts beside us may have been first.
    find(settings)?.context("the master key that was just made is gone")
}

/// The key, when it is given or was made before.
pub(crate) fn find(settings: &Security) -> Result<Option<MasterKey>> {
    if let Some(key) = &settings.master_key {
        return Ok(Some(MasterKey::new(*key.expose_secret())));
    }
    let path = &settings.master_key_path;
    let parsed = match fs::read_to_string(path) {
        Ok(text) => parse(&text).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    };
    parsed.with_context(|| format!("the master key in {}", path.display()))
}

fn parse(text: &str) -> Result<MasterKey> {
    let bytes = BASE64.decode(text.trim().as_bytes()).ok();
    let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    Ok(MasterKey::new(key.context("is not 32 bytes in base64")?))
}

/// Written whole under another name first, then linked: nobody ever reads half a key.
fn make(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut key = [0; 32];
    operations::ports::Entropy::fill(&integrations::SystemEntropy, &mut key);
    let draft = path.with_extension(format!("{}.part", std::process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(MODE).open(&draft)?;
    writeln!(file, "{}", BASE64.encode(&key))?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    };
    fs::remove_file(&draft)?;
    Ok(linked?)
}
