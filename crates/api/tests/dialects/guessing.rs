//! Many short codes are guessed at from many addresses (security.md §4.2): what is admitted, what it
//! hits, and whether the owners still get in. `VESTIBULE_TEST_ACCOUNTS=10000` is the attack of that
//! section; without it there are fewer accounts, and the same budgets.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{App, Backend, Mail, on_every_backend};

use super::mailed_codes::{register, sign_in};
use super::one_account::PASSWORD;

on_every_backend!(guarded =>
    otp_05_recoveries_are_guessed_at_within_the_budget_and_owners_get_back,
    otp_05_sign_ins_are_guessed_at_within_the_budget_and_owners_get_in,
    otp_05_registrations_are_guessed_at_within_the_budget_and_owners_register,
);

const ACCOUNTS: usize = 80;
const ACCOUNTS_VARIABLE: &str = "VESTIBULE_TEST_ACCOUNTS";
const ADDRESSES: usize = 1_000;
/// As often the attacker has new codes mailed to everybody.
const ROUNDS: usize = 3;
/// Wrong at recovery in a day, at anything in a minute, and the one that is too many.
const RECOVERIES: u64 = 30 + 1;
const A_MINUTE: u64 = 50 + 1;
const HOUR: Duration = Duration::from_hours(1);

/// Where the codes of one purpose are asked for and shown.
struct Door {
    purpose: &'static str,
    path: &'static str,
    confirm: &'static str,
    request: fn(&str) -> Value,
}

struct Outcome {
    /// Short codes that were compared with a guess.
    admitted: u64,
    hits: u64,
}

/// With the limits that a deployment has unless it sets others.
async fn guarded(backend: Backend) -> App {
    let limits = [
        ("VESTIBULE_LIMITS__LOGIN", "30/min"),
        ("VESTIBULE_LIMITS__LOGIN_FAILURES", "10/min, 100/h"),
        ("VESTIBULE_LIMITS__SEND_CODE", "20/h"),
        ("VESTIBULE_LIMITS__RECOVER", "10/h"),
        ("VESTIBULE_LIMITS__CODE_FAILURES", "20/h"),
    ];
    App::with(&limits).start(backend).await
}

fn accounts() -> usize {
    let told = std::env::var_os(ACCOUNTS_VARIABLE);
    told.map_or(ACCOUNTS, |told| {
        told.to_str().and_then(|told| told.parse().ok()).expect("a number")
    })
}

fn name(nth: usize) -> String {
    format!("Smith_{nth:05}")
}

fn email(nth: usize) -> String {
    format!("smith_{nth:05}@example.org")
}

/// One of a thousand, each in a network of its own.
fn address(nth: usize) -> IpAddr {
    let nth = nth % ADDRESSES;
    let part =
        |number: usize| u8::try_from(number).expect("less than a thousand in four times 250");
    Ipv4Addr::new(198, 18 + part(nth / 250), part(nth % 250), 1).into()
}

/// Has codes mailed to everybody before the first guess, so that no brake comes before them; guesses
/// three times at each, has new ones mailed, and so on.
async fn attack(app: &App, door: &Door) -> Outcome {
    let (mut hits, mut from) = (0, 0);
    for round in 0..ROUNDS {
        let mut keys = Vec::new();
        for nth in 0..accounts() {
            from += 1;
            let asked = app.post(door.path, &(door.request)(&name(nth))).from(address(from));
            let reply = asked.send().await;
            assert!(reply.status.as_u16() < 500, "{}", reply.text);
            keys.extend(reply.header("x-session-key").map(ToOwned::to_owned));
        }
        assert!(round > 0 || keys.len() == accounts(), "the attack does not begin");
        for (nth, key) in keys.iter().enumerate() {
            for guess in 0..3 {
                from += 1;
                let code = format!("{:04}", (nth * 31 + round * 7 + guess * 1013) % 10_000);
                let call = app.post(door.confirm, &json!({ "code": code }));
                let reply = call.header("x-session-key", key).from(address(from)).send().await;
                assert!(matches!(reply.status.as_u16(), 200 | 400 | 429), "{}", reply.text);
                hits += u64::from(reply.status == 200);
            }
        }
        app.advance(Duration::from_secs(61));
    }
    Outcome { admitted: admitted(app, door.purpose).await, hits }
}

async fn admitted(app: &App, purpose: &str) -> u64 {
    let dump = app.database.dump().await;
    let rows = dump.rows("code_guesses").iter().filter(|row| row.text("purpose") == purpose);
    let guesses = rows.map(|row| row.number("wrong_guesses") + row.number("right_guesses"));
    u64::try_from(guesses.sum::<i64>()).expect("a count")
}

