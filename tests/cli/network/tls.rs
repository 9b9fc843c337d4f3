//! Whom the program trusts.

use snapbox::{assert_data_eq, str};

use super::relay::Relay;
use crate::cli::shown;
use crate::harness::{Call, Sandbox};

/// A portal behind TLS, the relay before it, and the file with the certificate of the relay's authority.
fn behind_tls(name: &str) -> (Sandbox, Relay, String) {
    let sandbox = Sandbox::with("new");
    let (relay, authority) = Relay::tls(sandbox.portal().address(), name);
    let file = sandbox.write("authority.pem", authority).display().to_string();
    (sandbox, relay, file)
}

fn aws(sandbox: &Sandbox, relay: &Relay) -> Call {
    let url = format!("https://localhost:{}", relay.port);
    let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url)
}

#[test]
fn an_authority_of_ones_own() {
    let (sandbox, relay, file) = behind_tls("localhost");
    aws(&sandbox, &relay).env("SSL_CERT_FILE", file).run().success();
    assert_eq!((relay.connections(), sandbox.requests()), (1, 1));
}

#[test]
fn an_unknown_authority() {
    let (sandbox, relay, _) = behind_tls("localhost");
    assert_data_eq!(shown(&aws(&sandbox, &relay).run()), str![[""]]);
    assert_eq!(sandbox.requests(), 0, "the token was sent to somebody unknown");
}

#[test]
fn a_certificate_of_another_name() {
    let (sandbox, relay, file) = behind_tls("portal.example.com");
    assert_data_eq!(shown(&aws(&sandbox, &relay).env("SSL_CERT_FILE", file).run()), str![[""]]);
    assert_eq!(sandbox.requests(), 0);
}

#[test]
fn a_certificate_file_that_is_none() {
    let (sandbox, relay, _) = behind_tls("localhost");
    let file = sandbox.write("empty.pem", "").display().to_string();
    assert_data_eq!(shown(&aws(&sandbox, &relay).env("SSL_CERT_FILE", file).run()), str![[""]]);
    let gone = sandbox.home().join("gone.pem").display().to_string();
    assert_data_eq!(shown(&aws(&sandbox, &relay).env("SSL_CERT_FILE", gone).run()), str![[""]]);
}

#[test]
fn no_tls_where_it_is_expected() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url().replace("http://", "https://");
    let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]);
    let run = call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url).run();
    assert_data_eq!(shown(&run), str![[""]]);
}
