//! The way through a proxy.

use snapbox::{assert_data_eq, str};

use super::relay::Relay;
use crate::harness::{Call, Sandbox};

fn aws(sandbox: &Sandbox, url: &str) -> Call {
    let call = sandbox.jitpass(["aws", "--host", url, "--admin"]);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url)
}

#[test]
fn to_a_portal_with_tls() {
    let sandbox = Sandbox::with("new");
    let (tls, authority) = Relay::tls(sandbox.portal().address(), "portal.invalid");
    let file = sandbox.write("authority.pem", authority).display().to_string();
    let proxy = Relay::proxy((std::net::Ipv4Addr::LOCALHOST, tls.port).into());
    // A name that cannot be found: only the proxy knows the way.
    let call = || aws(&sandbox, "https://portal.invalid").env("SSL_CERT_FILE", file.as_str());
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let before = proxy.connections();
        call().args(["--no-cache"]).env(variable, proxy.url()).run().success();
        assert_eq!(proxy.connections(), before + 1, "{variable}");
    }
    assert_eq!((tls.connections(), sandbox.requests()), (3, 3));
}

#[test]
fn to_a_portal_without() {
    let sandbox = Sandbox::with("new");
    let proxy = Relay::proxy(sandbox.portal().address());
    let call = || aws(&sandbox, &sandbox.url()).args(["--no-cache"]).env("http_proxy", proxy.url());
    call().run().success();
    assert_eq!((proxy.connections(), sandbox.requests()), (1, 1));
    for variable in ["NO_PROXY", "no_proxy"] {
        call().env(variable, "127.0.0.1,example.com").run().success();
    }
    assert_eq!((proxy.connections(), sandbox.requests()), (1, 3));
    call().env("NO_PROXY", "example.com").run().success();
    assert_eq!(proxy.connections(), 2);
}

#[test]
fn one_that_is_not_there() {
    let sandbox = Sandbox::with("new");
    let run = aws(&sandbox, "https://portal.invalid").env("HTTPS_PROXY", "http://127.0.0.1:1").run();
    assert_data_eq!(
        run.fails(1).stderr,
        str![[r#"
jitpass: cannot connect to `portal.invalid` (Connection refused); check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)

"#]]
    );
}

#[test]
fn one_that_lets_nobody_through() {
    let sandbox = Sandbox::with("new");
    let proxy = Relay::closed_proxy();
    let run = aws(&sandbox, "https://portal.invalid").env("HTTPS_PROXY", proxy.url()).run();
    assert_data_eq!(
        run.fails(1).stderr,
        str![[r#"
jitpass: cannot connect to `portal.invalid` (tunnel error: proxy authorization required); check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)

"#]]
    );
}
