//! JSON as Python's `json.loads` reads it, for dialects whose clients know its messages.
//!
//! Valid documents are parsed by `serde_json`; of two equal keys the last counts. Only when that
//! fails are Python's words and place for the fault looked for (CPython 3.11, `_json.c`).

use std::cell::Cell;

use serde_json::Value;

use super::json::is_too_deep;
use super::rejection::{JsonFault, Rejection};

const VALUE: &str = "Expecting value";
const ESCAPE: &str = "Invalid \\uXXXX escape";

/// Parses the whole of `text`. What Python takes and we do not (`NaN`, nesting beyond our
/// bound) is a missing value.
pub(crate) fn parse(text: &str) -> Result<Value, Rejection> {
    let parsed = if is_too_deep(text.as_bytes()) { None } else { serde_json::from_str(text).ok() };
    parsed.ok_or_else(|| Rejection::MalformedJson(find_fault(text)))
}

/// The first `NaN` or infinity, if Python comes to it before a fault.
pub(crate) fn find_constant(text: &str) -> Option<&'static str> {
    let scanner = Scanner::new(text);
    // Whatever comes behind it.
    let _ = scanner.document();
    scanner.constant.get()
}

/// The fault that Python would report.
fn find_fault(text: &str) -> JsonFault {
    let scanner = Scanner::new(text);
    let (message, position) = scanner.document().err().or(scanner.half.get()).unwrap_or((VALUE, 0));
    let before = &scanner.text[..position.min(scanner.text.len())];
    let last_line = before.iter().rposition(|character| *character == '\n');
    JsonFault {
        message: message.to_owned(),
        position,
        line: 1 + before.iter().filter(|character| **character == '\n').count(),
        column: last_line.map_or(position + 1, |at| position - at),
    }
}

