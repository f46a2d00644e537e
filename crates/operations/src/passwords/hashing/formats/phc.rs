//! PHC strings (`$name$v=…$parameters$salt$output`), passlib's older `$pbkdf2-…` included.

use argon2::{Algorithm, Version};
use data_encoding::BASE64_NOPAD;

use super::super::recipe::{Cost, Digest};
use super::Stored;
use super::fields::{self, number, numbers};

pub(super) fn read(text: &str) -> Option<Stored> {
    let fields: Vec<&str> = text.strip_prefix('$')?.split('$').collect();
    match *fields.as_slice() {
        [name, version, costs, salt, output] => {
            let version = match version {
                "v=19" => Version::V0x13,
                "v=16" => Version::V0x10,
                _ => return None,
            };
            argon2(algorithm(name)?, version, costs, salt, output)
        }
        ["scrypt", costs, salt, output] => scrypt(costs, salt, output),
        ["pbkdf2", costs, salt, output] => pbkdf2(Digest::Sha1, costs, salt, output),
        ["pbkdf2-sha256", costs, salt, output] => pbkdf2(Digest::Sha256, costs, salt, output),
        ["pbkdf2-sha512", costs, salt, output] => pbkdf2(Digest::Sha512, costs, salt, output),
        // Before 1.3 Argon2 did not write its version.
        [name, costs, salt, output] => {
            argon2(algorithm(name)?, Version::V0x10, costs, salt, output)
        }
        _ => None,
    }
}

pub(super) fn write_argon2id(
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
    salt: &[u8],
    output: &[u8],
) -> String {
    let salt = BASE64_NOPAD.encode(salt);
    let output = BASE64_NOPAD.encode(output);
    format!("$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}${salt}${output}")
}

fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "argon2id" => Some(Algorithm::Argon2id),
        "argon2i" => Some(Algorithm::Argon2i),
        "argon2d" => Some(Algorithm::Argon2d),
        _ => None,
    }
}

fn argon2(
    algorithm: Algorithm,
    version: Version,
    costs: &str,
    salt: &str,
    output: &str,
) -> Option<Stored> {
    let [memory_kib, iterations, parallelism] = numbers(costs, ["m", "t", "p"])?;
    let cost = Cost::Argon2 { algorithm, version, memory_kib, iterations, parallelism };
    Some(Stored::new(cost, decode(salt)?, decode(output)?))
}

fn scrypt(costs: &str, salt: &str, output: &str) -> Option<Stored> {
    let [log_n, block_size, parallelism] = numbers(costs, ["ln", "r", "p"])?;
    let cost = Cost::Scrypt { log_n, block_size, parallelism };
    fields::scrypt(cost, &[32, 64], decode(salt)?, decode(output)?)
}

/// `i=600000`, `i=600000,l=32`, or passlib's bare `29000` with its own alphabet.
fn pbkdf2(digest: Digest, costs: &str, salt: &str, output: &str) -> Option<Stored> {
    if let Some(iterations) = number(costs) {
        return fields::pbkdf2(digest, iterations, decode_passlib(salt)?, decode_passlib(output)?);
    }
    let (salt, output) = (decode(salt)?, decode(output)?);
    if let Some([iterations]) = numbers(costs, ["i"]) {
        return fields::pbkdf2(digest, iterations, salt, output);
    }
    let [iterations, length] = numbers(costs, ["i", "l"])?;
    let is_whole = usize::try_from(length).ok()? == output.len();
    is_whole.then(|| Stored::new(Cost::Pbkdf2 { digest, iterations }, salt, output))
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_NOPAD.decode(text.as_bytes()).ok()
}

/// passlib writes `.` where Base64 has `+`.
fn decode_passlib(text: &str) -> Option<Vec<u8>> {
    decode(&text.replace('.', "+"))
}
