//! Numbers as Python reads and writes them.

use serde_json::{Number, Value};

/// What becomes of a number in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kit) enum Numbers {
    /// It stays a number, of 64 bits.
    Kept,
    /// It becomes the text that `str()` makes of it, as Django's fields for texts do.
    Texts,
}

/// None where nothing is left to keep: beyond the range of doubles.
pub(super) fn read(literal: &str, numbers: Numbers) -> Option<Value> {
    match numbers {
        Numbers::Texts => Some(Value::String(write(literal))),
        Numbers::Kept => number(literal).map(Value::Number),
    }
}

fn number(literal: &str) -> Option<Number> {
    if let Ok(integer) = literal.parse::<i64>() {
        return Some(integer.into());
    }
    Number::from_f64(literal.parse().ok()?)
}

/// `str(int(literal))` or `str(float(literal))`.
fn write(literal: &str) -> String {
    if literal == "-0" {
        "0".to_owned()
    } else if literal.contains(['.', 'e', 'E']) {
        literal.parse().map_or_else(|_| literal.to_owned(), write_float)
    } else {
        literal.to_owned()
    }
}

/// The shortest digits that mean the same; an exponent below -4 and from 16 on.
fn write_float(float: f64) -> String {
    if float.is_infinite() {
        return if float > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let text = format!("{float}");
        return if text.contains('.') { text } else { text + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn numbers_are_written_as_python_does() {
        for (literal, text) in [
            ("1001", "1001"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("1001.0", "1001.0"),
            ("1.50", "1.5"),
            ("1e3", "1000.0"),
            ("0.1e1", "1.0"),
            ("1e15", "1000000000000000.0"),
            ("1e16", "1e+16"),
            ("12345678901234567.0", "1.2345678901234568e+16"),
            ("0.0001", "0.0001"),
            ("1e-5", "1e-05"),
            ("1E400", "inf"),
            ("1e300", "1e+300"),
            ("100000000000000000000000000", "100000000000000000000000000"),
        ] {
            assert_eq!(write(literal), text, "{literal}");
        }
    }
}
