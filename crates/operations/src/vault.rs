//! Secrets at rest: sealed with AES-256-GCM under a key derived from the master key.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::{Fault, Result};
use crate::ports::Entropy;

/// 256 bits from which every key at rest is derived. Never stored beside what it protects.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Seals and opens; what is sealed for one purpose does not open for another.
#[derive(Clone)]
pub struct Vault {
    key: Arc<LessSafeKey>,
    fingerprints: hmac::Key,
    entropy: Arc<dyn Entropy>,
}

impl Vault {
    pub fn new(master: &MasterKey, entropy: Arc<dyn Entropy>) -> Result<Self> {
        let failed = |_| Fault::Cryptography("deriving the keys at rest");
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"vestibule");
        let derived = salt.extract(&master.0);
        let sealing = derived.expand(&[b"sealing v1"], &AES_256_GCM).map_err(failed)?;
        let fingerprints =
            derived.expand(&[b"fingerprints v1"], hmac::HMAC_SHA256).map_err(failed)?;
        Ok(Self {
            key: Arc::new(LessSafeKey::new(UnboundKey::from(sealing))),
            fingerprints: hmac::Key::from(fingerprints),
            entropy,
        })
    }

    /// 256 bits by which equal texts are recognised and nothing else is learnt.
    pub fn fingerprint(&self, purpose: &str, parts: &[Option<&str>]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.fingerprints);
        for part in std::iter::once(&Some(purpose)).chain(parts) {
            // Lengths keep ("ab", "c") apart from ("a", "bc"), and nothing from the empty text.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            context.update(&length.to_be_bytes());
            context.update(part.unwrap_or_default().as_bytes());
        }
        context.sign().as_ref().to_vec()
    }

    /// nonce ‖ ciphertext ‖ tag.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        seal(&self.key, &*self.entropy, purpose, plain)
    }

    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        open(&self.key, purpose, sealed)
    }

    /// Seals under a key of its own, for what must become unreadable by itself.
    pub(crate) fn under(&self, key: &[u8]) -> Result<SealedApart> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Fault::Sealed)?;
        Ok(SealedApart { key: LessSafeKey::new(key), entropy: Arc::clone(&self.entropy) })
    }
}

/// What is sealed under one key that can be destroyed.
pub(crate) struct SealedApart {
    key: LessSafeKey,
    entropy: Arc<dyn Entropy>,
}

impl SealedApart {
    pub(crate) fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        seal(&self.key, &*self.entropy, purpose, plain)
    }

    pub(crate) fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        open(&self.key, purpose, sealed)
    }
}

fn seal(key: &LessSafeKey, entropy: &dyn Entropy, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = entropy.bytes::<NONCE_LEN>();
    let mut sealed = plain.to_vec();
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(purpose),
        &mut sealed,
    )
    .map_err(|_| Fault::Cryptography("sealing"))?;
    sealed.splice(0..0, nonce);
    Ok(sealed)
}

fn open(key: &LessSafeKey, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Fault::Sealed)?;
    let mut plain = ciphertext.to_vec();
    let length = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(purpose), &mut plain)
        .map_err(|_| Fault::Sealed)?
        .len();
    plain.truncate(length);
    Ok(plain)
}
