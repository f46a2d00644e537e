//! The places that name every dialect, in the order in which CONTRIBUTING.md walks through them.

use anyhow::{Context as _, Result};

use super::name::Name;

/// What is put into a file, where the text tells by itself.
pub(super) struct Edit {
    pub(super) file: &'static str,
    /// Begins the part of the file that is meant.
    part: &'static str,
    place: Place,
    text: &'static str,
}

enum Place {
    /// Before the next lines that begin so.
    Before(&'static str),
    /// At the end of the list, which the next such text ends.
    InList(&'static str),
}

pub(super) const EDITS: &[Edit] = &[
    Edit {
        file: "crates/domain/src/policy.rs",
        part: "pub enum Surface {",
        place: Place::Before("    /// What `user_management` and `jwt_accounts` answer together."),
        text: "    NewDialect,\n",
    },
    Edit {
        file: "crates/domain/src/policy.rs",
        part: "pub const RECORDED: &[Self] = &[",
        place: Place::InList("];"),
        text: "Self::NewDialect",
    },
    Edit {
        file: "crates/domain/src/policy.rs",
        part: "/// The stable name, as sessions, events and settings have it.",
        place: Place::Before("            Self::SharedUsers =>"),
        text: "            Self::NewDialect => \"new_dialect\",\n",
    },
    Edit {
        file: "config.default.toml",
        part: "[dialects]",
        place: Place::Before("# The life of an account."),
        text: SECTION,
    },
    Edit {
        file: "crates/server/src/config/dialects/mod.rs",
        part: "mod djoser;",
        place: Place::Before("mod secrets;"),
        text: "mod new_dialect;\n",
    },
    Edit {
        file: "crates/server/src/config/dialects/mod.rs",
        part: "const SECTIONS: &[Section] =",
        place: Place::InList("];"),
        text: "new_dialect::SECTION",
    },
    Edit {
        file: "crates/server/tests/config/dialects.rs",
        part: "fn development_answers_all_and_production_those_that_are_named()",
        place: Place::InList("]\n"),
        text: "\"new_dialect\"",
    },
    Edit {
        file: "crates/api/src/dialects/mod.rs",
        part: "mod djoser;",
        place: Place::Before("mod russian;"),
        text: "mod new_dialect;\n",
    },
    Edit {
        file: "crates/api/src/dialects/mod.rs",
        part: "const ALL: &[Kind] =",
        place: Place::InList("];"),
        text: "new_dialect::KIND",
    },
    Edit {
        file: "crates/api/src/postman/plan.rs",
        part: "pub(super) const PLANS: &[Plan] = &[",
        // What two of them share comes last.
        place: Place::Before("    Plan {\n        surface: \"shared_users\","),
        text: PLAN,
    },
    Edit {
        file: "crates/api/tests/dialects/transcripts.rs",
        part: "dialects! {",
        place: Place::Before("}"),
        text: "    new_dialect => 15,\n",
    },
    Edit {
        file: "xtask/src/generate.rs",
        part: "const REFERENCES:",
        place: Place::Before("    (\"postman_collection.json\""),
        text: "    (\"docs/reference/openapi/new_dialect.json\", &[\"openapi\", \"new_dialect\"]),\n",
    },
    Edit {
        file: "docs/dialects/README.md",
        part: "| dialect | speaks like |",
        place: Place::Before("\n"),
        text: "| [`new_dialect`](new_dialect.md) | a service to be described | `/new_dialect` | \
               `/openapi/new_dialect.json` |\n",
    },
];

const SECTION: &str = r#"# What it speaks like.
[dialects.new_dialect]
# Stands before every path.
prefix = "/new_dialect"
# "compat" keeps the original's rules; "hardened" puts the native rules behind its paths.
profile = "compat"
# How long an access token is valid, and with it the session: there is no refresh.
access_lifetime = "60m"
# Secret. As that of user_management: what others verify the tokens of this dialect with.
secret = ""
# Secret. What `secret` was before.
previous_secret = ""
# Whether secrets of less than 256 bits are taken, because others know no other yet.
allow_weak_secret = false
# The `iss` of tokens under the secret. Unset: tokens.issuer, a slash and the dialect's name.
issuer = ""
# Whether tokens are taken that the old service made of the secret: on this dialect's routes, for mere
# users, until they run out. Whoever knows the secret can make them.
accept_legacy_tokens = false

"#;

const PLAN: &str = r#"    Plan {
        surface: "new_dialect",
        register: "POST /new_dialect/register",
        login: "POST /new_dialect/login",
        open: &["POST /new_dialect/login"],
        first: &["POST /new_dialect/register", "POST /new_dialect/login", "GET /new_dialect/me"],
        last: &["POST /new_dialect/logout", "DELETE /new_dialect/me"],
        administration: None,
        unaided: &[],
    },
"#;

impl Edit {
    pub(super) fn made(&self, text: &str, name: &Name) -> Result<String> {
        let Self { file, part, .. } = self;
        let (before, rest) =
            text.split_once(part).with_context(|| format!("{file} has no `{part}`"))?;
        let new = name.fill(self.text);
        let at = match self.place {
            Place::Before(line) => {
                let found = rest.find(&format!("\n{line}"));
                found.with_context(|| format!("{file}: no `{line}` follows `{part}`"))? + 1
            }
            Place::InList(end) => {
                let found = rest.find(end);
                found.with_context(|| format!("{file}: no `{end}` ends `{part}`"))?
            }
        };
        let (kept, after) = rest.split_at(at);
        Ok(match self.place {
            Place::Before(_) => format!("{before}{part}{kept}{new}{after}"),
            Place::InList(_) => {
                let kept = kept.trim_end().trim_end_matches(',');
                format!("{before}{part}{kept}, {new}{after}")
            }
        })
    }
}
