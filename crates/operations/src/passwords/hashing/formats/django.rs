//! Hashes of Django's `django.contrib.auth.hashers`, versions 1.4 to 5.2: `name$…`.

use data_encoding::BASE64;

use super::super::recipe::{BcryptInput, Digest};
use super::fields::{self, number, scrypt_cost};
use super::{Stored, bcrypt, phc};

/// Bytes of output that Django asks of scrypt.
const SCRYPT_OUTPUT: usize = 64;

pub(super) fn read(text: &str) -> Option<Stored> {
    let (name, rest) = text.split_once('$')?;
    match name {
        "pbkdf2_sha256" => pbkdf2(Digest::Sha256, rest),
        "pbkdf2_sha1" => pbkdf2(Digest::Sha1, rest),
        "scrypt" => scrypt(rest),
        // Here the library's own text, which begins with `$`, follows the name at once; with
        // bcrypt a further `$` stands between them.
        "argon2" => phc::read(&format!("${rest}")),
        "bcrypt" => bcrypt::read_with(rest, BcryptInput::Password),
        "bcrypt_sha256" => bcrypt::read_with(rest, BcryptInput::Sha256Hex),
        _ => None,
    }
}

pub(super) fn write_pbkdf2_sha256(iterations: u32, salt: &[u8], output: &[u8]) -> String {
    let salt = String::from_utf8_lossy(salt);
    let output = BASE64.encode(output);
    format!("pbkdf2_sha256${iterations}${salt}${output}")
}

/// Django's salts are text, and the text is what is hashed.
fn pbkdf2(digest: Digest, rest: &str) -> Option<Stored> {
    let parts: Vec<&str> = rest.split('$').collect();
    let [iterations, salt, output] = *parts.as_slice() else {
        return None;
    };
    fields::pbkdf2(digest, number(iterations)?, salt.as_bytes().to_vec(), decode(output)?)
}

/// The salt stands between N and r.
fn scrypt(rest: &str) -> Option<Stored> {
    let parts: Vec<&str> = rest.split('$').collect();
    let [n, salt, block_size, parallelism, output] = *parts.as_slice() else {
        return None;
    };
    let cost = scrypt_cost(n, block_size, parallelism)?;
    fields::scrypt(cost, &[SCRYPT_OUTPUT], salt.as_bytes().to_vec(), decode(output)?)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok()
}
