//! Is the certificate one, is the key its own, and do clients take it?

use super::finding::Finding;
use crate::config::Http;
use crate::listener::{Certificate, Fitness};

const CHECK: &str = "tls";

/// Nothing where a proxy speaks TLS.
pub(super) fn check(http: &Http) -> Option<Finding> {
    let files = http.certificate.clone()?;
    let shown = files.certificate.display().to_string();
    Some(match Certificate::load(files) {
        Ok(certificate) => judge(&shown, certificate.fitness(&http.public_url)),
        Err(error) => Finding::problem(
            CHECK,
            format!("{error:#}"),
            "set http.tls_certificate_file and http.tls_key_file to files of one certificate that this \
             user may read",
        ),
    })
}

fn judge(shown: &str, fitness: Fitness) -> Finding {
    let says = format!("{shown} {fitness}");
    let renew = "renew it, and see why whoever does that by a timer did not: new files are shown within \
                 seconds, without a new start";
    match fitness {
        Fitness::Good { .. } => Finding::ok(CHECK, says),
        Fitness::EndsSoon { .. } => Finding::warning(CHECK, says, renew),
        Fitness::Ended { .. } => Finding::problem(CHECK, says, renew),
        Fitness::NotYet { .. } => {
            let mend = "wait, set the clock of this machine, or put the certificate before back";
            Finding::problem(CHECK, says, mend)
        }
        Fitness::OfOthers => {
            let mend =
                "have one issued for that host, or set http.public_url to a name that it has";
            Finding::problem(CHECK, says, mend)
        }
        Fitness::Unknown => {
            Finding::warning(CHECK, says, "have it issued anew, by another authority")
        }
    }
}
