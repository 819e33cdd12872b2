//! TLS without a proxy: a certificate from files, changed while people are connected.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{ALIVE, PATIENCE, answer, connect, office, upload_head, wait_until_logged};
use crate::office::Office;
use crate::service::Service;

/// A desk with a certificate of its own.
struct Desk {
    office: Office,
    certificate: PathBuf,
    key: PathBuf,
    known: CertifiedKey<KeyPair>,
}

type Secure = StreamOwned<ClientConnection, TcpStream>;

fn made_up() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(vec!["hitokuchi.test".to_owned()]).unwrap()
}

impl Desk {
    fn new() -> Self {
        let office = office();
        let known = made_up();
        let certificate = office.file("certificate.pem", known.cert.pem());
        let key = office.file("key.pem", known.signing_key.serialize_pem());
        Self {
            office,
            certificate,
            key,
            known,
        }
    }

    fn start(&self) -> Service {
        self.start_with(&[])
    }

    fn start_with(&self, settings: &[(&str, &str)]) -> Service {
        let mut all = vec![
            ("TLS_CERTIFICATE", self.certificate.to_str().unwrap()),
            ("TLS_KEY", self.key.to_str().unwrap()),
        ];
        all.extend(settings);
        Service::start_with(&self.office, &all)
    }

    /// What the service says when it does not start.
    fn refusal(&self) -> String {
        let mut command = self.office.command(&["serve", "--listen", "127.0.0.1:0"]);
        command
            .env("HITOKUCHI_TLS_CERTIFICATE", &self.certificate)
            .env("HITOKUCHI_TLS_KEY", &self.key);
        let said = crate::office::said(command.output().unwrap());
        said.refused().to_owned()
    }
}

/// A connection that trusts one certificate; none where the service shows another.
fn secure(service: &Service, trusted: &CertificateDer<'static>) -> Option<Secure> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("hitokuchi.test").unwrap();
    let mut client = ClientConnection::new(Arc::new(configuration), name).unwrap();
    let mut stream = connect(service);
    while client.is_handshaking() {
        client.complete_io(&mut stream).ok()?;
    }
    Some(StreamOwned::new(client, stream))
}

fn alive(stream: &mut Secure) -> u16 {
    stream.write_all(ALIVE.as_bytes()).unwrap();
    answer(stream)
}

