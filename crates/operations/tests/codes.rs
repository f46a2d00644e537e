//! One-time codes (security.md §1.4 and §4.2), tried where a hit would be worth most: at recovery.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::time::Duration;

use domain::Refusal;
use testkit::App;

use crate::support::{recover, refusal, registered, try_code};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

testkit::on_every_backend!(App::on =>
    otp_03_a_code_is_good_until_its_time_and_not_a_moment_longer,
    otp_04_of_fifty_who_type_the_right_code_one_gets_in,
    otp_05_a_code_endures_five_wrong_guesses,
    otp_05_a_hundred_guesses_at_once_on_three_instances_are_five,
    otp_06_sending_again_forgets_no_failure_until_the_owner_uses_the_link,
    otp_08_only_the_newest_code_is_good,
    otp_10_no_dump_shows_a_code_or_a_link,
    otp_12_once_a_minute_and_three_times_an_hour_is_sent,
    otp_12_an_address_gets_three_an_hour_under_whatever_names,
    otp_12_what_is_not_sent_leaves_the_code_good_that_was,
    rcv_01_no_quota_tells_that_two_names_are_one_account,
);
mod short_ones {
    use super::{
        codes_grow_when_they_are_guessed_at,
        otp_05_a_hundred_guesses_at_a_short_code_on_three_instances_are_three,
        otp_15_codes_from_before_the_brake_are_good_for_nobody,
        otp_15_when_many_are_guessed_at_all_new_codes_are_long, short,
    };

    testkit::on_every_backend!(short =>
        otp_05_a_hundred_guesses_at_a_short_code_on_three_instances_are_three,
        codes_grow_when_they_are_guessed_at,
        otp_15_when_many_are_guessed_at_all_new_codes_are_long,
        otp_15_codes_from_before_the_brake_are_good_for_nobody,
    );
}

/// Four digits, as one of the originals has them.
async fn short(backend: storage::Backend) -> App {
    let settings =
        [("VESTIBULE_CODES__RECOVERY", "4"), ("VESTIBULE_CODES__ALLOW_SHORT", "recovery")];
    App::with(&settings).start(backend).await
}

/// Another code of as many digits.
fn wrong(code: &str, nth: u64) -> String {
    let codes = 10_u64.pow(u32::try_from(code.len()).expect("few"));
    let number: u64 = code.parse().expect("digits");
    format!("{:0width$}", (number + 1 + nth) % codes, width = code.len())
}

async fn otp_03_a_code_is_good_until_its_time_and_not_a_moment_longer(app: App) {
    registered(&app.services, "ann").await;
    let code = recover(&app, "ann").await.code();
    app.advance(10 * MINUTE);
    assert_eq!(refusal(try_code(&app, "ann", &code).await), Refusal::CodeInvalid);
    let code = recover(&app, "ann").await.code();
    app.advance(Duration::from_secs(599));
    try_code(&app, "ann", &code).await.expect("still good");
    assert_eq!(refusal(try_code(&app, "ann", &code).await), Refusal::CodeInvalid, "once");
}

async fn otp_04_of_fifty_who_type_the_right_code_one_gets_in(app: App) {
    registered(&app.services, "ann").await;
    let code = recover(&app, "ann").await.code();
    let beside = app.beside().await;
    let apps = [&app, &beside];
    let tries = (0..50).map(|nth| try_code(apps[nth % 2], "ann", &code));
    let tried = futures_util::future::join_all(tries).await;
    assert_eq!(tried.into_iter().flatten().count(), 1);
}

async fn otp_05_a_code_endures_five_wrong_guesses(app: App) {
    registered(&app.services, "ann").await;
    let code = recover(&app, "ann").await.code();
    for malformed in ["", "1", "None", "null", "12345678901", "١٢٣٤٥٦", &format!("{code} ")] {
        let outcome = try_code(&app, "ann", malformed).await;
        assert_eq!(refusal(outcome), Refusal::CodeInvalid, "OTP-11: {malformed}");
    }
    for nth in 0..5 {
        let outcome = try_code(&app, "ann", &wrong(&code, nth)).await;
        assert_eq!(refusal(outcome), Refusal::CodeInvalid);
    }
    assert_eq!(refusal(try_code(&app, "ann", &code).await), Refusal::CodeInvalid, "it is dead");
}

