//! What `/metrics` says of how things are.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::Timestamp;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use operations::limits::watch_store;
use operations::tokens::{Begin, reload_keys, rotate_keys};
use operations::{Gauges, keep_gauges, tell_present};
use testkit::{App, Backend, on_every_backend};
use tokio::time::timeout;

use crate::support::DAY;

on_every_backend!(App::on => a_key_that_nobody_makes_in_time_is_told);

/// Of this test alone: the one of the process hears of all.
fn recorder() -> PrometheusRecorder {
    PrometheusBuilder::new().build_recorder()
}

fn has(recorder: &PrometheusRecorder, line: &str) {
    let text = recorder.handle().render();
    assert!(text.lines().any(|found| found == line), "no {line} in {text}");
}

/// 90 days of life, the last of which the next one is published.
async fn a_key_that_nobody_makes_in_time_is_told(app: App) {
    let recorder = recorder();
    let _heard = metrics::set_default_local_recorder(&recorder);
    let mut gauges = Gauges::default();
    app.advance(88 * DAY);
    gauges.observe(&app.services).await;
    has(&recorder, "vestibule_signing_key_overdue_seconds 0");
    app.advance(2 * DAY);
    gauges.observe(&app.services).await;
    has(&recorder, "vestibule_signing_key_overdue_seconds 86400");
    let operator = app.services.operator();
    rotate_keys(&app.services, &operator, Begin::WhenKnown).await.expect("another key");
    gauges.observe(&app.services).await;
    has(&recorder, "vestibule_signing_key_overdue_seconds 0");
    let keys = |state, count| {
        format!("vestibule_signing_keys{{purpose=\"access_token\",state=\"{state}\"}} {count}")
    };
    has(&recorder, &keys("signing", 1));
    has(&recorder, &keys("next", 1));
    has(&recorder, &keys("retired", 0));
    reload_keys(&app.services).await.expect("read again");
    let read_at = app.now().as_seconds();
    has(&recorder, &format!("vestibule_signing_keys_read_timestamp_seconds {read_at}"));
}

/// What was read last is told for ever: alerts must see how old it is.
#[tokio::test]
async fn gauges_that_cannot_be_read_tell_since_when() {
    let app = App::on(Backend::Sqlite).await;
    let recorder = recorder();
    let _heard = metrics::set_default_local_recorder(&recorder);
    let read_at = |at: Timestamp| {
        let line = format!("vestibule_gauges_read_timestamp_seconds {}", at.as_seconds());
        has(&recorder, &line);
    };
    keep_gauges(&app.services, std::future::ready(())).await;
    let last_read = app.now();
    read_at(last_read);
    app.advance(DAY);
    app.services.stop().await;
    Gauges::default().observe(&app.services).await;
    read_at(last_read);
    // Where it never could be read it was read at the beginning of time.
    keep_gauges(&app.services, std::future::ready(())).await;
    read_at(Timestamp::from_seconds(0));
}

#[tokio::test]
async fn what_a_process_holds_is_told_without_asking_anybody() {
    let app = App::on(Backend::Sqlite).await;
    app.services.stop().await;
    let recorder = recorder();
    let _heard = metrics::set_default_local_recorder(&recorder);
    tell_present(&app.services);
    has(&recorder, "vestibule_database_connections{pool=\"writer\",state=\"used\"} 0");
    has(&recorder, "vestibule_database_connections_max{pool=\"writer\"} 1");
    // Nobody counts limits where nothing is served.
    assert!(!recorder.handle().render().contains("vestibule_limits_store_up"));
    watch_store(&app.services, std::future::ready(())).await;
    has(&recorder, "vestibule_limits_store_up 1");
    // Nobody follows the log here.
    has(&recorder, "vestibule_cache_trusted 0");
    has(&recorder, "vestibule_cache_entries{cache=\"sessions\"} 0");
}

/// While the database hangs, clients give up before it does.
#[tokio::test]
async fn a_wait_for_a_connection_counts_also_when_it_is_given_up() {
    let app = App::on(Backend::Sqlite).await;
    let taken = app.database.store.write().await.expect("the only one that writes");
    let recorder = recorder();
    let _heard = metrics::set_default_local_recorder(&recorder);
    let waiting = app.database.store.write();
    assert!(timeout(Duration::from_millis(50), waiting).await.is_err(), "it is taken");
    has(&recorder, "vestibule_database_acquire_seconds_count{pool=\"writer\"} 1");
    drop(taken);
    let store = app.database.connect_again().await;
    store.read().await.expect("a connection");
    for pool in ["readers", "writer"] {
        let line = format!("vestibule_database_acquire_timeouts_total{{pool=\"{pool}\"}} 0");
        has(&recorder, &line);
    }
}

/// A first event that is an alarm must be seen to be one.
#[test]
fn counters_begin_at_zero() {
    let recorder = recorder();
    metrics::with_local_recorder(&recorder, operations::begin_counting);
    for name in [
        "vestibule_hash_shed_total",
        "vestibule_limits_degraded_total",
        "vestibule_login_failure_alarms_total",
        "vestibule_code_brakes_total",
        "vestibule_limits_refused_total{limit=\"register_all\"}",
        "vestibule_limits_refused_total{limit=\"account\"}",
        "vestibule_password_proofs_total{result=\"wrong\"}",
    ] {
        has(&recorder, &format!("{name} 0"));
    }
}
