//! Serve until asked to stop, then stop without dropping anybody.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use api::Draining;
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use operations::cache::{follow, spread};
use operations::events::{LeaderSettings, lead};
use operations::jobs::{LAST_WORDS, work};
use operations::limits::watch_store;
use operations::passwords::keep_failures_told;
use operations::sessions::keep_last_seen;
use operations::tokens::keep_keys;
use operations::{Services, keep_gauges};
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::assemble::{World, api_settings, services, store};
use crate::commands::take_commands;
use crate::config::{Http, Settings};
use crate::listener::{Certificate, Drained, ListenerSettings, keep_certificate, serve as listen};
use crate::signals::Signals;
use crate::{first_admin, mailbox, setup_token, telemetry, usage, welcome};

const PATIENCE: Duration = Duration::from_secs(2);

/// The server, with the worker inside unless told otherwise.
pub(crate) async fn serve(settings: &Settings) -> Result<()> {
    let mut signals = Signals::listen()?;
    let metrics = telemetry::metrics()?;
    // Whoever cannot serve has touched no database. The port is another matter: who connects while we wait
    // for the database should hear at once that nobody is there.
    let certificate = settings.http.certificate.clone().map(Certificate::load).transpose()?;
    let tls = certificate.as_ref().map(Certificate::server_config).transpose()?;
    let Some(services) = start_unless_stopped(settings, &mut signals).await? else {
        return Ok(());
    };
    let listener = or_let_go(bind(settings.http.listen).await, &services).await?;
    let draining = Draining::default();
    let routers = api::routers(api::Parts {
        services: Arc::clone(&services),
        settings: api_settings(settings),
        metrics: metrics.clone(),
        draining: draining.clone(),
        extra: mailbox::router(settings),
        is_apart: settings.http.admin_listen.is_some(),
    });
    let routers = or_let_go(routers, &services).await?;
    let inside = listen_inside(settings.http.admin_listen, routers.inside).await;
    let inside = or_let_go(inside, &services).await?;
    setup_token::offer_unless_settled(settings, &services).await;
    welcome::greet(settings, &services).await;

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    tasks.spawn(tend(metrics, stop.clone()));
    tasks.spawn(keep_up(Arc::clone(&services), stop.clone()));
    if let Some((listener, router)) = inside {
        tasks.spawn(listen(listener, router, few(&settings.http), stop.clone()));
    }
    if let Some(certificate) = certificate {
        let (stopped, url) = (stop.clone(), settings.http.public_url.clone());
        tasks.spawn(async move { keep_certificate(certificate, &url, stopped.cancelled()).await });
    }
    if settings.jobs.worker {
        let worker = run_worker(Arc::clone(&services), settings, stop.clone());
        tasks.spawn(worker);
        let (kafka, commanded) = (settings.kafka.clone(), Arc::clone(&services));
        let stopped = stop.clone();
        tasks.spawn(async move { take_commands(&kafka, &commanded, stopped).await });
    }
    let drained = tokio::select! {
        drained = listen(listener, routers.public, listener_settings(&settings.http, tls), stop.clone()) => {
            Some(drained)
        }
        () = stop_when_asked(&mut signals, &draining, settings.http.shutdown_grace, &stop) => None,
    };
    stop.cancel();
    finish(&tasks, &services).await;
    match drained {
        Some(Drained::Fully) => tracing::info!("stopped"),
        Some(Drained::Cut(connections)) => {
            tracing::warn!(connections, "stopped; some were cut off");
        }
        None => tracing::warn!("asked twice; stopped at once"),
    }
    Ok(())
}

/// Resolves when asked a second time.
async fn stop_when_asked(
    signals: &mut Signals,
    draining: &Draining,
    grace: Duration,
    stop: &CancellationToken,
) {
    signals.stop_asked().await;
    tracing::info!("stopping");
    // Load balancers see us unready and turn away while we still take what they send.
    draining.begin();
    if tokio::time::timeout(grace, signals.stop_asked()).await.is_ok() {
        return;
    }
    stop.cancel();
    signals.stop_asked().await;
}

/// The worker alone.
pub(crate) async fn worker(settings: &Settings) -> Result<()> {
    let mut signals = Signals::listen()?;
    let metrics = telemetry::metrics()?;
    let Some(services) = start_unless_stopped(settings, &mut signals).await? else {
        return Ok(());
    };
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    tasks.spawn(tend(metrics.clone(), stop.clone()));
    if let Some(address) = settings.jobs.listen {
        let api = api_settings(settings);
        let draining = Draining::default();
        let router = api::health_router(Arc::clone(&services), api, metrics, draining);
        let listener = or_let_go(bind(address).await, &services).await?;
        tasks.spawn(listen(listener, router, few(&settings.http), stop.clone()));
    }
    tracing::info!("working");
    let worker = run_worker(Arc::clone(&services), settings, stop.clone());
    let asked = async {
        signals.stop_asked().await;
        stop.cancel();
    };
    let commands = take_commands(&settings.kafka, &services, stop.clone());
    Box::pin(async { tokio::join!(worker, commands, asked) }).await;
    finish(&tasks, &services).await;
    tracing::info!("stopped");
    Ok(())
}

