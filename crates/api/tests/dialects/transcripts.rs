//! The exchanges in the documents of the dialects are carried out, on every backend.

use std::collections::BTreeSet;
use std::fs;

use testkit::Backend;

const DOCUMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/dialects");

macro_rules! dialects {
    ($($dialect:ident => $least:literal),+ $(,)?) => {
        const DIALECTS: &[&str] = &[$(stringify!($dialect)),+];

        $(mod $dialect {
            use std::path::Path;

            use super::{Backend, DOCUMENTS};

            async fn answers_as_documented(backend: Backend) {
                let folder = Path::new(DOCUMENTS).join(stringify!($dialect));
                let count = testkit::transcript::run(&folder, backend).await;
                assert!(count >= $least, "only {count} exchanges are left in the documents");
            }

            async fn on(backend: Backend) -> Backend {
                backend
            }

            testkit::on_every_backend!(on => answers_as_documented);
        })+
    };
}

dialects! {
    user_management => 250,
    jwt_accounts => 320,
    djoser => 600,
    mailed_codes => 100,
}

#[test]
fn every_folder_of_documents_is_carried_out() {
    let entries = fs::read_dir(DOCUMENTS).expect("the documents of the dialects");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let folders: BTreeSet<String> = paths
        .filter(|path| path.is_dir())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(folders, DIALECTS.iter().map(|name| (*name).to_owned()).collect());
}
