//! The dashboard, asked panel by panel.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::prometheus::Prometheus;
use super::{DASHBOARD, Used, eventually, names, rare, read};

/// Two samples of everything come within seconds, also on a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(2);
/// What nobody sees while all is well.
const FAILURES: &str = "status=~\"5..\"";

/// Alerts on how fast the machine is: one that is busy with other tests may be slow for seconds, but not for
/// the minutes after which they fire.
const SPEED: &str = "VestibuleSlow|VestibuleDatabaseWaits";

/// A panel and one of its queries, as Grafana would send it.
#[derive(Debug)]
struct Query {
    panel: String,
    text: String,
}

fn dashboard() -> Value {
    serde_json::from_str(&read(DASHBOARD)).expect("JSON")
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn queries() -> Vec<Query> {
    let dashboard = dashboard();
    let of_panels = list(&dashboard, "panels").iter().flat_map(|panel| {
        list(panel, "targets").iter().map(|target| (&panel["title"], &target["expr"]))
    });
    let of_marks =
        list(&dashboard["annotations"], "list").iter().map(|one| (&one["name"], &one["expr"]));
    let filled = |text: &str| {
        let text = text.replace("$__rate_interval", "30s");
        text.replace("$instance", ".*").replace("$surface", ".*")
    };
    of_panels
        .chain(of_marks)
        .map(|(panel, text)| Query {
            panel: panel.as_str().unwrap_or_default().to_owned(),
            text: filled(text.as_str().expect("a query")),
        })
        .collect()
}

#[test]
fn prometheus_answers_every_query_of_the_dashboard() {
    let used = Used::start();
    let prometheus = Prometheus::start(used.running.address);
    let rare = rare();
    let may_be_empty = |query: &Query| {
        let named = names::metrics(&query.text);
        query.panel == "Starts"
            || query.text.starts_with("topk") && query.text.contains(FAILURES)
            // What names none of ours, as `up`, has an answer always.
            || !named.is_empty() && named.is_subset(&rare)
    };
    let mut open = queries();
    assert!(open.len() > 70, "{}", open.len());
    let late = Instant::now() + PATIENCE;
    while !open.is_empty() {
        assert!(Instant::now() < late, "without data: {open:#?}");
        used.use_it();
        thread::sleep(Duration::from_millis(500));
        open.retain(|query| {
            let series = prometheus.query(&query.text);
            let series = series.unwrap_or_else(|error| panic!("{query:?}: {error}"));
            series.is_empty() && !may_be_empty(query)
        });
    }
    for group in list(&prometheus.ask("/api/v1/rules")["data"], "groups") {
        for rule in list(group, "rules") {
            assert!(rule["health"] == "ok" && rule["lastError"].is_null(), "{rule:#}");
        }
    }
    // Most wait for minutes before they fire, and what waits on would wake somebody. Gauges of tables are looked
    // at when a process starts, before anybody leads, and then every fifteen seconds.
    let waiting = format!("ALERTS{{alertname!~\"{SPEED}\"}}");
    eventually("peace", || prometheus.query(&waiting).ok().filter(Vec::is_empty));
    let alarms = prometheus.query("ALERTS{alertstate=\"firing\"}");
    assert_eq!(alarms, Ok(Vec::new()), "a service that is well wakes nobody");
    used.running.stop();
}

#[test]
fn the_dashboard_is_one_that_grafana_can_provision() {
    let dashboard = dashboard();
    assert!(dashboard["schemaVersion"].as_u64() >= Some(38), "Grafana 10");
    assert!(dashboard["id"].is_null(), "the number is given by who provisions it");
    assert_eq!(dashboard["uid"], "vestibule");
    let variables = list(&dashboard["templating"], "list");
    let kinds: Vec<_> =
        variables.iter().map(|one| (one["name"].as_str(), one["type"].as_str())).collect();
    assert_eq!(kinds[0], (Some("datasource"), Some("datasource")));
    let (mut ids, mut places) = (BTreeSet::new(), BTreeSet::new());
    for panel in list(&dashboard, "panels") {
        let title = &panel["title"];
        assert!(ids.insert(panel["id"].as_u64()), "{title}: an id is used twice");
        let place = &panel["gridPos"];
        assert!(
            places.insert((place["y"].as_u64(), place["x"].as_u64())),
            "{title} covers another"
        );
        assert!(
            place["x"].as_u64().zip(place["w"].as_u64()).is_some_and(|(x, w)| x + w <= 24),
            "{title}"
        );
        if panel["type"] == "row" {
            continue;
        }
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        assert!(!list(panel, "targets").is_empty(), "{title}");
        for target in list(panel, "targets") {
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}");
        }
    }
}