/// The status of a first request on a connection that trusts one certificate, tried until there is one.
fn wait_until_shown(service: &Service, trusted: &CertificateDer<'static>) {
    let began = Instant::now();
    while secure(service, trusted).is_none() {
        assert!(began.elapsed() < PATIENCE, "never shown: {}", service.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn with_a_certificate_the_service_speaks_tls_and_nothing_else() {
    let desk = Desk::new();
    let service = desk.start();
    let mut stream = secure(&service, desk.known.cert.der()).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answered = String::new();
    stream.read_to_string(&mut answered).unwrap();
    assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
    assert!(
        answered
            .to_lowercase()
            .contains("strict-transport-security: max-age="),
        "{answered}"
    );

    let mut plain = connect(&service);
    plain.write_all(ALIVE.as_bytes()).unwrap();
    let mut answered = Vec::new();
    let _ = plain.read_to_end(&mut answered);
    assert!(!answered.starts_with(b"HTTP"), "{answered:?}");
    let stranger = made_up();
    assert!(secure(&service, stranger.cert.der()).is_none());
}

#[test]
fn a_new_certificate_is_taken_up_and_nobody_is_cut_off() {
    let desk = Desk::new();
    let service = desk.start_with(&[("KEEP_ALIVE_SECONDS", "600")]);
    let mut before = secure(&service, desk.known.cert.der()).unwrap();
    assert_eq!(alive(&mut before), 200);

    let new = made_up();
    std::fs::write(&desk.certificate, new.cert.pem()).unwrap();
    // The key is still that of the old one: what does not fit changes nothing.
    service.signal("-HUP");
    wait_until_logged(&service, "the certificate in force stays");
    wait_until_shown(&service, desk.known.cert.der());

    std::fs::write(&desk.key, new.signing_key.serialize_pem()).unwrap();
    service.signal("-HUP");
    wait_until_shown(&service, new.cert.der());
    assert!(
        secure(&service, desk.known.cert.der()).is_none(),
        "the old one is gone"
    );
    assert_eq!(alive(&mut before), 200, "who was connected still is");
    let log = service.log();
    assert!(!log.contains("PRIVATE KEY"), "{log}");
}

#[test]
fn without_a_signal_a_new_certificate_is_noticed_too() {
    let desk = Desk::new();
    let service = desk.start();
    let new = made_up();
    std::fs::write(&desk.key, new.signing_key.serialize_pem()).unwrap();
    std::fs::write(&desk.certificate, new.cert.pem()).unwrap();
    wait_until_shown(&service, new.cert.der());
}

#[test]
fn files_that_are_no_certificate_and_key_are_named_at_start() {
    let mut desk = Desk::new();
    let (certificate, key) = (desk.certificate.clone(), desk.key.clone());
    let other = made_up();
    let other_key = desk
        .office
        .file("other.pem", other.signing_key.serialize_pem());
    let empty = desk.office.file("empty.pem", "");
    let nowhere = desk.office.folder.path().join("nowhere.pem");
    let cases = [
        (&certificate, &other_key, "秘密鍵ではありません"),
        (
            &empty,
            &key,
            "証明書（-----BEGIN CERTIFICATE-----）がありません",
        ),
        (&certificate, &empty, "秘密鍵（PRIVATE KEY）がありません"),
        (&nowhere, &key, "nowhere.pem を読めません"),
        (
            &key,
            &certificate,
            "証明書（-----BEGIN CERTIFICATE-----）がありません",
        ),
    ];
    for (certificate, key, words) in cases {
        (desk.certificate, desk.key) = (certificate.clone(), key.clone());
        let said = desk.refusal();
        assert!(said.contains(words), "{words}: {said}");
    }
    let mut alone = desk.office.command(&["serve", "--listen", "127.0.0.1:0"]);
    alone.env("HITOKUCHI_TLS_CERTIFICATE", &certificate);
    let said = crate::office::said(alone.output().unwrap());
    assert_eq!(said.status, 2, "{said:?}");
    assert!(said.err.contains("tls_key"), "{said:?}");
}

#[test]
fn who_begins_tls_and_does_not_go_on_is_not_waited_for() {
    let desk = Desk::new();
    let service = desk.start_with(&[("HEADER_SECONDS_MAX", "1")]);
    let mut silent = connect(&service);
    silent.write_all(&[0x16, 0x03, 0x01]).unwrap();
    let mut answered = Vec::new();
    let ended = silent.read_to_end(&mut answered);
    let is_closed = match &ended {
        Ok(_) => true,
        Err(error) => super::is_end(error.kind()),
    };
    assert!(is_closed, "{ended:?}");
}

#[test]
fn the_end_of_the_service_is_the_end_of_what_was_asked_over_tls() {
    let desk = Desk::new();
    let service = desk.start_with(&[("KEEP_ALIVE_SECONDS", "600")]);
    let mut idle = secure(&service, desk.known.cert.der()).unwrap();
    assert_eq!(alive(&mut idle), 200);
    let mut asking = secure(&service, desk.known.cert.der()).unwrap();
    let head = upload_head("funds", 14);
    asking.write_all(head.as_bytes()).unwrap();
    assert_eq!(answer(&mut asking), 100);
    service.signal("-TERM");
    assert_eq!(answer(&mut idle), 0);
    asking.write_all(b"fund,name\nx,y\n").unwrap();
    assert_eq!(answer(&mut asking), 202);
    let stopped = service.wait();
    assert_eq!(stopped.status.code(), Some(0), "{stopped:?}");
}
