//! The fingerprint of a device: which one it is, to nobody who has only the database.

use aws_lc_rs::hmac;
use domain::UserId;

use super::keyring::KeyRing;

const CONTEXT: &[u8] = b"vestibule device v1";

/// Of the program and the network, for this account alone.
pub(crate) fn device_fingerprint(
    keys: &KeyRing,
    user_id: UserId,
    family: &str,
    network: &str,
) -> Vec<u8> {
    let parts = [CONTEXT, user_id.0.as_bytes(), family.as_bytes(), b"\0", network.as_bytes()];
    hmac::sign(keys.refresh_key(), &parts.concat()).as_ref().to_vec()
}
