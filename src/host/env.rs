//! Environment variables.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Every variable jitpass reads, so that the list can be found in one place. (HTTP proxies, `SSL_CERT_FILE` and
/// `NO_COLOR` are read by the libraries that act on them.)
pub mod names {
    /// An explicit portal token, used for the portal that `DUPLO_HOST` names.
    pub const DUPLO_TOKEN: &str = "DUPLO_TOKEN";
    /// The portal that `DUPLO_TOKEN` belongs to.
    pub const DUPLO_HOST: &str = "DUPLO_HOST";
    /// Where the shared AWS config file is, when not in `~/.aws/config`.
    pub const AWS_CONFIG_FILE: &str = "AWS_CONFIG_FILE";
    /// Where the shared AWS credentials file is, when not in `~/.aws/credentials`.
    pub const AWS_SHARED_CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
    /// Where STS is, when not at AWS.
    pub const AWS_ENDPOINT_URL_STS: &str = "AWS_ENDPOINT_URL_STS";
    /// Where every AWS service is, when not at AWS.
    pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
    /// Where the D-Bus session bus is, and on it the keyring.
    pub const DBUS_SESSION_BUS_ADDRESS: &str = "DBUS_SESSION_BUS_ADDRESS";
    /// Where the session keeps its sockets; the D-Bus session bus is there when nothing else is said.
    pub const XDG_RUNTIME_DIR: &str = "XDG_RUNTIME_DIR";
    /// Diagnostics to stderr: `error`, `warn`, `info`, `debug` or `trace`.
    pub const JITPASS_LOG: &str = "JITPASS_LOG";
}

/// The environment: the process's own, or a table in its place.
#[derive(Debug, Clone, Default)]
pub struct Env {
    table: Option<BTreeMap<String, OsString>>,
}

impl Env {
    /// The environment of this process.
    pub const fn real() -> Self {
        Self { table: None }
    }

    /// An environment made up for a test.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self { table: Some(pairs.into_iter().map(|(k, v)| (k.to_owned(), OsString::from(v))).collect()) }
    }

    /// A variable that is set and not empty.
    pub fn var(&self, name: &str) -> Option<OsString> {
        let value = match &self.table {
            None => std::env::var_os(name),
            Some(table) => table.get(name).cloned(),
        };
        value.filter(|v| !v.is_empty())
    }

    /// A variable that is set, not empty and text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.var(name)?.into_string().ok()
    }
}
