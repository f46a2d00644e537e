//! Servers that do not take a mail: not yet, never, or not from us.

use std::time::Duration;

use testkit::{SmtpMode, SmtpServer};

use super::{LATER, app_with, fate, mail_jobs, promise_mail};

/// For those who never answer.
const IMPATIENT: [(&str, &str); 1] = [("VESTIBULE_MAIL__TIMEOUT", "400ms")];

#[tokio::test]
async fn r_15_a_greylisted_mail_is_delivered_once() {
    let server = SmtpServer::start();
    server.mode(SmtpMode::Greylist { times: 2 });
    let app = app_with(&server, &[]).await;
    promise_mail(&app, "ann").await;
    for _ in 0..2 {
        app.run_jobs().await;
        let (state, reason) = fate(&app).await;
        assert_eq!(state, "ready");
        assert!(reason.contains("451") && reason.contains("greylisted"), "{reason}");
        assert!(!reason.contains("ann"), "LIF-06: {reason}");
        app.advance(LATER);
    }
    app.run_jobs().await;
    app.advance(LATER);
    app.run_jobs().await;
    assert_eq!(server.mails().len(), 1);
    assert_eq!(server.connections(), 1, "who is put off need not be left");
}

#[tokio::test]
async fn what_is_refused_about_a_mail_is_parked() {
    for (mode, words) in [
        (SmtpMode::Refuse, "answered 550 to the recipient: 5.1.1 <…>: no such user here"),
        (SmtpMode::RefuseContent, "answered 554 to the mail: 5.6.0 we do not like what it says"),
    ] {
        let server = SmtpServer::start();
        server.mode(mode);
        let app = app_with(&server, &[]).await;
        promise_mail(&app, "ann").await;
        app.run_jobs().await;
        let (state, reason) = fate(&app).await;
        assert_eq!(state, "parked", "{reason}");
        assert!(reason.contains(words), "{reason}");
        assert!(!reason.contains("ann"), "LIF-06: {reason}");
        server.mode(SmtpMode::Accept);
        promise_mail(&app, "bob").await;
        app.run_jobs().await;
        assert_eq!(server.mails().len(), 1, "the next one is none the worse");
        assert_eq!(server.connections(), 1);
    }
}

/// What the operator can mend costs nobody his mail.
#[tokio::test]
async fn what_is_refused_about_us_is_tried_again() {
    for (mode, words) in [
        (SmtpMode::RefuseSender, "answered 550 to the sender: 5.7.1 you may not send"),
        (SmtpMode::RefuseRelay, "answered 554 to the recipient: 5.7.1 <…>: Relay access denied"),
        (SmtpMode::Busy, "answered 421 to our greeting: 4.3.2 too busy for you"),
    ] {
        let server = SmtpServer::start();
        server.mode(mode);
        let app = app_with(&server, &[]).await;
        promise_mail(&app, "ann").await;
        app.run_jobs().await;
        let (state, reason) = fate(&app).await;
        assert_eq!(state, "ready", "{reason}");
        assert!(reason.contains(words), "{reason}");
        server.mode(SmtpMode::Accept);
        app.advance(LATER);
        app.run_jobs().await;
        assert_eq!(server.mails().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_becomes_busy_is_left() {
    let server = SmtpServer::start();
    let app = app_with(&server, &[]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    server.mode(SmtpMode::Busy);
    promise_mail(&app, "bob").await;
    app.run_jobs().await;
    server.mode(SmtpMode::Accept);
    app.advance(LATER);
    app.run_jobs().await;
    assert_eq!(server.mails().len(), 2);
}

/// That `run_jobs` comes back is what is shown: each would otherwise wait for ever.
#[tokio::test]
async fn r_15_silence_and_slowness_end() {
    let slow = SmtpMode::Slow { pause: Duration::from_millis(100) };
    for mode in [SmtpMode::Hang, slow] {
        for has_rested in [false, true] {
            let server = SmtpServer::start();
            let app = app_with(&server, &IMPATIENT).await;
            if has_rested {
                promise_mail(&app, "bob").await;
                app.run_jobs().await;
            }
            let before = server.mails().len();
            server.mode(mode);
            promise_mail(&app, "ann").await;
            app.run_jobs().await;
            let jobs = mail_jobs(&app).await;
            let waits = jobs.iter().find(|job| job.text("state") == "ready").expect("it waits");
            assert!(waits.text("last_error").contains("silent or too slow"), "{mode:?}");
            assert_eq!(server.mails().len(), before);
            server.mode(SmtpMode::Accept);
            app.advance(LATER);
            app.run_jobs().await;
            assert_eq!(server.mails().len(), before + 1);
        }
    }
}

/// Whether the mail arrived cannot be known: it comes again, and can be known as the same.
#[tokio::test]
async fn r_08_a_lost_answer_makes_two_copies_of_one_message_at_most() {
    let server = SmtpServer::start();
    server.mode(SmtpMode::Drop);
    let app = app_with(&server, &[]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!((state.as_str(), server.mails().len()), ("ready", 1), "{reason}");
    assert!(reason.contains("hung up"), "{reason}");
    server.mode(SmtpMode::Accept);
    for _ in 0..3 {
        app.advance(LATER);
        app.run_jobs().await;
    }
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    let id = |index: usize| {
        let source: &str = &mails[index].mail.source;
        source.lines().find(|line| line.starts_with("Message-ID: ")).expect("an id").to_owned()
    };
    assert_eq!(id(0), id(1));
}

#[tokio::test]
async fn r_15_a_mail_waits_for_a_server_that_is_away() {
    let server = SmtpServer::start();
    let app = app_with(&server, &[]).await;
    server.stop();
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!(state, "ready");
    assert!(reason.contains("takes no connections"), "{reason}");
    server.start_again();
    app.advance(LATER);
    app.run_jobs().await;
    assert_eq!(server.mails().len(), 1);
    assert_eq!(fate(&app).await.0, "done");
}
