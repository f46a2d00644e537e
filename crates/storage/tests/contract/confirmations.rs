//! Codes and links: what is read is what was written, and no guess too many is ever granted.

use domain::confirmation::{Endurance, GuessCounts, Purpose};
use storage::{Result, Store, code_guesses, confirmations};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given::{self, NOW, later};

const PURPOSE: Purpose = Purpose::Recovery;

on_every_backend!(Database::fresh =>
    a_confirmation_comes_back_as_it_was,
    otp_06_a_new_code_forgets_no_failure,
    otp_05_of_a_hundred_guesses_at_once_five_are_granted,
    a_dead_code_grants_no_guess,
    what_was_sent_to_an_account_is_spent_but_for_what_is_kept,
    what_is_known_of_the_links_of_one_purpose_is_read_back,
    guesses_are_counted_by_the_minute,
);

async fn insert(store: &Store, confirmation: &confirmations::Confirmation, purpose: Purpose) {
    let inserted: Result<()> = storage::transact!(store, |tx| {
        confirmations::insert(tx, confirmation, purpose, NOW).await?;
    });
    inserted.expect("a new one");
}

async fn find(store: &Store, bucket: &[u8]) -> confirmations::Confirmation {
    let found: Result<Option<confirmations::Confirmation>> =
        storage::transact!(store, |tx| { confirmations::find_locked(tx, bucket).await? });
    found.expect("an answer").expect("a row")
}

async fn a_confirmation_comes_back_as_it_was(database: Database) {
    let store = &database.store;
    let user = given::user(store, &given::named("ann")).await;
    let endurance = Endurance {
        failures: 3,
        escalation: 1,
        escalated_at: Some(later(5)),
        guesses: Some(later(6)),
    };
    let written = confirmations::Confirmation {
        user_id: Some(user.id),
        detail: Some(vec![9; 50]),
        endurance,
        ..given::confirmation(b"bucket", b"link")
    };
    insert(store, &written, PURPOSE).await;
    assert_eq!(find(store, b"bucket").await, written);
    let by_link: Result<[Option<confirmations::Confirmation>; 3]> =
        storage::transact!(store, |tx| {
            [
                confirmations::find_by_link(tx, PURPOSE, b"link").await?,
                confirmations::find_by_link(tx, Purpose::SignIn, b"link").await?,
                confirmations::find_by_link(tx, PURPOSE, b"knil").await?,
            ]
        });
    assert_eq!(by_link.expect("answers"), [Some(written), None, None]);
}

async fn otp_06_a_new_code_forgets_no_failure(database: Database) {
    let store = &database.store;
    insert(store, &given::confirmation(b"bucket", b"link"), PURPOSE).await;
    let failed = Endurance { failures: 7, escalation: 2, ..Endurance::default() };
    let renewed: Result<()> = storage::transact!(store, |tx| {
        confirmations::set_endurance(tx, b"bucket", &failed, NOW).await?;
        let new = given::confirmation(b"bucket", b"newer link");
        confirmations::renew(tx, &new, later(1)).await?;
    });
    renewed.expect("renewed");
    let found = find(store, b"bucket").await;
    assert_eq!(found.endurance, failed);
    assert_eq!(found.link_hash.as_deref(), Some(&b"newer link"[..]));
}

async fn otp_05_of_a_hundred_guesses_at_once_five_are_granted(database: Database) {
    let store = &database.store;
    insert(store, &given::confirmation(b"bucket", b"link"), PURPOSE).await;
    let mut guesses = JoinSet::new();
    for _ in 0..100 {
        let store = store.clone();
        guesses.spawn(async move {
            let granted: Result<bool> = storage::transact!(store, |tx| {
                confirmations::take_guess(tx, b"bucket", &[1; 16], NOW).await?
            });
            granted
        });
    }
    let granted = guesses.join_all().await;
    let granted = granted.into_iter().filter(|granted| matches!(granted, Ok(true))).count();
    assert_eq!(granted, 5);
    assert_eq!(find(store, b"bucket").await.guesses_left, 0);
}

