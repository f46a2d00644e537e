//! The exchanges in the documents of the dialects are carried out, on every backend.

use testkit::Backend;

macro_rules! pages {
    ($($page:ident => $least:literal),+ $(,)?) => {$(
        mod $page {
            use super::Backend;

            const PAGE: &str =
                include_str!(concat!("../../../../docs/dialects/", stringify!($page), ".md"));

            async fn answers_as_documented(backend: Backend) {
                let count = testkit::transcript::run(PAGE, backend).await;
                assert!(count >= $least, "only {count} exchanges are left in the document");
            }

            async fn on(backend: Backend) -> Backend {
                backend
            }

            testkit::on_every_backend!(on => answers_as_documented);
        }
    )+};
}

pages! {
    user_management => 245,
    jwt_accounts => 315,
    djoser => 495,
}
