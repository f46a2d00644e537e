//! Numbers as Python writes them: Django REST framework takes a number for its text.

/// `str()` of the number that stands in JSON as `literal`. Integers keep all their digits.
pub(super) fn to_text(literal: &str) -> String {
    if literal == "-0" {
        return "0".to_owned();
    }
    if !literal.contains(['.', 'e', 'E']) {
        return literal.to_owned();
    }
    // What is too large for a double is infinite, in Rust as in Python.
    literal.parse().map_or_else(|_| literal.to_owned(), write_float)
}

/// `repr()`: the shortest digits that mean this number, with an exponent where it is long.
fn write_float(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let text = number.to_string();
        return if text.contains('.') { text } else { text + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_the_texts_that_python_makes_of_them() {
        for (literal, text) in [
            ("1001", "1001"),
            ("100000000000000000000000000", "100000000000000000000000000"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("1001.0", "1001.0"),
            ("1.50", "1.5"),
            ("1E3", "1000.0"),
            ("1e15", "1000000000000000.0"),
            ("1e16", "1e+16"),
            ("12345678901234567.0", "1.2345678901234568e+16"),
            ("0.0001", "0.0001"),
            ("1e-5", "1e-05"),
            ("1e300", "1e+300"),
            ("1E400", "inf"),
            ("-1E400", "-inf"),
        ] {
            assert_eq!(to_text(literal), text, "{literal}");
        }
    }
}
