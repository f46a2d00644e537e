//! What instances count.

use super::Fleet;
use crate::process::program::Running;

impl Running {
    /// The sum of the series with this name and, where there is one, this label.
    pub(super) fn counted(&self, name: &str, label: &str) -> u64 {
        let metrics = self.get("/metrics", None).expect(200).body;
        let of_series = |line: &str| {
            let (series, value) = line.rsplit_once(' ')?;
            let is_meant = series.split('{').next() == Some(name) && series.contains(label);
            is_meant.then(|| value.parse::<u64>().expect("a whole number"))
        };
        metrics.lines().filter_map(of_series).sum()
    }

    /// How many requests were answered from memory.
    pub(super) fn answered_from_memory(&self) -> u64 {
        self.counted("vestibule_authentications_total", "answered_by=\"cache\"")
    }
}

impl Fleet {
    /// Over all instances.
    pub(super) fn counted(&self, name: &str, label: &str) -> u64 {
        self.instances.iter().map(|instance| instance.counted(name, label)).sum()
    }
}
