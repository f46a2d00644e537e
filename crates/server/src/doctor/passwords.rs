//! What is asked of new passwords?

use super::finding::Finding;
use crate::config::Passwords;

const CHECK: &str = "passwords";

pub(super) fn check(settings: &Passwords) -> Finding {
    let profile = settings.profile.as_str();
    let says = format!("profile {profile}: {} characters at least", settings.min_length);
    if settings.blocklist {
        Finding::ok(CHECK, format!("{says}, none that is well known"))
    } else {
        let mend = "set passwords.blocklist = true";
        Finding::warning(CHECK, format!("{says}, well-known ones too"), mend)
    }
}
