//! `jitpass profile import`: what older tools left becomes ours, and no token is lost on the way.

mod hostile;
mod tokens;
mod transcripts;
mod whose;

use crate::cli::network::relay::Relay;
use crate::harness::{Call, Sandbox};

/// `profile import`, with more arguments.
fn import<const N: usize>(sandbox: &Sandbox, args: [&str; N]) -> Call {
    sandbox.jitpass(["profile", "import"]).args(args)
}

/// A portal on the default port, by way of a proxy: the only kind of which duplo-jit's cache can tell.
struct OnDefaultPort {
    sandbox: Sandbox,
    proxy: Relay,
    authority: String,
}

impl OnDefaultPort {
    /// At `https://acme.duplocloud.net`.
    fn start() -> Self {
        let sandbox = Sandbox::with("new");
        let (tls, authority) = Relay::tls(sandbox.portal().address(), "acme.duplocloud.net");
        let authority = sandbox.write("authority.pem", authority).display().to_string();
        let proxy = Relay::proxy((std::net::Ipv4Addr::LOCALHOST, tls.port).into());
        Self { sandbox, proxy, authority }
    }

    fn import<const N: usize>(&self, args: [&str; N]) -> Call {
        let call = import(&self.sandbox, args);
        call.env("SSL_CERT_FILE", self.authority.as_str()).env("HTTPS_PROXY", self.proxy.url())
    }
}
