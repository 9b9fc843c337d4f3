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
fn around_those_named() {
    let sandbox = Sandbox::with("new");
    let (tls, authority) = Relay::tls(sandbox.portal().address(), "localhost");
    let file = sandbox.write("authority.pem", authority).display().to_string();
    let proxy = Relay::proxy((std::net::Ipv4Addr::LOCALHOST, tls.port).into());
    let url = format!("https://localhost:{}", tls.port);
    let by_proxy = |variable: &str, value: &str| {
        let before = proxy.connections();
        let call = aws(&sandbox, &url).args(["--no-cache"]).env("SSL_CERT_FILE", file.as_str());
        call.env("HTTPS_PROXY", proxy.url()).env(variable, value).run().success();
        proxy.connections() - before
    };
    assert_eq!(by_proxy("NO_PROXY", "example.com"), 1);
    assert_eq!(by_proxy("NO_PROXY", "example.com,localhost"), 0);
    assert_eq!(by_proxy("no_proxy", "localhost"), 0);
    assert_eq!(by_proxy("NO_PROXY", "*"), 0);
}

/// Plain http goes to this machine only: through a proxy, the token would cross a network in clear.
#[test]
fn never_without_tls() {
    let sandbox = Sandbox::with("new");
    let proxy = Relay::proxy(sandbox.portal().address());
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        aws(&sandbox, &sandbox.url()).args(["--no-cache"]).env(variable, proxy.url()).run().success();
    }
    assert_eq!((proxy.connections(), sandbox.requests()), (0, 4));
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