async fn otp_05_a_hundred_guesses_at_once_on_three_instances_are_five(app: App) {
    Box::pin(crowd_of_guesses(&app, 5)).await;
}

async fn otp_05_a_hundred_guesses_at_a_short_code_on_three_instances_are_three(app: App) {
    Box::pin(crowd_of_guesses(&app, 3)).await;
}

async fn crowd_of_guesses(app: &App, most: i64) {
    let ann = registered(&app.services, "ann").await;
    let code = recover(app, "ann").await.code();
    let (two, three) = (app.beside().await, app.beside().await);
    let apps = [app, &two, &three];
    let wrong: Vec<String> = (0..100).map(|nth| wrong(&code, nth)).collect();
    let guesses = wrong.iter().enumerate().map(|(nth, code)| try_code(apps[nth % 3], "ann", code));
    let outcomes = futures_util::future::join_all(guesses).await;
    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!(failures_of(app, ann.id).await, most, "I6: no more were evaluated");
    assert!(try_code(app, "ann", &code).await.is_err(), "and it is dead for its owner, too");
}

/// Wrong codes that were compared.
async fn failures_of(app: &App, user: domain::UserId) -> i64 {
    let mut read = app.database.store.read().await.expect("a connection");
    storage::confirmations::failures_of(&mut read, user).await.expect("a sum")
}

async fn otp_06_sending_again_forgets_no_failure_until_the_owner_uses_the_link(app: App) {
    registered(&app.services, "ann").await;
    let mut failures = 0;
    for _ in 0..4 {
        let mail = recover(&app, "ann").await;
        let code = mail.code();
        for nth in 0..5 {
            let outcome = try_code(&app, "ann", &wrong(&code, nth)).await;
            assert_eq!(refusal(outcome), Refusal::CodeInvalid);
            failures += 1;
        }
        app.advance(HOUR);
    }
    assert_eq!(failures, 20);
    let mail = recover(&app, "ann").await;
    assert!(mail.find_code().is_none(), "codes are off: {}", mail.text);
    app.advance(HOUR);
    let mail = recover(&app, "ann").await;
    crate::support::try_link(&app, &mail.link_token()).await.expect("the link is as good as ever");
    app.advance(HOUR);
    recover(&app, "ann").await.code();
}

async fn otp_08_only_the_newest_code_is_good(app: App) {
    registered(&app.services, "ann").await;
    let first = recover(&app, "ann").await;
    app.advance(2 * MINUTE);
    let second = recover(&app, "ann").await;
    assert_ne!(first.code(), second.code());
    assert!(try_code(&app, "ann", &first.code()).await.is_err());
    assert!(crate::support::try_link(&app, &first.link_token()).await.is_err());
    try_code(&app, "ann", &second.code()).await.expect("the newest");
    let outcome = crate::support::try_link(&app, &second.link_token()).await;
    assert_eq!(refusal(outcome), Refusal::LinkInvalid, "code and link are one");
}

async fn otp_10_no_dump_shows_a_code_or_a_link(app: App) {
    registered(&app.services, "ann").await;
    let mail = recover(&app, "ann").await;
    let dump = app.database.dump().await;
    assert_eq!(dump.places_of(&mail.link_token()), Vec::<String>::new());
    // Numbers of six digits can be part of anything, but nothing here holds one by itself.
    let row = &dump.rows("confirmations")[0];
    let keyed = row.bytes("code_hash").expect("a digest").to_vec();
    assert_eq!(keyed.len(), 32);
    for number in 0..1_000_000 {
        let plain = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            format!("{number:06}").as_bytes(),
        );
        assert_ne!(plain.as_ref(), keyed, "the digest has a key");
    }
}