/// Where documents and measurements are apart.
async fn listen_inside(
    address: Option<SocketAddr>,
    router: Option<Router>,
) -> Result<Option<(TcpListener, Router)>> {
    match address.zip(router) {
        Some((address, router)) => Ok(Some((bind(address).await?, router))),
        None => Ok(None),
    }
}

/// For those who look after us: nobody waits for them at the end.
fn few(http: &Http) -> ListenerSettings {
    let max_connections = http.max_connections;
    ListenerSettings { max_connections, drain: Duration::ZERO, ..ListenerSettings::default() }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// A start that fails lets go of its database, too.
async fn or_let_go<T, E>(prepared: Result<T, E>, services: &Services) -> Result<T, E> {
    if prepared.is_err() {
        let_go(services).await;
    }
    prepared
}

/// None when somebody asked to stop before there was anything to stop.
async fn start_unless_stopped(
    settings: &Settings,
    signals: &mut Signals,
) -> Result<Option<Arc<Services>>> {
    tokio::select! {
        started = start(settings) => started.map(Some),
        () = signals.stop_asked() => {
            tracing::info!("stopped before it had started");
            Ok(None)
        }
    }
}

/// The services with their schema and their first administrator.
async fn start(settings: &Settings) -> Result<Arc<Services>> {
    let store = store(&settings.database).await?;
    if settings.database.migrate_at_start {
        store.migrate().await.map_err(|error| anyhow::anyhow!(error.chain()))?;
    } else if !store.pending_migrations().await?.is_empty() {
        anyhow::bail!("the schema is not up to date: run `vestibule migrate` first");
    }
    let services = services(settings, store, World::system()).await?;
    first_admin::from_settings(&settings.admin, &services).await;
    Ok(services)
}

/// Measurements pile up until somebody scrapes them; this keeps what is kept small. And looks at what the
/// process takes of the machine.
async fn tend(metrics: PrometheusHandle, stop: CancellationToken) {
    const EVERY: Duration = Duration::from_secs(5);
    usage::tell();
    while tokio::time::timeout(EVERY, stop.cancelled()).await.is_err() {
        metrics.run_upkeep();
        usage::tell();
    }
}

/// What an instance that serves does beside, to know what others know.
async fn keep_up(services: Arc<Services>, stop: CancellationToken) {
    tokio::join!(
        follow(&services, stop.cancelled()),
        spread(&services, stop.cancelled()),
        keep_keys(&services, stop.cancelled()),
        keep_last_seen(&services, stop.cancelled()),
        keep_failures_told(&services, stop.cancelled()),
        keep_gauges(&services, stop.cancelled()),
        watch_store(&services, stop.cancelled()),
    );
}

fn run_worker(
    services: Arc<Services>,
    settings: &Settings,
    stop: CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let worker = settings.jobs.settings.clone();
    let leader =
        LeaderSettings { lease: settings.events.lease, poll_interval: worker.poll_interval };
    async move {
        tokio::join!(
            work(&services, &worker, stop.cancelled()),
            lead(&services, &leader, stop.cancelled()),
        );
    }
}

/// Whatever still runs in the background is waited for, but not for ever.
async fn finish(tasks: &TaskTracker, services: &Services) {
    // A job at hand has its last words, and is then handed back.
    const FOR_JOBS: Duration = LAST_WORDS.saturating_add(PATIENCE);
    tasks.close();
    let _ = tokio::time::timeout(FOR_JOBS, tasks.wait()).await;
    let_go(services).await;
}

async fn let_go(services: &Services) {
    // A database that hangs must not keep us: what was promised is in it, or was not promised.
    if tokio::time::timeout(PATIENCE, services.stop()).await.is_err() {
        tracing::warn!("the database does not let go of its connections");
    }
}

fn listener_settings(http: &Http, tls: Option<Arc<ServerConfig>>) -> ListenerSettings {
    // Behind a proxy every connection comes from the same address.
    let per_address = if http.trusted_proxies.is_empty() {
        http.max_connections_per_address
    } else {
        http.max_connections
    };
    ListenerSettings {
        tls,
        is_https: http.public_url.scheme() == "https",
        first_byte_timeout: http.first_byte_timeout,
        header_timeout: http.header_timeout,
        keep_alive: http.keep_alive,
        max_connections: http.max_connections,
        max_connections_per_address: per_address,
        drain: http.drain_timeout.saturating_sub(http.shutdown_grace),
        ..ListenerSettings::default()
    }
}
