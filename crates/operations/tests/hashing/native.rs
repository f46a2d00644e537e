//! Hashes of our own making.

use std::collections::HashSet;

use domain::Password;
use operations::passwords::hashing::{
    HashError, HashSettings, Passwords, Scheme, StartError, Verdict,
};

use super::{FAST, passwords, salts};

const PBKDF2: Scheme = Scheme::Pbkdf2Sha256 { iterations: 1_000 };

#[tokio::test]
async fn pwd_09_the_default_is_argon2id_with_a_salt_of_16_bytes() {
    let passwords = Passwords::start(HashSettings::new(1), salts()).expect("the pool starts");
    let hash = passwords.hash(&Password::new("correct horse")).await.expect("hashed");
    let fields: Vec<&str> = hash.as_str().split('$').collect();
    assert_eq!(fields[..4], ["", "argon2id", "v=19", "m=19456,t=2,p=1"]);
    assert_eq!((fields[4].len(), fields[5].len()), (22, 43), "16 and 32 bytes in Base64");
}

#[tokio::test]
async fn pwd_09_one_password_never_has_one_hash_twice() {
    for scheme in [FAST, PBKDF2] {
        let passwords = passwords(scheme);
        let mut seen = HashSet::new();
        for _ in 0..1_000 {
            let hash = passwords.hash(&Password::new("correct horse")).await.expect("hashed");
            assert!(seen.insert(hash.into_string()), "the same salt was used twice");
        }
    }
}

#[tokio::test]
async fn a_hash_of_ours_is_right_and_up_to_date() {
    for scheme in [FAST, PBKDF2] {
        let passwords = passwords(scheme);
        let password = Password::new("correct horse");
        let hash = passwords.hash(&password).await.expect("hashed");
        let verdict = passwords.verify(Some(hash.as_str()), &password).await;
        assert_eq!(verdict, Ok(Verdict::Right));
        let verdict = passwords.verify(Some(hash.as_str()), &Password::new("wrong horse")).await;
        assert_eq!(verdict, Ok(Verdict::Wrong));
    }
}

#[tokio::test]
async fn pwd_10_a_hash_of_other_costs_is_outdated_even_when_they_are_higher() {
    let costs = [(64, 1, 1), (128, 1, 1), (64, 2, 1), (64, 1, 2)];
    let mut schemes: Vec<Scheme> = costs
        .map(|(memory_kib, iterations, parallelism)| Scheme::Argon2id {
            memory_kib,
            iterations,
            parallelism,
        })
        .to_vec();
    schemes.extend([PBKDF2, Scheme::Pbkdf2Sha256 { iterations: 2_000 }]);
    let password = Password::new("correct horse");
    for made_by in &schemes {
        let hash = passwords(*made_by).hash(&password).await.expect("hashed");
        for read_by in &schemes {
            let verdict = passwords(*read_by).verify(Some(hash.as_str()), &password).await;
            let expected =
                if made_by == read_by { Verdict::Right } else { Verdict::RightButOutdated };
            assert_eq!(verdict, Ok(expected), "{made_by:?} read by {read_by:?}");
        }
    }
}

#[tokio::test]
async fn pwd_04_the_whole_password_counts() {
    let whole: String = "Passphrase with 128 characters. ".repeat(4);
    let passwords = passwords(FAST);
    let hash = passwords.hash(&Password::new(&whole)).await.expect("hashed");
    let mut others = vec![
        whole[..72].to_owned(),
        whole[..127].to_owned(),
        format!("{whole}x"),
        format!("{}!", &whole[..127]),
        whole.to_lowercase(),
        whole.to_uppercase(),
    ];
    others.push(whole.trim_end().to_owned());
    for other in others {
        let verdict = passwords.verify(Some(hash.as_str()), &Password::new(&other)).await;
        assert_eq!(verdict, Ok(Verdict::Wrong), "{other:?}");
    }
    let verdict = passwords.verify(Some(hash.as_str()), &Password::new(&whole)).await;
    assert_eq!(verdict, Ok(Verdict::Right));
}

#[tokio::test]
async fn pwd_05_both_spellings_of_a_character_are_one_password() {
    let passwords = passwords(FAST);
    let hash = passwords.hash(&Password::new("caf\u{e9} au lait")).await.expect("hashed");
    let decomposed = Password::new("cafe\u{301} au lait");
    let verdict = passwords.verify(Some(hash.as_str()), &decomposed).await;
    assert_eq!(verdict, Ok(Verdict::Right));
}

#[tokio::test]
async fn pwd_02_an_oversized_password_is_wrong_without_work() {
    let passwords = passwords(FAST);
    let password = Password::new(&"x".repeat(100_000));
    let hash = passwords.hash(&password).await.expect("hashed");
    passwords.stop();
    let verdict = passwords.verify(Some(hash.as_str()), &password).await;
    assert_eq!(verdict, Ok(Verdict::Wrong), "a stopped pool could not have hashed it");
}

#[tokio::test]
async fn a_stopped_pool_says_so() {
    let passwords = passwords(FAST);
    passwords.stop();
    let password = Password::new("correct horse");
    assert_eq!(passwords.hash(&password).await, Err(HashError::Stopped));
    assert_eq!(passwords.verify(None, &password).await, Err(HashError::Stopped));
}

#[test]
fn costs_below_the_floors_are_refused() {
    let argon2id =
        |memory_kib, iterations| Scheme::Argon2id { memory_kib, iterations, parallelism: 1 };
    let start = |scheme| {
        let settings = HashSettings { scheme, ..HashSettings::new(1) };
        Passwords::start(settings, salts()).map(drop)
    };
    for weak in [
        argon2id(19_455, 2),
        argon2id(19_456, 1),
        argon2id(47_103, 1),
        argon2id(9_215, 4),
        argon2id(7_167, 5),
        FAST,
        Scheme::Pbkdf2Sha256 { iterations: 599_999 },
    ] {
        assert!(matches!(start(weak), Err(StartError::TooWeak)), "{weak:?}");
    }
    for costly in [
        argon2id(1024 * 1024, 1),
        argon2id(19_456, 1_000),
        argon2id(19_456, 0),
        Scheme::Pbkdf2Sha256 { iterations: 20_000_000 },
    ] {
        assert!(matches!(start(costly), Err(StartError::TooCostly)), "{costly:?}");
    }
    for strong in [argon2id(19_456, 2), argon2id(47_104, 1), argon2id(9_216, 4), argon2id(7_168, 5)]
    {
        assert!(start(strong).is_ok(), "{strong:?}");
    }
    let none = Passwords::start(HashSettings::new(0), salts()).map(drop);
    assert!(matches!(none, Err(StartError::NoThreads)));
}

#[tokio::test]
async fn a_hash_does_not_print() {
    let hash = passwords(FAST).hash(&Password::new("correct horse")).await.expect("hashed");
    assert_eq!(format!("{hash:?}"), "HashText(…)");
}