async fn otp_12_once_a_minute_and_three_times_an_hour_is_sent(app: App) {
    registered(&app.services, "ann").await;
    for name in ["ann", "ann@example.org", "nobody", "nobody@example.org"] {
        request(&app, name).await.expect("the first");
        let again = refusal(request(&app, name).await);
        assert!(matches!(again, Refusal::TooManyRequests { .. }), "{name}: {again:?}");
    }
    app.run_jobs().await;
    assert_eq!(recovery_mails(&app), 1, "to one address under two names");
    for _ in 0..2 {
        app.advance(MINUTE);
        request(&app, "ann").await.expect("two more");
        app.run_jobs().await;
    }
    app.advance(MINUTE);
    assert!(request(&app, "ann").await.is_err(), "that was three in an hour");
    for _ in 0..30 {
        app.advance(20 * MINUTE);
        let _ = request(&app, "ann").await;
        let _ = request(&app, "ann@example.org").await;
        app.run_jobs().await;
    }
    assert_eq!(recovery_mails(&app), 10, "OTP-14: in ten hours, as in any day");
}

async fn otp_12_an_address_gets_three_an_hour_under_whatever_names(app: App) {
    let mut ann = crate::support::registration("ann");
    ann.identifiers.phone = Some("+15550100".to_owned());
    let stranger = app.stranger();
    operations::accounts::register(&app.services, &stranger, &ann).await.expect("an account");
    for _ in 0..3 {
        for name in ["ann", "ann@example.org"] {
            request(&app, name).await.expect("one answer under each name");
            app.run_jobs().await;
            app.advance(MINUTE);
        }
    }
    assert_eq!(recovery_mails(&app), 3);
}

/// Else whoever knows another name of the account would keep its owner out.
async fn otp_12_what_is_not_sent_leaves_the_code_good_that_was(app: App) {
    registered(&app.services, "ann").await;
    let code = recover(&app, "ann").await.code();
    request(&app, "ann@example.org").await.expect("one answer under each name");
    app.run_jobs().await;
    assert_eq!(recovery_mails(&app), 1, "not twice in a minute");
    try_code(&app, "ann", &code).await.expect("still good");
}

async fn rcv_01_no_quota_tells_that_two_names_are_one_account(app: App) {
    registered(&app.services, "ann").await;
    let mut right = String::new();
    for _ in 0..2 {
        right = recover(&app, "ann").await.code();
        for nth in 0..5 {
            let outcome = try_code(&app, "ann", &wrong(&right, nth)).await;
            assert_eq!(refusal(outcome), Refusal::CodeInvalid);
        }
        app.advance(MINUTE);
    }
    for nth in 0..10 {
        let outcome = try_code(&app, "nobody", &wrong(&right, nth)).await;
        assert_eq!(refusal(outcome), Refusal::CodeInvalid, "{nth}");
    }
    for name in ["ann", "nobody"] {
        let outcomes = [try_code(&app, name, &right).await, try_code(&app, name, &right).await];
        let [_, refused] = outcomes.map(refusal);
        assert!(matches!(refused, Refusal::TooManyRequests { .. }), "{name}: {refused:?}");
    }
    request(&app, "ann@example.org").await.expect("asked for under the other name");
    app.run_jobs().await;
    let code = app.mailbox.newest_to("ann@example.org").code();
    for name in ["ann@example.org", "nobody@example.org"] {
        for nth in 0..4 {
            let outcome = try_code(&app, name, &wrong(&code, nth)).await;
            assert_eq!(refusal(outcome), Refusal::CodeInvalid, "{name}: {nth}");
        }
    }
    let outcome = try_code(&app, "ann@example.org", &code).await;
    assert_eq!(refusal(outcome), Refusal::CodeInvalid, "no more guesses at the account");
}

async fn request(app: &App, name: &str) -> operations::Result<()> {
    let named = domain::Identifier::recognise(name);
    operations::recovery::request_recovery(&app.services, &app.stranger(), &named).await
}

