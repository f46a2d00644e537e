//! Hashes of Werkzeug's `generate_password_hash`, which Flask applications use:
//! `method:parameters$salt$hex`. Its unstretched methods, gone since 3.0, are not read.

use data_encoding::HEXLOWER;

use super::super::recipe::Digest;
use super::Stored;
use super::fields::{self, number, scrypt_cost};

/// Bytes of output that Werkzeug asks of scrypt.
const SCRYPT_OUTPUT: usize = 64;

pub(super) fn read(text: &str) -> Option<Stored> {
    let parts: Vec<&str> = text.split('$').collect();
    let [method, salt, output] = *parts.as_slice() else {
        return None;
    };
    // The text of the salt is what is hashed.
    let salt = salt.as_bytes().to_vec();
    let output = HEXLOWER.decode(output.as_bytes()).ok()?;
    let method: Vec<&str> = method.split(':').collect();
    match *method.as_slice() {
        ["scrypt", n, block_size, parallelism] => {
            let cost = scrypt_cost(n, block_size, parallelism)?;
            fields::scrypt(cost, &[SCRYPT_OUTPUT], salt, output)
        }
        ["pbkdf2", digest, iterations] => {
            let digest = match digest {
                "sha1" => Digest::Sha1,
                "sha256" => Digest::Sha256,
                "sha512" => Digest::Sha512,
                _ => return None,
            };
            fields::pbkdf2(digest, number(iterations)?, salt, output)
        }
        _ => None,
    }
}
