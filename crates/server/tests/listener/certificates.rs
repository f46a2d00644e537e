//! Certificates that change under the service, look by look.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use server::listener::{Certificate, CertificateFiles};
use tempfile::TempDir;
use testkit::Authority;

const HOST: &str = "localhost";

/// Files of a certificate that somebody renews.
struct Renewed {
    folder: TempDir,
    loaded: Arc<Certificate>,
}

impl Renewed {
    fn from(first: &testkit::Certificate) -> Self {
        let folder = TempDir::with_prefix("vestibule-renewed-").expect("a folder");
        install(folder.path(), first);
        let loaded = Certificate::load(files(folder.path())).expect("a certificate");
        Self { folder, loaded }
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.folder.path().join(name), content).expect("written");
    }

    /// Looks once: whether another is shown now, or what is wrong.
    fn look(&self) -> Result<bool, String> {
        self.loaded.look().map_err(|error| format!("{error:#}"))
    }

    fn shows(&self, certificate: &testkit::Certificate) -> bool {
        let expected = CertificateDer::from_pem_file(&certificate.certificate);
        self.loaded.shown() == expected.expect("a certificate")
    }
}

fn files(folder: &Path) -> CertificateFiles {
    CertificateFiles { certificate: folder.join("chain.pem"), key: folder.join("key.pem") }
}

fn install(folder: &Path, certificate: &testkit::Certificate) {
    for (from, name) in [(&certificate.certificate, "chain.pem"), (&certificate.key, "key.pem")] {
        fs::copy(from, folder.join(name)).expect("copied");
    }
}

#[test]
fn what_two_looks_find_the_same_is_shown() {
    let authority = Authority::default();
    let (first, second) = (authority.certificate(HOST), authority.certificate("127.0.0.1"));
    let renewed = Renewed::from(&first);
    assert_eq!(renewed.look(), Ok(false));
    install(renewed.folder.path(), &second);
    assert_eq!(renewed.look(), Ok(false));
    assert!(renewed.shows(&first), "it may be half written");
    assert_eq!(renewed.look(), Ok(true));
    assert!(renewed.shows(&second));
    assert_eq!(renewed.look(), Ok(false));
}

/// A chain that lacks those who vouch for it fits its key, and no client knows it.
#[test]
fn half_a_chain_is_never_shown() {
    let authority = Authority::default();
    let (first, second) = (authority.certificate(HOST), authority.certificate("127.0.0.1"));
    let renewed = Renewed::from(&first);
    install(renewed.folder.path(), &second);
    assert_eq!(renewed.look(), Ok(false));
    let mut whole = fs::read(&second.certificate).expect("read");
    whole.extend(fs::read(authority.file()).expect("read"));
    renewed.write("chain.pem", &whole);
    assert_eq!(renewed.look(), Ok(false));
    assert!(renewed.shows(&first));
    assert_eq!(renewed.look(), Ok(true));
}

#[test]
fn what_is_no_good_is_told_once_and_changes_nothing() {
    let (authority, stranger) = (Authority::default(), Authority::default());
    let first = authority.certificate(HOST);
    let renewed = Renewed::from(&first);
    let told_once = |says: &str| {
        assert_eq!(renewed.look(), Ok(false));
        let told = renewed.look().expect_err("it is no good");
        assert!(told.contains(says), "{told}");
        assert_eq!(renewed.look(), Ok(false));
        assert!(renewed.shows(&first));
    };
    renewed.write("key.pem", &fs::read(stranger.certificate(HOST).key).expect("read"));
    told_once("key.pem is not the key of ");
    renewed.write("key.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    told_once("key.pem holds no key that TLS can use");
    fs::remove_file(renewed.folder.path().join("key.pem")).expect("removed");
    told_once("cannot read ");
    // It is as it was: there is nothing to tell.
    install(renewed.folder.path(), &first);
    assert_eq!([renewed.look(), renewed.look(), renewed.look()], [Ok(false), Ok(false), Ok(false)]);
    renewed.write("chain.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    told_once("chain.pem holds no certificate that TLS can read");
}