fn recovery_mails(app: &App) -> usize {
    app.mailbox.mails().iter().filter(|mail| mail.subject.contains("get back")).count()
}

async fn codes_grow_when_they_are_guessed_at(app: App) {
    registered(&app.services, "ann").await;
    let mut lengths = Vec::new();
    for guesses in [3, 2, 0] {
        let code = recover(&app, "ann").await.find_code();
        lengths.push(code.as_ref().map(String::len));
        for nth in 0..guesses {
            let wrong = wrong(code.as_ref().expect("a code"), nth);
            assert!(try_code(&app, "ann", &wrong).await.is_err());
        }
        app.advance(HOUR);
    }
    // Five consecutive failures end the codes of a recovery that begins with four digits.
    assert_eq!(lengths, [Some(4), Some(6), None]);
    let mail = recover(&app, "ann").await;
    crate::support::try_link(&app, &mail.link_token()).await.expect("the owner");
    app.advance(HOUR);
    assert_eq!(recover(&app, "ann").await.code().len(), 4);
}

async fn otp_15_when_many_are_guessed_at_all_new_codes_are_long(app: App) {
    const VICTIMS: usize = 31;
    for nth in 0..=VICTIMS {
        registered(&app.services, &format!("user{nth}")).await;
    }
    for nth in 0..VICTIMS {
        let name = format!("user{nth}");
        let code = recover(&app, &name).await.code();
        assert_eq!(code.len(), 4, "{nth}");
        assert!(try_code(&app, &name, &wrong(&code, 0)).await.is_err());
    }
    let name = format!("user{VICTIMS}");
    assert_eq!(recover(&app, &name).await.code().len(), 8, "more than 30 recoveries a day");
    app.advance(Duration::from_hours(25));
    assert_eq!(recover(&app, &name).await.code().len(), 4, "after a quiet day");
}

/// Else whoever has codes mailed to everybody first guesses at all of them before one is replaced.
async fn otp_15_codes_from_before_the_brake_are_good_for_nobody(app: App) {
    const VICTIMS: usize = 32;
    let mut codes = Vec::new();
    for nth in 0..VICTIMS {
        registered(&app.services, &format!("user{nth}")).await;
        codes.push(recover(&app, &format!("user{nth}")).await.code());
    }
    for (nth, code) in codes.iter().enumerate().take(VICTIMS - 1) {
        assert!(try_code(&app, &format!("user{nth}"), &wrong(code, 0)).await.is_err());
    }
    let owner = format!("user{}", VICTIMS - 1);
    for _ in 0..3 {
        let refused = refusal(try_code(&app, &owner, codes.last().expect("the last")).await);
        assert_eq!(refused, Refusal::CodeInvalid);
    }
    app.advance(MINUTE);
    let code = recover(&app, &owner).await.code();
    assert_eq!(code.len(), 8, "and what was not compared counts against nobody");
    try_code(&app, &owner, &code).await.expect("the owner");
}

#[tokio::test]
async fn otp_01_codes_are_uniform_and_keep_their_zeros() {
    use domain::confirmation::code_of;
    let entropy = testkit::SeededEntropy::new(7);
    let mut digits = [[0_u32; 10]; 4];
    let mut seen = HashSet::new();
    for _ in 0..20_000 {
        let mut bytes = [0; 8];
        operations::ports::Entropy::fill(&entropy, &mut bytes);
        let code = code_of(4, u64::from_le_bytes(bytes)).expect("hardly ever drawn again");
        for (place, digit) in code.bytes().enumerate() {
            digits[place][usize::from(digit - b'0')] += 1;
        }
        seen.insert(code);
    }
    for counts in digits {
        let chi: f64 = counts.iter().map(|n| (f64::from(*n) - 2000.0).powi(2) / 2000.0).sum();
        assert!(chi < 27.88, "p > 0.001 with nine degrees of freedom: {chi}");
    }
    assert!(seen.len() > 8_000 && seen.iter().any(|code| code.starts_with('0')));
    assert!(code_of(4, u64::MAX).is_none(), "the few that would make some codes likelier");
}
