//! `[limits]`: whether rate limits hold (docs/REQUIREMENTS.md).

use super::reader::Reader;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitsMode {
    Enforce,
    /// Counted and logged, never refused.
    Observe,
    /// Not even counted. Attempts per code and caps of accounts hold all the same.
    Off,
}

#[derive(Clone, Debug)]
pub struct Limits {
    pub mode: LimitsMode,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let modes = [
            ("enforce", LimitsMode::Enforce),
            ("observe", LimitsMode::Observe),
            ("off", LimitsMode::Off),
        ];
        let limits = Self { mode: reader.choice("limits.mode", &modes) };
        if reader.is_production() && limits.mode != LimitsMode::Enforce {
            reader.warn("limits.mode", "nobody is slowed down who guesses passwords");
        }
        limits
    }
}
