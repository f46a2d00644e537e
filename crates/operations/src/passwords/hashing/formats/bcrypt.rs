//! bcrypt in its Modular Crypt form, `$2b$12$` and 53 characters.

use super::super::recipe::{BcryptInput, Cost};
use super::Stored;
use super::fields::number;

/// bcrypt's Base64 has an order of its own.
const ALPHABET: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Characters of the salt; the output follows without a mark between them.
const SALT: usize = 22;

/// Characters of the output.
const OUTPUT: usize = 31;

pub(super) fn read(text: &str) -> Option<Stored> {
    read_with(text, BcryptInput::Password)
}

pub(super) fn read_with(text: &str, input: BcryptInput) -> Option<Stored> {
    let fields: Vec<&str> = text.split('$').collect();
    // The letters name repaired implementations of one function; only `2x`, the damaged one, made
    // other hashes, and is not read.
    let ["", "2a" | "2b" | "2y", log_rounds, rest] = *fields.as_slice() else {
        return None;
    };
    let (salt, output) = rest.split_at_checked(SALT)?;
    if log_rounds.len() != 2 || output.len() != OUTPUT {
        return None;
    }
    let cost = Cost::Bcrypt { log_rounds: number(log_rounds)?, input };
    Some(Stored::new(cost, decode(salt)?, decode(output)?))
}

/// Bits left over at the end are ignored: some libraries filled them with chance.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 6 / 8);
    let (mut bits, mut count) = (0_u32, 0);
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|letter| *letter == character)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.extend(u8::try_from(bits >> count & 0xff));
        }
    }
    Some(bytes)
}
