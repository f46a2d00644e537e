//! Hashes that other software made, and damaged ones.

use domain::Password;
use operations::passwords::hashing::{Passwords, Verdict};

use super::{FAST, passwords};

struct Vector {
    library: &'static str,
    password: Password,
    hash: &'static str,
}

fn vectors() -> Vec<Vector> {
    let lines = include_str!("vectors.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [library, password, hash] = *fields.as_slice() else {
                panic!("not three fields: {line}");
            };
            Vector { library, password: Password::new(password), hash }
        })
        .collect()
}

async fn verdict(passwords: &Passwords, hash: &str, password: &Password) -> Verdict {
    passwords.verify(Some(hash), password).await.expect("the pool answers")
}

/// PWD-10: only what the configured scheme wrote is up to date.
#[tokio::test]
async fn pwd_10_hashes_of_other_libraries_are_verified_and_outdated() {
    let passwords = passwords(FAST);
    let vectors = vectors();
    assert!(vectors.len() >= 60);
    for Vector { library, password, hash } in vectors {
        let expected = if hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$") {
            Verdict::Right
        } else {
            Verdict::RightButOutdated
        };
        assert_eq!(verdict(&passwords, hash, &password).await, expected, "{library}: {hash}");
        let wrong = Password::new(&format!("x{}", password.reveal()));
        assert_eq!(verdict(&passwords, hash, &wrong).await, Verdict::Wrong, "{library}: {hash}");
    }
}

/// PWD-04 for imports: bcrypt never saw more than 72 bytes, every other scheme saw everything.
#[tokio::test]
async fn only_bcrypt_of_the_bare_password_was_cut() {
    let passwords = passwords(FAST);
    for Vector { library, password, hash } in vectors() {
        let longer = Password::new(&format!("{}x", password.reveal()));
        let is_cut = library.ends_with("cut at 72 bytes");
        let expected = if is_cut { Verdict::RightButOutdated } else { Verdict::Wrong };
        assert_eq!(verdict(&passwords, hash, &longer).await, expected, "{library}: {hash}");
    }
}

/// PWD-11: whatever one character of a stored hash becomes, there is an answer.
#[tokio::test]
async fn pwd_11_no_damage_to_one_character_hurts() {
    let passwords = passwords(FAST);
    for Vector { password, hash, .. } in cheap_vectors() {
        for (at, old) in hash.char_indices() {
            let (before, after) = (&hash[..at], &hash[at + old.len_utf8()..]);
            for new in ["", "$", "9", "\u{e9}"] {
                let damaged = format!("{before}{new}{after}");
                let answer = verdict(&passwords, &damaged, &password).await;
                assert!(damaged == hash || answer != Verdict::Right, "{damaged}");
            }
        }
    }
}

/// PWD-11: a hash that lost its end fits nothing, not even its own password.
#[tokio::test]
async fn pwd_11_a_truncated_hash_fits_nothing() {
    let passwords = passwords(FAST);
    for Vector { password, hash, .. } in cheap_vectors() {
        for end in 0..hash.len() - 1 {
            let answer = verdict(&passwords, &hash[..end], &password).await;
            assert_eq!(answer, Verdict::Wrong, "{}", &hash[..end]);
        }
    }
}

/// PWD-11: hostile texts, each of which once hurt some library.
#[tokio::test]
async fn pwd_11_hostile_texts_are_wrong() {
    const SALT_AND_HASH: &str =
        "c29tZSBzYWx0IDE2IGJ5dGU$PbTOVZUGU9AWxpBAvXISMVmuUjcAkzIDxOvHc0LSJeM";
    let passwords = passwords(FAST);
    let argon2 = |costs: &str| format!("$argon2id$v=19${costs}${SALT_AND_HASH}");
    let texts = [
        String::new(),
        "$".repeat(60),
        "\u{430}".repeat(30),
        format!("$2b$12${}", "\u{44f}".repeat(26)),
        "!unusable".to_owned(),
        "plain text".to_owned(),
        argon2("m=4194304,t=1,p=1"),
        argon2("m=4294967295,t=4294967295,p=4294967295"),
        argon2("m=64,t=4294967295,p=1"),
        argon2("m=64,t=4294967296,p=1"),
        argon2("m=64,t=1,p=16777215"),
        argon2("m=0,t=0,p=0"),
        argon2("m=1,t=1,p=1"),
        argon2("m=64,t=1"),
        argon2("m=+64,t=1,p=1"),
        argon2("m=64,t=1,p=1,q=1"),
        "$argon2id$v=19$m=64,t=1,p=1$$".to_owned(),
        "$argon2id$v=19$m=64,t=1,p=1$YWJj$YWJj".to_owned(),
        "$argon2id$v=20$m=64,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHQ".to_owned(),
        format!("$scrypt$ln=30,r=8,p=1${SALT_AND_HASH}"),
        format!("$scrypt$ln=64,r=8,p=1${SALT_AND_HASH}"),
        format!("$scrypt$ln=4294967295,r=4294967295,p=4294967295${SALT_AND_HASH}"),
        format!("$scrypt$ln=1,r=1,p=1073741824${SALT_AND_HASH}"),
        format!("$scrypt$ln=0,r=0,p=0${SALT_AND_HASH}"),
        format!("$pbkdf2-sha256$i=4294967295${SALT_AND_HASH}"),
        format!("$pbkdf2-sha256$i=0${SALT_AND_HASH}"),
        format!("$pbkdf2-sha256$i=1000,l=4294967295${SALT_AND_HASH}"),
        "pbkdf2_sha256$4294967295$salt$MDEyMzQ1Njc4OWFiY2RlZg==".to_owned(),
        "pbkdf2_sha256$1000$salt$".to_owned(),
        "scrypt$3$salt$8$1$MDEyMzQ1Njc4OWFiY2RlZg==".to_owned(),
        "scrypt$2147483648$salt$8$1$MDEyMzQ1Njc4OWFiY2RlZg==".to_owned(),
        "scrypt:0:8:1$salt$30313233343536373839616263646566".to_owned(),
        "pbkdf2:md5:1000$salt$30313233343536373839616263646566".to_owned(),
        "$2b$31$/Yl32pC9EKBH0FkG6uN3iOw6C9gZgTabcdefghijklmnopqrstuvw".to_owned(),
        "$2b$99$/Yl32pC9EKBH0FkG6uN3iOw6C9gZgTabcdefghijklmnopqrstuvw".to_owned(),
        "$2x$04$/Yl32pC9EKBH0FkG6uN3iOw6C9gZgTabcdefghijklmnopqrstuvw".to_owned(),
        "x".repeat(1_000_000),
    ];
    for text in texts {
        let answer = verdict(&passwords, &text, &Password::new("password")).await;
        assert_eq!(answer, Verdict::Wrong, "{}", text.get(..80).unwrap_or(&text));
    }
}

/// One of each format, at costs that allow thousands of attempts.
fn cheap_vectors() -> impl Iterator<Item = Vector> {
    vectors().into_iter().filter(|vector| {
        vector.password.reveal().is_ascii() && !vector.library.ends_with("at default cost")
    })
}
