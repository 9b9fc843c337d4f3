//! Whom the program trusts.

use snapbox::{assert_data_eq, str};

use super::relay::Relay;
use crate::harness::{Call, Run, Sandbox};

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

/// The one line that a failure is.
fn said(relay: &Relay, run: &Run) -> String {
    run.clone().fails(1).stderr.replace(&format!(":{}", relay.port), ":[PORT]")
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
    assert_data_eq!(
        said(&relay, &aws(&sandbox, &relay).run()),
        str![[r#"
jitpass: the certificate of `localhost:[PORT]` comes from an authority that this machine does not know; behind a proxy that re-signs connections, set SSL_CERT_FILE to a file with its certificate

"#]]
    );
    // It is no use to try again.
    assert_eq!(relay.connections(), 1);
    assert_eq!(sandbox.requests(), 0, "the token was sent to somebody unknown");
}

#[test]
fn a_certificate_of_another_name() {
    let (sandbox, relay, file) = behind_tls("portal.example.com");
    assert_data_eq!(
        said(&relay, &aws(&sandbox, &relay).env("SSL_CERT_FILE", file).run()),
        str![[r#"
jitpass: no encrypted connection to `localhost:[PORT]` (invalid peer certificate: certificate not valid for name "localhost"; certificate is only valid for DnsName("portal.example.com")); check the address, and this machine's clock

"#]]
    );
    assert_eq!(sandbox.requests(), 0);
}

#[test]
fn a_certificate_file_that_is_none() {
    let (sandbox, relay, _) = behind_tls("localhost");
    let file = sandbox.write("empty.pem", "").display().to_string();
    assert_data_eq!(
        said(&relay, &aws(&sandbox, &relay).env("SSL_CERT_FILE", file).run()),
        str![[r#"
jitpass: the network client could not be set up (unexpected error: No CA certificates were loaded from the system); check SSL_CERT_FILE and the proxy variables (HTTPS_PROXY, NO_PROXY)

"#]]
    );
    let gone = sandbox.home().join("gone.pem").display().to_string();
    assert_data_eq!(
        said(&relay, &aws(&sandbox, &relay).env("SSL_CERT_FILE", gone).run()),
        str![[r#"
jitpass: the network client could not be set up (unexpected error: No CA certificates were loaded from the system); check SSL_CERT_FILE and the proxy variables (HTTPS_PROXY, NO_PROXY)

"#]]
    );
}

#[test]
fn no_tls_where_it_is_expected() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url().replace("http://", "https://");
    let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]);
    let run = call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url).run();
    assert_data_eq!(
        run.fails(1).stderr.replace(&format!(":{}", sandbox.portal().address().port()), ":[PORT]"),
        str![[r#"
jitpass: what answers at `127.0.0.1:[PORT]` does not speak https; check the address; for a portal on this machine, write http://127.0.0.1:[PORT]

"#]]
    );
}
