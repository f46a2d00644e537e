//! One case, every backend.

/// Makes each named case a test on SQLite, PostgreSQL and MySQL: `sqlite::case`, `postgres::case`,
/// `mysql::case`. `$stage` is an async function from [`Backend`](crate::Backend) to the stage that
/// each case is given.
///
/// ```ignore
/// on_every_backend!(Database::fresh => a_case, another_case);
/// ```
#[macro_export]
macro_rules! on_every_backend {
    ($stage:expr => $($case:ident),+ $(,)?) => {
        mod sqlite {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($stage($crate::Backend::Sqlite).await).await;
            })+
        }
        mod postgres {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($stage($crate::Backend::Postgres).await).await;
            })+
        }
        mod mysql {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($stage($crate::Backend::MySql).await).await;
            })+
        }
    };
}
