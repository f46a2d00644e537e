//! Is the certificate one, and the key its own?

use super::finding::Finding;
use crate::config::Http;
use crate::listener::Certificate;

const CHECK: &str = "tls";

/// Nothing where a proxy speaks TLS.
pub(super) fn check(http: &Http) -> Option<Finding> {
    let files = http.certificate.clone()?;
    let shown = files.certificate.display().to_string();
    Some(match Certificate::load(files) {
        Ok(_) => Finding::ok(CHECK, format!("{shown} and its key fit")),
        Err(error) => Finding::problem(
            CHECK,
            format!("{error:#}"),
            "set http.tls_certificate_file and http.tls_key_file to files of one certificate that this \
             user may read",
        ),
    })
}
