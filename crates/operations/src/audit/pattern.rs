//! Which names of events and calls a pattern means. Found among the names that there are, so that
//! entries are then read by the index of names: a pattern by itself would read all of them.

use storage::{Read, audit};

use crate::error::Result;

/// A name, in which `*` stands for anything.
pub(super) enum Pattern<'a> {
    All,
    One(&'a str),
    Some(&'a str),
}

pub(super) enum Names {
    All,
    These(Vec<String>),
}

impl<'a> Pattern<'a> {
    pub(super) fn new(action: Option<&'a str>) -> Self {
        match action {
            None | Some("*") => Self::All,
            Some(name) if !name.contains('*') => Self::One(name),
            Some(pattern) => Self::Some(pattern),
        }
    }

    pub(super) async fn among_events(&self, read: &mut Read) -> Result<Names> {
        match self {
            Self::Some(pattern) => Ok(fitting(pattern, audit::event_names(read).await?)),
            Self::All | Self::One(_) => Ok(self.at_once()),
        }
    }

    pub(super) async fn among_calls(&self, read: &mut Read) -> Result<Names> {
        match self {
            Self::Some(pattern) => Ok(fitting(pattern, audit::call_names(read).await?)),
            Self::All | Self::One(_) => Ok(self.at_once()),
        }
    }

    /// No name of ours holds anything but these characters, and not every database compares others.
    fn at_once(&self) -> Names {
        let is_known = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_');
        match self {
            Self::All => Names::All,
            Self::One(name) if name.bytes().all(is_known) => Names::These(vec![(*name).to_owned()]),
            Self::One(_) | Self::Some(_) => Names::These(Vec::new()),
        }
    }
}

fn fitting(pattern: &str, names: Vec<String>) -> Names {
    let all = names.len();
    let names: Vec<String> = names.into_iter().filter(|name| fits(pattern, name)).collect();
    // Where all do, one walk from the newest entry back is shorter than one of each name.
    if names.len() == all && all > 0 { Names::All } else { Names::These(names) }
}

/// Each piece between stars where it is found first: that leaves the most to those behind it, so
/// nothing is tried twice, however many stars there are.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(head) else { return false };
    let mut pieces = rest.split('*');
    let tail = pieces.next_back().unwrap_or_default();
    for piece in pieces {
        match name.split_once(piece) {
            Some((_, behind)) => name = behind,
            None => return false,
        }
    }
    name.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        for (pattern, name, is_fitting) in [
            ("users.block", "users.block", true),
            ("users.*", "users.block", true),
            ("users.*", "users.", true),
            ("users.*", "roles.list", false),
            ("*.list", "users.list", true),
            ("*.list", "users.list.all", false),
            ("*o*", "roles.list", true),
            ("*o*o*", "roles.list", false),
            ("u*s.*ck", "users.block", true),
            ("sign_in*", "signxin", false),
            ("**", "x", true),
            ("users.b%", "users.block", false),
            ("users_block", "users.block", false),
        ] {
            assert_eq!(fits(pattern, name), is_fitting, "{pattern} {name}");
        }
    }
}
