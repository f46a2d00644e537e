//! The filter `plural`: the word that belongs to a number.

use minijinja::{Error, ErrorKind};

/// Two forms as in English (`{{ n|plural("day", "days") }}`), three as in Russian
/// (`{{ n|plural("день", "дня", "дней") }}`).
pub(super) fn plural(
    number: i64,
    one: String,
    few: String,
    many: Option<String>,
) -> Result<String, Error> {
    let number = number.unsigned_abs();
    let Some(many) = many else { return Ok(if number == 1 { one } else { few }) };
    if [&one, &few, &many].iter().any(|form| form.is_empty()) {
        return Err(Error::new(ErrorKind::InvalidOperation, "a form of plural is empty"));
    }
    Ok(match (number % 10, number % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    })
}
