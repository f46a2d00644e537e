//! The SQL backends that a test run may be narrowed to.

use clap::ValueEnum;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
    Mysql,
}

impl Backend {
    pub(crate) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// The word for it in `--backend` and in `VESTIBULE_TEST_BACKENDS`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }
}

pub(crate) fn words(backends: &[Backend]) -> String {
    backends.iter().map(|backend| backend.word()).collect::<Vec<_>>().join(",")
}
