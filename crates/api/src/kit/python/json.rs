//! JSON as Python's `json.loads` reads it (CPython 3.11, `_json.c`), for dialects whose clients know
//! its messages and the places they name.
//!
//! Of two equal keys the last counts. What Python takes and we do not (nesting beyond our bound,
//! halves of surrogate pairs, what is no number of ours) is a fault in Python's words.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::number::{self, Numbers};
use crate::kit::json::MAX_DEPTH;
use crate::kit::{JsonFault, Rejection};

const VALUE: &str = "Expecting value";
const ESCAPE: &str = "Invalid \\uXXXX escape";

/// Parses the whole of `text`.
pub(in crate::kit) fn parse(text: &str, numbers: Numbers) -> Result<Value, Rejection> {
    let scanner = Scanner { text: text.chars().collect(), numbers, half: Cell::new(None) };
    scanner.document().map_err(|fault| scanner.place(&fault))
}

/// What is wrong, and where.
enum Fault {
    At(&'static str, usize),
    /// A number that is none in JSON; Python names it, not its place.
    Constant(&'static str),
    /// Python ends in a `RecursionError`, which is no fault of a place.
    TooDeep,
}

/// Every method takes a position and answers the next.
struct Scanner {
    text: Vec<char>,
    numbers: Numbers,
    /// Where the first half of a surrogate pair stands alone: Python takes it, a text of ours
    /// cannot. It is a fault only when there is no other.
    half: Cell<Option<usize>>,
}

impl Scanner {
    fn document(&self) -> Result<Value, Fault> {
        let (value, end) = self.value(self.skip_blanks(0), 0)?;
        let end = self.skip_blanks(end);
        if end < self.text.len() {
            return Err(Fault::At("Extra data", end));
        }
        match self.half.get() {
            Some(position) => Err(Fault::At(ESCAPE, position)),
            None => Ok(value),
        }
    }

    fn place(&self, fault: &Fault) -> Rejection {
        let (message, position) = match fault {
            Fault::At(message, position) => (*message, *position),
            Fault::Constant(name) => {
                let text = format!("Out of range float values are not JSON compliant: '{name}'");
                return Rejection::UndecodableText(text);
            }
            Fault::TooDeep => {
                let text = format!("nested deeper than {MAX_DEPTH} levels");
                return Rejection::UndecodableText(text);
            }
        };
        let before = &self.text[..position.min(self.text.len())];
        let last_line = before.iter().rposition(|character| *character == '\n');
        Rejection::MalformedJson(JsonFault {
            message: message.to_owned(),
            position,
            line: 1 + before.iter().filter(|character| **character == '\n').count(),
            column: last_line.map_or(position + 1, |at| position - at),
        })
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

    fn value(&self, position: usize, depth: usize) -> Result<(Value, usize), Fault> {
        const CONSTANTS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];
        // Python stops at about a thousand.
        if depth > MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        let starts =
            |word: &str| word.chars().enumerate().all(|(n, c)| self.at(position + n) == Some(c));
        match self.at(position) {
            Some('"') => {
                let (text, end) = self.string(position + 1)?;
                Ok((Value::String(text), end))
            }
            Some('{') => self.object(position + 1, depth + 1),
            Some('[') => self.array(position + 1, depth + 1),
            _ if starts("null") => Ok((Value::Null, position + 4)),
            _ if starts("true") => Ok((Value::Bool(true), position + 4)),
            _ if starts("false") => Ok((Value::Bool(false), position + 5)),
            _ => match CONSTANTS.into_iter().find(|constant| starts(constant)) {
                // Where numbers become texts, the original refuses these by name.
                Some(constant) if self.numbers == Numbers::Texts => Err(Fault::Constant(constant)),
                Some(_) => Err(Fault::At(VALUE, position)),
                None => self.number(position),
            },
        }
    }

    fn number(&self, start: usize) -> Result<(Value, usize), Fault> {
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
            _ => return Err(Fault::At(VALUE, start)),
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
        let literal: String = self.text[start..end].iter().collect();
        // Python makes an infinity of what is too large; no answer could repeat it.
        let value = number::read(&literal, self.numbers);
        Ok((value.ok_or(Fault::At(VALUE, start))?, end))
    }

    fn object(&self, start: usize, depth: usize) -> Result<(Value, usize), Fault> {
        const NAME: &str = "Expecting property name enclosed in double quotes";
        let mut fields = Map::new();
        let mut position = self.skip_blanks(start);
        if self.at(position) == Some('}') {
            return Ok((Value::Object(fields), position + 1));
        }
        loop {
            if self.at(position) != Some('"') {
                return Err(Fault::At(NAME, position));
            }
            let (name, end) = self.string(position + 1)?;
            position = self.skip_blanks(end);
            if self.at(position) != Some(':') {
                return Err(Fault::At("Expecting ':' delimiter", position));
            }
            let (value, end) = self.value(self.skip_blanks(position + 1), depth)?;
            fields.insert(name, value);
            position = self.skip_blanks(end);
            match self.at(position) {
                Some('}') => return Ok((Value::Object(fields), position + 1)),
                Some(',') => position = self.skip_blanks(position + 1),
                _ => return Err(Fault::At("Expecting ',' delimiter", position)),
            }
        }
    }

    fn array(&self, start: usize, depth: usize) -> Result<(Value, usize), Fault> {
        let mut items = Vec::new();
        let mut position = self.skip_blanks(start);
        if self.at(position) == Some(']') {
            return Ok((Value::Array(items), position + 1));
        }
        loop {
            let (item, end) = self.value(position, depth)?;
            items.push(item);
            position = self.skip_blanks(end);
            match self.at(position) {
                Some(']') => return Ok((Value::Array(items), position + 1)),
                Some(',') => position = self.skip_blanks(position + 1),
                _ => return Err(Fault::At("Expecting ',' delimiter", position)),
            }
        }
    }

    /// `start` is behind the opening quote.
    fn string(&self, start: usize) -> Result<(String, usize), Fault> {
        let unterminated = Err(Fault::At("Unterminated string starting at", start - 1));
        let mut text = String::new();
        let mut position = start;
        loop {
            match self.at(position) {
                None => return unterminated,
                Some('"') => return Ok((text, position + 1)),
                Some('\\') => {
                    let (character, end) = match self.at(position + 1) {
                        None => return unterminated,
                        Some('u') => self.unicode_escape(position + 1)?,
                        Some(escaped @ ('"' | '\\' | '/')) => (escaped, position + 2),
                        Some('b') => ('\u{8}', position + 2),
                        Some('f') => ('\u{c}', position + 2),
                        Some('n') => ('\n', position + 2),
                        Some('r') => ('\r', position + 2),
                        Some('t') => ('\t', position + 2),
                        Some(_) => return Err(Fault::At("Invalid \\escape", position)),
                    };
                    text.push(character);
                    position = end;
                }
                Some('\0'..='\x1f') => {
                    return Err(Fault::At("Invalid control character at", position));
                }
                Some(character) => {
                    text.push(character);
                    position += 1;
                }
            }
        }
    }

    /// `start` is at the `u`.
    fn unicode_escape(&self, start: usize) -> Result<(char, usize), Fault> {
        let unit = self.hexadecimal(start)?;
        let end = start + 5;
        let is_high = (0xd800..=0xdbff).contains(&unit);
        let is_followed = self.at(end) == Some('\\') && self.at(end + 1) == Some('u');
        if is_high && end + 6 < self.text.len() && is_followed {
            let low = self.hexadecimal(end + 1)?;
            if (0xdc00..=0xdfff).contains(&low) {
                let joined = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return Ok((char::from_u32(joined).unwrap_or_default(), end + 6));
            }
        }
        let character = char::from_u32(unit).unwrap_or_else(|| {
            self.half.set(self.half.get().or(Some(start)));
            char::REPLACEMENT_CHARACTER
        });
        Ok((character, end))
    }

    /// The four digits behind the `u`; something must follow them.
    fn hexadecimal(&self, at: usize) -> Result<u32, Fault> {
        let digits = self.text.get(at + 1..at + 5).filter(|_| at + 5 < self.text.len());
        let value = digits.and_then(|digits| {
            digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + digit.to_digit(16)?))
        });
        value.ok_or(Fault::At(ESCAPE, at))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find_fault(text: &str) -> JsonFault {
        match parse(text, Numbers::Kept) {
            Err(Rejection::MalformedJson(fault)) => fault,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn what_python_reads_is_read() {
        let text =
            " {\"a\": [1, -2.5, true, null], \"b\\u00e9\\ud83d\\ude00\": \"x\\n\", \"a\": {}} ";
        let expected = json!({ "a": {}, "bé😀": "x\n" });
        assert_eq!(parse(text, Numbers::Kept).expect("JSON"), expected);
        assert_eq!(find_fault("[1e999]"), find_fault("[NaN]"));
        let constant = parse("[NaN]", Numbers::Texts);
        assert!(
            matches!(constant, Err(Rejection::UndecodableText(text)) if text.ends_with("'NaN'"))
        );
    }

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
            ("01", "Extra data", 1),
            ("1.", "Extra data", 1),
            ("-a", VALUE, 0),
        ] {
            let fault = find_fault(text);
            assert_eq!((fault.message.as_str(), fault.position), (message, position), "{text}");
        }
        let fault = find_fault("{\"a\":1,\n\"b\":2,\n}");
        assert_eq!((fault.position, fault.line, fault.column), (15, 3, 1));
        let nested = parse(&"[".repeat(100_000), Numbers::Kept);
        assert!(matches!(nested, Err(Rejection::UndecodableText(_))));
    }
}
