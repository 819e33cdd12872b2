//! The certificate for TLS: read from files, and read again when they change.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::failure::Failure;

/// Bytes of each file at most.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Where certificate and key are, in PEM.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    /// The certificate, followed by those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The certificate in force. New connections get the newest that could be used; those that are open
/// keep what they have.
pub struct Certificates {
    files: CertificateFiles,
    configuration: Arc<ServerConfig>,
    in_force: Arc<InForce>,
    seen: Mutex<Content>,
}

/// What stood in the files, whether it could be used or not.
#[derive(PartialEq, Eq)]
struct Content {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

struct InForce(RwLock<Arc<CertifiedKey>>);

impl fmt::Debug for InForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InForce")
    }
}

impl ResolvesServerCert for InForce {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let key = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&key))
    }
}

impl Certificates {
    /// Reads the files. Refuses, by its name, one that cannot be read or holds no certificate or key,
    /// and a key that is another certificate's.
    pub fn load(files: CertificateFiles) -> Result<Self, Failure> {
        let provider = Arc::new(ring::default_provider());
        let content = files.read().map_err(Failure::new)?;
        let key = certified(&files, &content, &provider).map_err(Failure::new)?;
        let in_force = Arc::new(InForce(RwLock::new(Arc::new(key))));
        let mut configuration = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::new(format!("TLS を使えません: {error}")))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&in_force) as Arc<dyn ResolvesServerCert>);
        configuration.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            files,
            configuration: Arc::new(configuration),
            in_force,
            seen: Mutex::new(content),
        })
    }

    /// What takes connections with the certificate in force.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.configuration))
    }

    /// Takes up what the files hold now, where that is something else. What cannot be used (one of
    /// two files is written first) changes nothing; the log says why, once for each content.
    pub fn look_again(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let content = match self.files.read() {
            Ok(content) if content == *seen => return,
            Ok(content) => content,
            Err(words) => {
                tracing::warn!("the certificate in force stays: {words}");
                return;
            }
        };
        match certified(&self.files, &content, self.configuration.crypto_provider()) {
            Ok(key) => {
                let mut in_force = self
                    .in_force
                    .0
                    .write()
                    .unwrap_or_else(PoisonError::into_inner);
                *in_force = Arc::new(key);
                tracing::info!("a new certificate is in force");
            }
            Err(words) => tracing::warn!("the certificate in force stays: {words}"),
        }
        *seen = content;
    }
}

impl CertificateFiles {
    fn read(&self) -> Result<Content, String> {
        Ok(Content {
            certificate: read(&self.certificate)?,
            key: read(&self.key)?,
        })
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let read = || -> std::io::Result<Vec<u8>> {
        if std::fs::metadata(file)?.len() > FILE_BYTES_MAX {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        std::fs::read(file)
    };
    read().map_err(|error| format!("{} を読めません: {error}", file.display()))
}

/// Certificate and key of the files' content, or in words why not; never with any of it.
fn certified(
    files: &CertificateFiles,
    content: &Content,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, String> {
    let (certificate, key) = (files.certificate.display(), files.key.display());
    let certificates: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(&content.certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| format!("{certificate} は PEM 形式の証明書として読めません"))?;
    if certificates.is_empty() {
        return Err(format!(
            "{certificate} に証明書（-----BEGIN CERTIFICATE-----）がありません"
        ));
    }
    let private = PrivateKeyDer::from_pem_slice(&content.key)
        .map_err(|_| format!("{key} に PEM 形式の秘密鍵（PRIVATE KEY）がありません"))?;
    CertifiedKey::from_der(certificates, private, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            format!("{key} は {certificate} の秘密鍵ではありません。組になる二つを指定してください")
        }
        other => format!("{certificate} と {key} は使えません: {other}"),
    })
}
