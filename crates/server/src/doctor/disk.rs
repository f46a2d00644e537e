//! Is there room beside the SQLite file? Databases on servers look after their own disks.

use std::path::Path;
use std::process::Command;
use std::str::FromStr;

use secrecy::ExposeSecret;
use storage::DatabaseUrl;

use super::finding::Finding;
use crate::config::Database;

const CHECK: &str = "disk";
const MEBIBYTE: u64 = 1024 * 1024;
/// Backups, write-ahead log and temporary files of a small database fit in there.
const SCARCE: u64 = 1024 * MEBIBYTE;
/// SQLite fails before the last byte is used.
const FULL: u64 = 50 * MEBIBYTE;

/// Nothing when there is no file, or nobody to ask.
pub(super) fn check(settings: &Database) -> Option<Finding> {
    let url = DatabaseUrl::from_str(settings.url.expose_secret()).ok()?;
    let file = url.file()?;
    let free = free_bytes(file.canonicalize().ok()?.parent()?)?;
    let says = format!("{} MiB free beside {}", free / MEBIBYTE, file.display());
    let mend = "make room, or move the database";
    Some(match free {
        0..FULL => Finding::problem(CHECK, says, mend),
        FULL..SCARCE => Finding::warning(CHECK, says, mend),
        SCARCE.. => Finding::ok(CHECK, says),
    })
}

/// The standard library cannot tell, and `df` of POSIX is wherever people are.
fn free_bytes(folder: &Path) -> Option<u64> {
    let output = Command::new("df").args(["-P", "-k"]).arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    // Name, size, used, available, ...: counted from the end, since names may hold blanks.
    let line = text.lines().nth(1)?;
    let percent = line.split_whitespace().position(|cell| cell.ends_with('%'))?;
    let kibibytes = line.split_whitespace().nth(percent.checked_sub(1)?)?;
    kibibytes.parse::<u64>().ok()?.checked_mul(1024)
}
