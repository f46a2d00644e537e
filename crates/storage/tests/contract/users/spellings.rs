//! REG-05: two spellings are one account or two, the same on every backend.

use domain::user::Identifiers;
use domain::{AccountPolicy, Email, IdentifierKind, Phone, Username};
use storage::{Error, Store, UniqueKey};
use testkit::{Database, on_every_backend};

use crate::given;
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    every_pair_of_spellings_has_its_verdict,
    keys_are_compared_byte_by_byte,
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The second is refused by the unique key.
    OneAccount,
    TwoAccounts,
    /// The second is refused before any database is asked.
    NoIdentifier,
}

use IdentifierKind::{Email as Mail, Phone as Call, Username as Name};
use Verdict::{NoIdentifier, OneAccount, TwoAccounts};

const PAIRS: &[(IdentifierKind, &str, &str, Verdict)] = &[
    // Case.
    (Mail, "user@e.com", "user@e.com", OneAccount),
    (Mail, "user@e.com", "USER@e.com", OneAccount),
    (Mail, "user@e.com", "user@E.COM", OneAccount),
    (Name, "ann", "ANN", OneAccount),
    (Name, "Δελτα", "ΔΕΛΤΑ", OneAccount),
    (Mail, "ΣΑΣ@e.com", "σας@e.com", OneAccount),
    (Name, "ÆON", "æon", OneAccount),
    (Name, "ÆON", "AEON", TwoAccounts),
    // Accents.
    (Mail, "user@e.com", "usér@e.com", TwoAccounts),
    (Name, "jose", "josé", TwoAccounts),
    (Name, "ann", "añn", TwoAccounts),
    // Blanks and dots around.
    (Mail, "user@e.com", "user@e.com ", NoIdentifier),
    (Mail, "user@e.com", " user@e.com", NoIdentifier),
    (Mail, "user@e.com", "user@e.com.", NoIdentifier),
    (Mail, "user@e.com", "user@e.com\t", NoIdentifier),
    (Name, "ann", "ann ", NoIdentifier),
    (Name, "ann", "ann\u{a0}", NoIdentifier),
    (Name, "ann", "a.nn", TwoAccounts),
    (Name, "ann_", "ann-", TwoAccounts),
    (Mail, "ann@e.com", "a.nn@e.com", TwoAccounts),
    (Mail, "ann@e.com", "ann+tag@e.com", TwoAccounts),
    // Full width and other compatibility forms.
    (Mail, "user@e.com", "ｕｓｅｒ@e.com", NoIdentifier),
    (Mail, "user@e.com", "user@ｅ.com", NoIdentifier),
    (Mail, "user@e.com", "user@e。com", NoIdentifier),
    (Name, "full", "ｆｕｌｌ", NoIdentifier),
    (Mail, "fin@e.com", "ﬁn@e.com", NoIdentifier),
    (Mail, "sam@e.com", "ſam@e.com", NoIdentifier),
    // Composed and decomposed.
    (Mail, "josé@e.com", "jose\u{301}@e.com", OneAccount),
    (Name, "josé", "JOSE\u{301}", OneAccount),
    (Name, "각각각", "각\u{1100}\u{1161}\u{11a8}각", OneAccount),
    (Name, "ǰon", "J\u{30c}on", OneAccount),
    (Name, "Åse", "\u{212b}se", OneAccount),
    (Mail, "kate@e.com", "\u{212a}ate@e.com", OneAccount),
    // Domains in two alphabets.
    (Mail, "ann@bücher.example", "ann@xn--bcher-kva.example", OneAccount),
    (Mail, "ann@bücher.example", "ann@BÜCHER.example", OneAccount),
    (Mail, "ann@bücher.example", "ann@bu\u{308}cher.example", OneAccount),
    (Mail, "ann@straße.example", "ann@strasse.example", TwoAccounts),
    // Folding that changes the length, or depends on a language.
    (Mail, "straße@e.com", "STRASSE@e.com", OneAccount),
    (Name, "straße", "strasse", OneAccount),
    (Name, "αιων", "ᾳων", OneAccount),
    (Mail, "mike@e.com", "mıke@e.com", TwoAccounts),
    (Mail, "ilk@e.com", "İlk@e.com", TwoAccounts),
    (Name, "Ind", "ınd", TwoAccounts),
    // Look-alikes and what cannot be seen.
    (Name, "ann", "аnn", TwoAccounts),
    (Mail, "ann@e.com", "an\u{200b}n@e.com", NoIdentifier),
    (Mail, "ann@e.com", "ann@e\u{ad}.com", NoIdentifier),
    // Phone numbers.
    (Call, "+1 (555) 010-0000", "15550100000", OneAccount),
    (Call, "+15550100000", "+15550100000 ", OneAccount),
    (Call, "+15550100000", "+15550100001", TwoAccounts),
    (Call, "+15550100000", "+１５５５０１０００００", NoIdentifier),
];

fn parse(kind: IdentifierKind, text: &str) -> Option<Identifiers> {
    let mut identifiers = Identifiers::default();
    match kind {
        Name => {
            let policy = AccountPolicy::native().username;
            identifiers.username = Some(Username::parse(text, &policy).ok()?);
        }
        Mail => identifiers.email = Some(Email::parse(text).ok()?),
        Call => identifiers.phone = Some(Phone::parse(text).ok()?),
    }
    Some(identifiers)
}

async fn verdict(store: &Store, kind: IdentifierKind, first: &str, second: &str) -> Verdict {
    let mut tx = store.write().await.expect("a transaction");
    let first = parse(kind, first).expect("the first spelling is an identifier");
    given::insert(&mut tx, &first).await.expect("the first is inserted");
    let Some(second) = parse(kind, second) else { return NoIdentifier };
    match given::insert(&mut tx, &second).await {
        Ok(_) => TwoAccounts,
        Err(Error::Conflict(_)) => OneAccount,
        Err(error) => panic!("neither a verdict: {}", error.chain()),
    }
}

async fn every_pair_of_spellings_has_its_verdict(database: Database) {
    let mut wrong = Vec::new();
    for &(kind, first, second, expected) in PAIRS {
        let verdict = verdict(&database.store, kind, first, second).await;
        if verdict != expected {
            wrong.push(format!("{first} / {second}: {verdict:?} instead of {expected:?}"));
        }
    }
    assert!(PAIRS.len() >= 40);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Spellings that the domain never lets through: the columns alone must keep them apart.
async fn keys_are_compared_byte_by_byte(database: Database) {
    given::ann(&database.store).await;
    given::user(&database.store, &given::named("bob")).await;
    let mut raw = Raw::connect(&database).await;
    raw.execute("UPDATE users SET email_key = 'ann' WHERE username = 'ann'").await;
    for sql in [
        "UPDATE users SET username_key = 'ann ', email_key = 'ann ' WHERE username = 'bob'",
        "UPDATE users SET username_key = 'ANN', email_key = 'ANN' WHERE username = 'bob'",
        "UPDATE users SET username_key = 'ánn', email_key = 'ánn' WHERE username = 'bob'",
    ] {
        let outcome = raw.attempt(sql).await;
        assert!(matches!(outcome, Ok(1)), "{sql}: {outcome:?}");
    }
    let equal = raw
        .attempt("UPDATE users SET username_key = 'ann' WHERE username = 'bob'")
        .await
        .expect_err("one key");
    assert!(matches!(equal, Error::Conflict(UniqueKey::Username)), "{equal:?}");
}
