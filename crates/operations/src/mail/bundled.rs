//! The templates that are compiled in.

macro_rules! file {
    ($name:expr) => {
        ($name, include_str!(concat!("../../../../templates/mail/", $name)))
    };
}

macro_rules! mails {
    ($($message:literal),+ $(,)?) => {
        &[$(
            file!(concat!("en/", $message, ".subject.txt")),
            file!(concat!("en/", $message, ".txt")),
            file!(concat!("en/", $message, ".html")),
            file!(concat!("ru/", $message, ".subject.txt")),
            file!(concat!("ru/", $message, ".txt")),
            file!(concat!("ru/", $message, ".html")),
        )+]
    };
}

macro_rules! texts {
    ($($message:literal),+ $(,)?) => {
        &[$(
            (concat!("sms/en/", $message, ".txt"),
             include_str!(concat!("../../../../templates/sms/en/", $message, ".txt"))),
            (concat!("sms/ru/", $message, ".txt"),
             include_str!(concat!("../../../../templates/sms/ru/", $message, ".txt"))),
        )+]
    };
}

/// What all mails have in common.
const SHARED: &[(&str, &str)] = &[
    file!("layout.html"),
    file!("layout.txt"),
    file!("parts.html"),
    file!("en/words.txt"),
    file!("ru/words.txt"),
];

const MAILS: &[(&str, &str)] = mails![
    "account_erased",
    "address_change_requested",
    "address_changed",
    "address_confirmation",
    "address_taken_back",
    "already_registered",
    "blocked",
    "deletion_code",
    "email_changed_by_administrator",
    "failed_sign_ins",
    "new_device",
    "password_changed",
    "phone_changed",
    "recovery",
    "registration_code",
    "restoration",
    "restoration_code",
    "session_limit",
    "session_replayed",
    "sign_in_code",
    "suspicious_sign_in",
    "username_changed",
    "username_reset",
    "verification",
    "welcome",
    "wrong_sign_in_code",
];

const TEXTS: &[(&str, &str)] = texts![
    "deletion_code",
    "phone_changed",
    "recovery",
    "registration_code",
    "restoration",
    "restoration_code",
    "sign_in_code",
    "verification",
];

/// Names and sources.
pub(super) fn bundled() -> impl Iterator<Item = (&'static str, &'static str)> {
    SHARED.iter().chain(MAILS).chain(TEXTS).copied()
}

/// What a folder of the operator's may hold without a language in front of it.
pub(super) fn is_shared(name: &str) -> bool {
    SHARED.iter().any(|(shared, _)| *shared == name && !name.contains('/'))
}
