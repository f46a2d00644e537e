//! The folder that mails and text messages are written to.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::entry::{Entry, Kind};

pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Newest first.
    pub(super) fn newest(
        &self,
        limit: usize,
        is_wanted: impl Fn(&Entry) -> bool,
    ) -> std::io::Result<Vec<Entry>> {
        let mut found = Vec::new();
        for path in self.files()?.into_iter().rev() {
            if found.len() == limit {
                break;
            }
            found.extend(read(&path)?.filter(&is_wanted));
        }
        Ok(found)
    }

    /// None for what is no name of ours: nothing else in an id can lead out of the folder.
    pub(super) fn find(&self, id: &str) -> std::io::Result<Option<Entry>> {
        let is_id =
            !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_id {
            return Ok(None);
        }
        for kind in [Kind::Mail, Kind::Sms] {
            if let Some(entry) = read(&self.folder.join(format!("{id}.{}", kind.ending())))? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    pub(super) fn empty(&self) -> std::io::Result<()> {
        for path in self.files()? {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Oldest first. No folder yet is no mail yet.
    fn files(&self) -> std::io::Result<Vec<PathBuf>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| Kind::of(path).is_some())
            .collect();
        paths.sort();
        Ok(paths)
    }
}

/// None for what is gone, or was never a message.
fn read(path: &Path) -> std::io::Result<Option<Entry>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Entry::parse(path, bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
