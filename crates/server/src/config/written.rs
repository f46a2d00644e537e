//! A value as somebody wrote it, before it is known what it should be.

use toml::Value;

#[derive(Clone)]
pub(super) enum Written {
    /// From the environment or a flag, where everything is text: read as whatever is asked for.
    Untyped(String),
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<String>),
    /// No setting is one of these; the name of what it is.
    Other(&'static str),
}

impl Written {
    pub(super) fn text(&self) -> Result<&str, String> {
        match self {
            Self::Untyped(text) | Self::Text(text) => match text.trim() {
                // No setting needs them, and they break lines of logs and headers.
                text if text.contains(char::is_control) => {
                    Err("must not hold control characters".to_owned())
                }
                text => Ok(text),
            },
            Self::Integer(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => {
                Err(self.instead_of("a text in quotes"))
            }
        }
    }

    pub(super) fn integer(&self) -> Result<i64, String> {
        match self {
            Self::Integer(number) => Ok(*number),
            Self::Untyped(text) => text
                .trim()
                .parse()
                .map_err(|_| format!("{} is not a whole number", quoted(text.trim()))),
            Self::Text(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => {
                Err(self.instead_of("a whole number"))
            }
        }
    }

    pub(super) fn boolean(&self) -> Result<bool, String> {
        match self {
            Self::Boolean(value) => Ok(*value),
            Self::Untyped(text) => text
                .trim()
                .parse()
                .map_err(|_| format!("{} is neither true nor false", quoted(text.trim()))),
            Self::Text(_) | Self::Integer(_) | Self::List(_) | Self::Other(_) => {
                Err(self.instead_of("true or false"))
            }
        }
    }

    /// In the environment, a list is separated by commas.
    pub(super) fn list(&self) -> Result<Vec<String>, String> {
        match self {
            Self::List(items) => Ok(items.iter().map(|item| item.trim().to_owned()).collect()),
            Self::Untyped(text) => Ok(text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect()),
            Self::Text(_) | Self::Integer(_) | Self::Boolean(_) | Self::Other(_) => {
                Err(self.instead_of("a list of texts, such as [\"one\", \"two\"]"))
            }
        }
    }

    /// The empty text stands for "not set".
    pub(super) fn is_unset(&self) -> bool {
        match self {
            Self::Untyped(text) | Self::Text(text) => text.trim().is_empty(),
            Self::Integer(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => false,
        }
    }

    fn instead_of(&self, wanted: &str) -> String {
        let found = match self {
            Self::Untyped(_) | Self::Text(_) => "a text",
            Self::Integer(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::List(_) => "a list",
            Self::Other(name) => name,
        };
        format!("must be {wanted}, not {found}")
    }
}

/// For messages: in one line, control characters made visible, long values cut.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{:?}", start + "…")
}

pub(super) fn as_toml(value: impl Into<Value>) -> String {
    value.into().to_string()
}
