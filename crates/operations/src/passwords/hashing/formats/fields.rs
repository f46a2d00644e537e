//! The pieces of which the formats are made.

use super::super::recipe::{Cost, Digest};
use super::Stored;

/// A decimal number as machines write it: no sign, no blanks, no overflow.
pub(super) fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// `m=19456,t=2,p=1`: exactly these names in this order, as every writer has them.
pub(super) fn numbers<const COUNT: usize>(
    text: &str,
    names: [&str; COUNT],
) -> Option<[u32; COUNT]> {
    let mut values = [0; COUNT];
    let mut parts = text.split(',');
    for (value, name) in values.iter_mut().zip(names) {
        *value = number(parts.next()?.strip_prefix(name)?.strip_prefix('=')?)?;
    }
    parts.next().is_none().then_some(values)
}

/// PBKDF2 with an output as long as that of its digest. Anything shorter is a damaged hash, of
/// which what is left would still fit the password.
pub(super) fn pbkdf2(
    digest: Digest,
    iterations: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
) -> Option<Stored> {
    let is_whole = output.len() == digest.output_length();
    is_whole.then(|| Stored::new(Cost::Pbkdf2 { digest, iterations }, salt, output))
}

/// scrypt with an output of one of `lengths`, for the same reason.
pub(super) fn scrypt(
    cost: Cost,
    lengths: &[usize],
    salt: Vec<u8>,
    output: Vec<u8>,
) -> Option<Stored> {
    lengths.contains(&output.len()).then(|| Stored::new(cost, salt, output))
}

/// The cost of scrypt with N written out, which must be a power of two.
pub(super) fn scrypt_cost(n: &str, block_size: &str, parallelism: &str) -> Option<Cost> {
    let n = number(n)?;
    n.is_power_of_two().then_some(Cost::Scrypt {
        log_n: n.trailing_zeros(),
        block_size: number(block_size)?,
        parallelism: number(parallelism)?,
    })
}