/// So many hits, or fewer, come of chance alone in 99 of 100 attacks.
fn poisson_bound(expected: f64) -> u64 {
    let (mut hits, mut term) = (0_u32, (-expected).exp());
    let mut sum = term;
    while sum < 0.99 {
        hits += 1;
        term *= expected / f64::from(hits);
        sum += term;
    }
    u64::from(hits)
}

/// Within the budget, and no luckier than chance is within it.
fn judge(outcome: &Outcome, budget: u64) {
    let Outcome { admitted, hits } = *outcome;
    println!("{} accounts: {admitted} guesses admitted of {budget}, {hits} hits", accounts());
    assert!(admitted > 0 && admitted <= budget, "{admitted} guesses of {budget}");
    let bound = poisson_bound(f64::from(u32::try_from(budget).expect("few")) / 10_000.0);
    assert!(hits <= bound, "{hits} hits of {admitted} guesses");
}

async fn newest_mail(app: &App, to: &str, about: &str) -> Mail {
    app.run_jobs().await;
    let mut mails = app.mailbox.mails().into_iter().rev();
    mails.find(|mail| mail.to == to && mail.subject.contains(about)).expect("a mail")
}

/// Those whose codes were guessed at most, and one about whom nobody cared.
fn owners() -> [usize; 3] {
    [0, 1, accounts() - 1]
}

async fn otp_05_recoveries_are_guessed_at_within_the_budget_and_owners_get_back(app: App) {
    for nth in 0..accounts() {
        register_native(&app, nth).await;
    }
    let door = Door {
        purpose: "recovery",
        path: "/authorization/recover",
        confirm: "/authorization/recover/reset_code",
        request: |name| json!({ "user": format!("{}@example.org", name.to_lowercase()) }),
    };
    judge(&attack(&app, &door).await, RECOVERIES);
    app.advance(HOUR);
    for nth in owners() {
        get_back(&app, nth).await;
        sign_in(&app, &name(nth), "Another-Password1").await.expect(200);
    }
}

/// By the code, on this surface; to whom only the link is mailed, by the link.
async fn get_back(app: &App, nth: usize) {
    let to = email(nth);
    let begun = app.post("/authorization/recover", &json!({ "user": to })).send().await.expect(200);
    let key = begun.header("x-session-key").expect("a key").to_owned();
    let mail = newest_mail(app, &to, "вернуться").await;
    if let Some(code) = mail.find_code() {
        assert_eq!(code.len(), 8, "while the brake is on");
        let path = "/authorization/recover/reset_code";
        app.post(path, &json!({ "code": code }))
            .header("x-session-key", &key)
            .send()
            .await
            .expect(200);
        let password = "Another-Password1";
        let body = json!({ "password": password, "password_two": password });
        let path = "/authorization/recover/reset_code/change_password";
        app.post(path, &body).header("x-session-key", &key).send().await.expect(200);
        return;
    }
    let shown = json!({ "token": mail.link_token() });
    let ticket = app.post("/api/v1/auth/recover/verify", &shown).send().await.expect(200);
    let body = json!({
        "reset_ticket": ticket.text_at("/reset_ticket"), "password": "Another-Password1",
    });
    app.post("/api/v1/auth/recover/password", &body).send().await.expect(204);
}

async fn otp_05_sign_ins_are_guessed_at_within_the_budget_and_owners_get_in(app: App) {
    for nth in 0..accounts() {
        register_native(&app, nth).await;
    }
    let door = Door {
        purpose: "sign_in",
        path: "/authorization/",
        confirm: "/authorization/verification",
        request: |name| json!({ "login": name, "password": PASSWORD, "remember_me": false }),
    };
    judge(&attack(&app, &door).await, A_MINUTE);
    app.advance(HOUR);
    for nth in owners() {
        sign_in(&app, &name(nth), PASSWORD).await.expect(200);
    }
}

async fn otp_05_registrations_are_guessed_at_within_the_budget_and_owners_register(app: App) {
    let door = Door {
        purpose: "registration",
        path: "/registration/",
        confirm: "/registration/confirm",
        request: |name| {
            let email = format!("{}@example.org", name.to_lowercase());
            json!({ "login": format!("X{name}"), "email": email, "password": PASSWORD })
        },
    };
    judge(&attack(&app, &door).await, A_MINUTE);
    app.advance(HOUR);
    for nth in owners() {
        register(&app, &name(nth), &email(nth)).await;
    }
}

async fn register_native(app: &App, nth: usize) {
    let body = json!({ "username": name(nth), "email": email(nth), "password": PASSWORD });
    app.post("/api/v1/auth/register", &body).send().await.expect(201);
}

#[test]
fn the_bound_is_that_of_poisson() {
    assert_eq!([0.003, 0.1, 1.0, 4.0].map(poisson_bound), [0, 1, 4, 9]);
}
