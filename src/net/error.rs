//! Why a request got no answer.

use std::error::Error;
use std::fmt;
use std::io;

/// What kind of trouble it was; each has its own remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetErrorKind {
    /// The name of the host could not be found.
    Name,
    /// Nobody listens there, or no way leads there.
    Connect,
    /// The certificate comes from an authority that this machine does not know.
    Untrusted,
    /// No encrypted connection for another reason: a certificate of another name or out of date, no TLS at all.
    Tls,
    /// What answers there speaks no TLS.
    NotTls,
    /// No answer in time.
    Timeout,
    /// The connection broke in the middle.
    Broken,
    /// The answer is larger than any portal's.
    TooLarge,
    /// The client could not be built: unreadable certificates, a malformed proxy variable.
    Setup,
}

/// A request that got no answer.
#[derive(Debug)]
pub struct NetError {
    /// What kind of trouble.
    pub kind: NetErrorKind,
    /// The host that was asked.
    pub host: String,
    /// What the library said, innermost cause only: the outer ones repeat the address.
    pub detail: String,
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, detail, .. } = self;
        match self.kind {
            NetErrorKind::Name => write!(f, "no host `{host}` can be found ({detail})"),
            NetErrorKind::Connect => write!(f, "cannot connect to `{host}` ({detail})"),
            NetErrorKind::Untrusted => {
                write!(
                    f,
                    "the certificate of `{host}` comes from an authority that this machine does not know"
                )
            }
            NetErrorKind::Tls => write!(f, "no encrypted connection to `{host}` ({detail})"),
            NetErrorKind::NotTls => write!(f, "what answers at `{host}` does not speak https"),
            NetErrorKind::Timeout => write!(f, "`{host}` did not answer in time"),
            NetErrorKind::Broken => write!(f, "the connection to `{host}` broke ({detail})"),
            NetErrorKind::TooLarge => write!(f, "the answer of `{host}` is too large"),
            NetErrorKind::Setup => write!(f, "the network client could not be set up ({detail})"),
        }
    }
}

impl Error for NetError {}

impl NetError {
    pub(super) fn new(kind: NetErrorKind, host: &str, detail: impl Into<String>) -> Self {
        Self { kind, host: host.to_owned(), detail: detail.into() }
    }

    pub(super) fn from_reqwest(host: &str, error: &reqwest::Error) -> Self {
        let mut causes: Vec<&(dyn Error + 'static)> = Vec::new();
        let mut next: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(cause) = next {
            causes.push(cause);
            next = cause.source();
        }
        let innermost = causes.last().map(ToString::to_string).unwrap_or_default();
        // The number says nothing that the words do not.
        let detail = innermost.split(" (os error ").next().unwrap_or_default();
        let io_kind = causes.iter().find_map(|c| c.downcast_ref::<io::Error>()).map(io::Error::kind);
        let tls = causes.iter().find_map(|c| tls_error(*c));
        let kind = if error.is_timeout() {
            NetErrorKind::Timeout
        } else if error.is_builder() {
            NetErrorKind::Setup
        } else if let Some(tls) = tls {
            use rustls::{CertificateError, Error::InvalidCertificate};
            match tls {
                InvalidCertificate(CertificateError::UnknownIssuer) => NetErrorKind::Untrusted,
                rustls::Error::InvalidMessage(_) => NetErrorKind::NotTls,
                _ => NetErrorKind::Tls,
            }
        } else if causes.iter().any(|c| c.to_string().contains("dns error")) {
            NetErrorKind::Name
        } else if error.is_connect() && io_kind != Some(io::ErrorKind::ConnectionReset) {
            NetErrorKind::Connect
        } else {
            NetErrorKind::Broken
        };
        Self::new(kind, host, detail)
    }
}

/// The TLS library's own error: it comes wrapped in I/O errors, whose `source` skips what they hold.
fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(error);
    }
    let held = cause.downcast_ref::<io::Error>()?.get_ref()?;
    tls_error(held)
}