type Fault = (&'static str, usize);

/// Walks a document without building it; every method takes a position and answers the next.
struct Scanner {
    text: Vec<char>,
    /// The first number that is none, which Python has names for.
    constant: Cell<Option<&'static str>>,
    /// The first half of a character without its other half. Python takes it; no text of ours can
    /// hold it.
    half: Cell<Option<Fault>>,
}

impl Scanner {
    fn new(text: &str) -> Self {
        Self { text: text.chars().collect(), constant: Cell::new(None), half: Cell::new(None) }
    }

    fn document(&self) -> Result<(), Fault> {
        let end = self.value(self.skip_blanks(0), 0)?;
        let end = self.skip_blanks(end);
        if end == self.text.len() { Ok(()) } else { Err(("Extra data", end)) }
    }

    fn at(&self, position: usize) -> Option<char> {
        self.text.get(position).copied()
    }

    fn skip_blanks(&self, mut position: usize) -> usize {
        while matches!(self.at(position), Some(' ' | '\t' | '\n' | '\r')) {
            position += 1;
        }
        position
    }

    fn value(&self, position: usize, depth: usize) -> Result<usize, Fault> {
        /// Ours, far beyond that of the parser: keeps this walk off the end of the stack.
        const DEEPEST: usize = 200;
        const LITERALS: [&str; 6] = ["null", "true", "false", "NaN", "Infinity", "-Infinity"];
        if depth > DEEPEST {
            return Err((VALUE, position));
        }
        match self.at(position) {
            Some('"') => self.string(position + 1),
            Some('{') => self.object(position + 1, depth + 1),
            Some('[') => self.array(position + 1, depth + 1),
            _ => {
                let starts = |literal: &&&str| {
                    literal.chars().enumerate().all(|(n, c)| self.at(position + n) == Some(c))
                };
                match LITERALS.iter().find(starts) {
                    Some(literal) => {
                        if literal.ends_with(['N', 'y']) && self.constant.get().is_none() {
                            self.constant.set(Some(literal));
                        }
                        Ok(position + literal.len())
                    }
                    None => self.number(position),
                }
            }
        }
    }

    fn number(&self, start: usize) -> Result<usize, Fault> {
        let is_digit = |position: usize| self.at(position).is_some_and(|c| c.is_ascii_digit());
        let skip_digits = |mut position: usize| {
            while is_digit(position) {
                position += 1;
            }
            position
        };
        let mut end = if self.at(start) == Some('-') { start + 1 } else { start };
        end = match self.at(end) {
            Some('0') => end + 1,
            Some('1'..='9') => skip_digits(end),
            _ => return Err((VALUE, start)),
        };
        if self.at(end) == Some('.') && is_digit(end + 1) {
            end = skip_digits(end + 1);
        }
        if matches!(self.at(end), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.at(end + 1), Some('+' | '-')));
            if is_digit(end + 1 + sign) {
                end = skip_digits(end + 1 + sign);
            }
        }
        Ok(end)
    }

    fn object(&self, start: usize, depth: usize) -> Result<usize, Fault> {
        const NAME: &str = "Expecting property name enclosed in double quotes";
        let mut position = self.skip_blanks(start);
        if self.at(position) == Some('}') {
            return Ok(position + 1);
        }
        loop {
            if self.at(position) != Some('"') {
                return Err((NAME, position));
            }
            position = self.skip_blanks(self.string(position + 1)?);
            if self.at(position) != Some(':') {
                return Err(("Expecting ':' delimiter", position));
            }
            position = self.value(self.skip_blanks(position + 1), depth)?;
            position = self.skip_blanks(position);
            match self.at(position) {
                Some('}') => return Ok(position + 1),
                Some(',') => position = self.skip_blanks(position + 1),
                _ => return Err(("Expecting ',' delimiter", position)),
            }
        }
    }

    fn array(&self, start: usize, depth: usize) -> Result<usize, Fault> {
        let mut position = self.skip_blanks(start);
        if self.at(position) == Some(']') {
            return Ok(position + 1);
        }
        loop {
            position = self.skip_blanks(self.value(position, depth)?);
            match self.at(position) {
                Some(']') => return Ok(position + 1),
                Some(',') => position = self.skip_blanks(position + 1),
                _ => return Err(("Expecting ',' delimiter", position)),
            }
        }
    }

    /// `start` is behind the opening quote.
    fn string(&self, start: usize) -> Result<usize, Fault> {
        let unterminated = Err(("Unterminated string starting at", start - 1));
        let mut position = start;
        loop {
            match self.at(position) {
                None => return unterminated,
                Some('"') => return Ok(position + 1),
                Some('\\') => {
                    position = match self.at(position + 1) {
                        None => return unterminated,
                        Some('u') => self.unicode_escape(position + 1)?,
                        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => position + 2,
                        Some(_) => return Err(("Invalid \\escape", position)),
                    };
                }
                Some('\0'..='\x1f') => return Err(("Invalid control character at", position)),
                Some(_) => position += 1,
            }
        }
    }

    /// `start` is at the `u`.
    fn unicode_escape(&self, start: usize) -> Result<usize, Fault> {
        let unit = self.hexadecimal(start)?;
        let end = start + 5;
        let is_high = (0xd800..=0xdbff).contains(&unit);
        let is_followed = self.at(end) == Some('\\') && self.at(end + 1) == Some('u');
        if is_high && end + 6 < self.text.len() && is_followed {
            let low = self.hexadecimal(end + 1)?;
            if (0xdc00..=0xdfff).contains(&low) {
                return Ok(end + 6);
            }
        }
        if (0xd800..=0xdfff).contains(&unit) && self.half.get().is_none() {
            self.half.set(Some((ESCAPE, start)));
        }
        Ok(end)
    }

    /// The four digits behind the `u`; something must follow them.
    fn hexadecimal(&self, at: usize) -> Result<u32, Fault> {
        let digits = self.text.get(at + 1..at + 5).filter(|_| at + 5 < self.text.len());
        let value = digits.and_then(|digits| {
            digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + digit.to_digit(16)?))
        });
        value.ok_or((ESCAPE, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_and_placed_as_python_does() {
        let (name, comma) =
            ("Expecting property name enclosed in double quotes", "Expecting ',' delimiter");
        for (text, message, position) in [
            ("  \n", VALUE, 3),
            ("{", name, 1),
            ("{\"a\"", "Expecting ':' delimiter", 4),
            ("{\"a\":", VALUE, 5),
            ("{\"a\":}", VALUE, 5),
            ("{\"a\":1", comma, 6),
            ("{\"a\":1,}", name, 7),
            ("{'a':1}", name, 1),
            ("[1,", VALUE, 3),
            ("[1 2]", comma, 3),
            ("nul", VALUE, 0),
            ("nulll", "Extra data", 4),
            ("\"abc", "Unterminated string starting at", 0),
            ("{\"a\":\"b\nc\"}", "Invalid control character at", 7),
            ("\"\\x\"", "Invalid \\escape", 1),
            ("\"\\u12\"", "Invalid \\uXXXX escape", 2),
            ("\"\\uD83D\\u12\"", "Invalid \\uXXXX escape", 8),
            ("\"яя\\x\"", "Invalid \\escape", 3),
            ("[\"😀😀\",]", VALUE, 6),
            ("\"\\uD83Dx\"", "Invalid \\uXXXX escape", 2),
            ("01", "Extra data", 1),
            ("1.", "Extra data", 1),
            ("-a", VALUE, 0),
        ] {
            let fault = find_fault(text);
            assert_eq!((fault.message.as_str(), fault.position), (message, position), "{text}");
        }
        let fault = find_fault("{\"a\":1,\n\"b\":2,\n}");
        assert_eq!((fault.position, fault.line, fault.column), (15, 3, 1));
        let nested = "[".repeat(100_000);
        assert_eq!(find_fault(&nested).message, VALUE);
    }
}
