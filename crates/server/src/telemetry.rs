//! Where logs and metrics go.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::measures;
use crate::usage;

/// Seconds, from a cached read to a request that is given up, with its body.
const BUCKETS: [f64; 15] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Written from a thread of its own: a reader that is slow or gone costs lines, not requests.
/// What is left is written when the guard is dropped.
pub(crate) fn log(settings: &Log) -> Result<WorkerGuard> {
    let filter = EnvFilter::try_new(&settings.level).context("log.level is not a filter")?;
    let (writer, guard) = tracing_appender::non_blocking(std::io::stderr());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .log_internal_errors(false);
    let is_terminal = std::io::stderr().is_terminal();
    let as_text = match settings.format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => is_terminal,
    };
    let set = if as_text {
        builder.with_ansi(is_terminal).try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).try_init()
    };
    set.map_err(|error| anyhow::anyhow!("the log cannot be set up: {error}"))?;
    Ok(guard)
}

/// For commands that people wait for: only what is wrong, on standard error.
pub(crate) fn log_warnings() -> Result<()> {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init()
        .map_err(|error| anyhow::anyhow!("the log cannot be set up: {error}"))
}

/// The recorder behind `/metrics`.
pub(crate) fn metrics() -> Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
        .context("the buckets of histograms")?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("metrics are set up twice")?;
    metrics::gauge!(measures::BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    storage::describe_metrics();
    operations::describe_metrics();
    api::describe_metrics();
    measures::describe();
    usage::begin();
    operations::begin_counting();
    Ok(handle)
}
