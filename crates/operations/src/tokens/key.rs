//! One key, one algorithm, one issuer.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use data_encoding::BASE64;
use domain::token::SigningAlgorithm;
use domain::{KeyId, Surface, Timestamp};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use crate::error::{Fault, Result};
use crate::ports::Entropy;

/// A key that signs or verifies tokens.
pub(crate) struct SigningKey {
    pub(crate) id: KeyId,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) issuer: String,
    /// Whose own secret it is; none for the keys of the deployment.
    pub(crate) secret_of: Option<Surface>,
    pub(crate) encoding: EncodingKey,
    pub(crate) decoding: DecodingKey,
    /// What resource servers verify with; none for symmetric keys.
    pub(crate) public: Option<Jwk>,
    /// When we had it first.
    pub(crate) known_since: Timestamp,
    /// None for a key that nothing has taken over from.
    pub(crate) accepted_until: Option<Timestamp>,
}

impl SigningKey {
    /// `material` is PKCS#8 (PKCS#1 for RSA), or the secret itself for HS256.
    pub(crate) fn new(
        id: KeyId,
        algorithm: SigningAlgorithm,
        issuer: &str,
        material: &[u8],
    ) -> Result<Self> {
        let encoding = match algorithm {
            SigningAlgorithm::EdDsa => EncodingKey::from_ed_der(material),
            SigningAlgorithm::Es256 => EncodingKey::from_ec_der(material),
            SigningAlgorithm::Rs256 => EncodingKey::from_rsa_der(material),
            SigningAlgorithm::Hs256 => EncodingKey::from_secret(material),
        };
        let (decoding, public) = if algorithm.is_symmetric() {
            (DecodingKey::from_secret(material), None)
        } else {
            let mut jwk =
                Jwk::from_encoding_key(&encoding, jws(algorithm)).map_err(Fault::Signing)?;
            jwk.common.key_id = Some(id.to_string());
            jwk.common.public_key_use = Some(jsonwebtoken::jwk::PublicKeyUse::Signature);
            (DecodingKey::from_jwk(&jwk).map_err(Fault::Signing)?, Some(jwk))
        };
        let issuer = issuer.to_owned();
        Ok(Self {
            id,
            algorithm,
            issuer,
            secret_of: None,
            encoding,
            decoding,
            public,
            known_since: Timestamp::from_micros(0),
            accepted_until: None,
        })
    }
}

impl SigningKey {
    /// Whether anything that it signed can still be alive.
    pub(crate) fn is_accepted(&self, now: Timestamp) -> bool {
        self.accepted_until.is_none_or(|until| now < until)
    }

    /// Whether what it signed is taken where the secrets of these surfaces are.
    pub(crate) fn is_taken(&self, secrets_of: &[Surface]) -> bool {
        self.secret_of.is_none_or(|surface| secrets_of.contains(&surface))
    }
}

/// The algorithm in the library's words.
pub(crate) const fn jws(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Hs256 => Algorithm::HS256,
    }
}

/// New key material in the form that [`SigningKey::new`] takes.
pub(crate) fn generate(algorithm: SigningAlgorithm, entropy: &dyn Entropy) -> Result<Vec<u8>> {
    let failed = |_| Fault::Cryptography("making a signing key");
    let random = SystemRandom::new();
    Ok(match algorithm {
        SigningAlgorithm::EdDsa => {
            Ed25519KeyPair::generate_pkcs8v1(&random).map_err(failed)?.as_ref().to_vec()
        }
        SigningAlgorithm::Es256 => {
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
                .map_err(failed)?
                .as_ref()
                .to_vec()
        }
        SigningAlgorithm::Rs256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa3072).map_err(failed)?;
            pkcs1(pair.as_der().map_err(failed)?.as_ref())?
        }
        SigningAlgorithm::Hs256 => entropy.bytes::<32>().to_vec(),
    })
}

/// The signing library takes RSA keys out of their PKCS#8 shell only when they come as PEM.
fn pkcs1(pkcs8: &[u8]) -> Result<Vec<u8>> {
    let (label, body) = ("PRIVATE KEY", BASE64.encode(pkcs8));
    let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(Fault::Signing)?;
    Ok(key.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn every_algorithm_signs_what_it_verifies() {
        for algorithm in SigningAlgorithm::ALL {
            let material = generate(algorithm, &Zeros).expect("a key is made");
            let id = KeyId(uuid::Uuid::nil());
            let key = SigningKey::new(id, algorithm, "issuer", &material).expect("it is a key");
            let algorithm = jws(algorithm);
            let signature = jsonwebtoken::crypto::sign(b"message", &key.encoding, algorithm);
            let signature = signature.expect("it signs");
            let verify = |message: &[u8]| {
                jsonwebtoken::crypto::verify(&signature, message, &key.decoding, algorithm)
            };
            assert!(verify(b"message").expect("it verifies"), "{algorithm:?}");
            assert!(!verify(b"massage").unwrap_or(false), "{algorithm:?}");
        }
    }
}
