//! `vestibule config print`: the settings in effect, as TOML that says where each comes from.

use std::fmt::Write;

use super::Settings;

/// Secrets are shown as `<redacted>`, connection URLs without password and options.
pub fn print(settings: &Settings) -> String {
    let mut out = String::new();
    let mut current = "";
    for entry in &settings.entries {
        let (section, name) = entry.key.rsplit_once('.').unwrap_or(("", entry.key));
        if section != current {
            let _ = writeln!(out, "\n[{section}]");
            current = section;
        }
        let _ = writeln!(out, "{name} = {} # from {}", entry.shown, entry.source);
    }
    out
}