async fn a_dead_code_grants_no_guess(database: Database) {
    let store = &database.store;
    insert(store, &given::confirmation(b"bucket", b"link"), PURPOSE).await;
    let granted: Result<[bool; 5]> = storage::transact!(store, |tx| {
        let late = confirmations::take_guess(tx, b"bucket", &[1; 16], later(600)).await?;
        let in_time = confirmations::take_guess(tx, b"bucket", &[1; 16], later(599)).await?;
        let of_another = confirmations::take_guess(tx, b"bucket", &[7; 16], NOW).await?;
        confirmations::kill_code(tx, b"bucket", NOW).await?;
        let of_a_dead_one = confirmations::take_guess(tx, b"bucket", &[1; 16], NOW).await?;
        let of_none = confirmations::take_guess(tx, b"nobody", &[1; 16], NOW).await?;
        [late, in_time, of_another, of_a_dead_one, of_none]
    });
    assert_eq!(granted.expect("answers"), [false, true, false, false, false]);
    assert!(find(store, b"bucket").await.link_hash.is_some(), "the link is another matter");
}

async fn what_was_sent_to_an_account_is_spent_but_for_what_is_kept(database: Database) {
    let store = &database.store;
    let user = given::user(store, &given::named("ann")).await;
    let of = |bucket, link| confirmations::Confirmation {
        user_id: Some(user.id),
        ..given::confirmation(bucket, link)
    };
    insert(store, &of(b"one", b"link one"), PURPOSE).await;
    insert(store, &of(b"two", b"link two"), Purpose::AddressReturn).await;
    insert(store, &given::confirmation(b"other", b"link of another"), PURPOSE).await;
    let spent: Result<()> = storage::transact!(store, |tx| {
        let kept = Some(Purpose::AddressReturn);
        confirmations::spend_of_user(tx, user.id, kept, NOW).await?;
    });
    spent.expect("spent");
    let alive = async |bucket: &[u8]| find(store, bucket).await.link_hash.is_some();
    assert_eq!(
        [alive(b"one").await, alive(b"two").await, alive(b"other").await],
        [false, true, true]
    );
    let spent: Result<()> = storage::transact!(store, |tx| {
        confirmations::spend_of_user(tx, user.id, None, NOW).await?;
    });
    spent.expect("spent");
    assert!(!alive(b"two").await);
}

async fn what_is_known_of_the_links_of_one_purpose_is_read_back(database: Database) {
    let store = &database.store;
    let user = given::user(store, &given::named("ann")).await;
    let of = |bucket, link, detail: &[u8]| confirmations::Confirmation {
        user_id: Some(user.id),
        detail: Some(detail.to_vec()),
        ..given::confirmation(bucket, link)
    };
    let purpose = Purpose::AddressReturn;
    insert(store, &of(b"one", b"link one", b"1"), purpose).await;
    insert(store, &of(b"two", b"link two", b"2"), purpose).await;
    insert(store, &of(b"spent", b"spent link", b"3"), purpose).await;
    insert(store, &of(b"recovery", b"another link", b"4"), PURPOSE).await;
    let of_nobody = confirmations::Confirmation {
        detail: Some(b"5".to_vec()),
        ..given::confirmation(b"other", b"link of another")
    };
    insert(store, &of_nobody, purpose).await;
    let found: Result<Vec<(Vec<u8>, Vec<u8>)>> = storage::transact!(store, |tx| {
        confirmations::spend(tx, b"spent", NOW).await?;
        confirmations::details_of_user(tx, user.id, purpose).await?
    });
    let mut found = found.expect("answers");
    found.sort();
    let expected = [(b"one", b"1"), (b"two", b"2")];
    assert_eq!(found, expected.map(|(bucket, detail)| (bucket.to_vec(), detail.to_vec())));
}

async fn guesses_are_counted_by_the_minute(database: Database) {
    let store = &database.store;
    let counted: Result<GuessCounts> = storage::transact!(store, |tx| {
        for second in [0, 61, 3600] {
            code_guesses::count(tx, PURPOSE, false, later(second)).await?;
            code_guesses::count(tx, Purpose::SignIn, false, later(second)).await?;
        }
        code_guesses::count(tx, PURPOSE, true, later(3600)).await?;
        code_guesses::counts(tx, later(3600)).await?
    });
    let expected = GuessCounts {
        wrong_in_a_minute: 2,
        wrong_in_five_minutes: 2,
        right_in_five_minutes: 1,
        wrong_recoveries_in_a_day: 3,
    };
    assert_eq!(counted.expect("counts"), expected);
}
