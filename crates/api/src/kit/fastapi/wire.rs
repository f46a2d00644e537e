//! What the originals of this family call and write alike.

use domain::{Field, Timestamp};

pub(crate) const fn field_name(field: Field) -> &'static str {
    match field {
        Field::Username | Field::Identifier => "username",
        Field::Email => "email",
        Field::Phone => "phone",
        Field::Password => "password",
        Field::CurrentPassword => "current_password",
        Field::FirstName => "first_name",
        Field::LastName => "last_name",
        Field::Locale => "locale",
        Field::Metadata => "metadata",
        Field::RestorationToken => "restoration_token",
        Field::RefreshToken => "refresh_token",
        Field::IdempotencyKey => "Idempotency-Key",
    }
}

/// `datetime.isoformat()` of a naive UTC time: six digits of a second, or none at all.
pub(crate) fn naive_utc(time: Timestamp) -> String {
    let calendar = time.calendar();
    let is_whole = time.as_micros().rem_euclid(1_000_000) == 0;
    let form = if is_whole { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S%.6f" };
    calendar.format(form).to_string()
}
