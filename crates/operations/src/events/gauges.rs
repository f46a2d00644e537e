//! How the log and those who are told of it are, for `/metrics`.

use std::collections::HashSet;

use super::standing::Standing;
use super::status::{SinkStatus, without_letters};
use crate::error::Result;
use crate::measures;
use crate::services::Services;

/// Every instance tells the same: it is the same table.
#[derive(Default)]
pub(crate) struct StreamGauges {
    /// Who was told of here. What is said once is said for good, so of who is gone something is said, too.
    names: HashSet<String>,
}

impl StreamGauges {
    #[expect(clippy::cast_precision_loss, reason = "nobody counts so many events")]
    pub(crate) async fn observe(&mut self, services: &Services) -> Result<()> {
        let status = without_letters(services, &mut services.store.read().await?).await?;
        metrics::gauge!(measures::EVENTS_LED).set(f64::from(u8::from(status.is_led)));
        metrics::gauge!(measures::EVENTS_UNNUMBERED).set(status.unnumbered as f64);
        let mut gone = std::mem::take(&mut self.names);
        for sink in status.sinks {
            gone.remove(&sink.name);
            tell(&sink.name, &Told::of(&sink));
            self.names.insert(sink.name);
        }
        for name in gone {
            tell(&name, &Told::NOTHING);
        }
        Ok(())
    }
}

/// Of one stream.
struct Told {
    lag: i64,
    late: f64,
    is_taken: bool,
    is_paused: bool,
    dead_letters: i64,
}

impl Told {
    /// Nobody is to be woken for it.
    const NOTHING: Self =
        Self { lag: 0, late: 0.0, is_taken: true, is_paused: false, dead_letters: 0 };

    fn of(sink: &SinkStatus) -> Self {
        match sink.standing {
            Standing::Active => Self {
                lag: sink.lag,
                late: sink.waits.map_or(0.0, |waits| waits.as_secs_f64()),
                is_taken: sink.failing.is_none(),
                is_paused: false,
                dead_letters: sink.dead_letters,
            },
            Standing::Paused { .. } => Self { is_paused: true, ..Self::NOTHING },
            Standing::Unset => Self::NOTHING,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts so many events")]
fn tell(name: &str, told: &Told) {
    let gauge = |name: &'static str, sink: &str| metrics::gauge!(name, "sink" => sink.to_owned());
    gauge(measures::EVENTS_LAG, name).set(told.lag as f64);
    gauge(measures::EVENTS_LATE_SECONDS, name).set(told.late);
    gauge(measures::EVENTS_TAKEN, name).set(f64::from(u8::from(told.is_taken)));
    gauge(measures::EVENTS_PAUSED, name).set(f64::from(u8::from(told.is_paused)));
    gauge(measures::EVENTS_DEAD_LETTERS, name).set(told.dead_letters as f64);
}
