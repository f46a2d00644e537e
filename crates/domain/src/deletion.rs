//! What the deletion of an account leaves behind.

use crate::time::Timestamp;

/// A deletion that was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    pub deleted_at: Timestamp,
    /// When personal data is erased: the same moment for a final deletion.
    pub purge_at: Timestamp,
    /// How the owner was told about restoring.
    pub notice: RestorationNotice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestorationNotice {
    /// A mail with the restoration token is on its way.
    Mailed,
    /// A text message with the restoration token is on its way: there is no e-mail address.
    Texted,
    /// Nothing can be sent to the account, or it was blocked: only an administrator can restore the account.
    OnlyByAdministrator,
    /// The deletion is final.
    None,
}
