//! The session bus: where it is, and one client of one service on it.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use zbus::address::Transport;
use zbus::address::transport::{Unix, UnixSocket};
use zbus::message::Message;
use zbus::names::WellKnownName;
use zbus::{Address, Connection, DynamicType, fdo};

use super::KeyringError;
use crate::base::text;
use crate::host::env::{Env, names};

/// Where the session bus of an environment may be, best first. Empty when it has none.
///
/// The rules are those of the D-Bus specification, with two limits: a bus is only looked for on sockets of this
/// machine (others would show what is said to the network), and none is started (`autolaunch:`).
pub(super) fn addresses(env: &Env) -> Vec<Address> {
    let local = |address: &Address| matches!(address.transport(), Transport::Unix(_));
    match env.text(names::DBUS_SESSION_BUS_ADDRESS) {
        Some(list) => list.split(';').filter_map(|address| address.parse().ok()).filter(local).collect(),
        None => env
            .var(names::XDG_RUNTIME_DIR)
            .map(|directory| UnixSocket::File(PathBuf::from(directory).join("bus")))
            .map(|socket| Address::new(Transport::Unix(Unix::new(socket))))
            .into_iter()
            .collect(),
    }
}

/// A client of one service.
pub(super) struct Client {
    connection: Connection,
    service: WellKnownName<'static>,
}

impl Client {
    /// Connects to the first bus that lets us in; each call then ends after `limit`.
    pub(super) async fn connect(
        addresses: &[Address],
        service: &'static str,
        limit: Duration,
    ) -> Result<Self, KeyringError> {
        let mut reason = "no D-Bus session bus".to_owned();
        for address in addresses {
            match zbus::connection::Builder::address(address.clone()).method_timeout(limit).build().await {
                Ok(connection) => {
                    let service = WellKnownName::from_static_str(service).expect("a constant that is a name");
                    return Ok(Self { connection, service });
                }
                Err(zbus::Error::Connection(error, _)) => {
                    reason = format!("no D-Bus session bus: {error}");
                }
                Err(error) => reason = format!("the D-Bus session bus refuses us: {}", short(&error)),
            }
        }
        Err(KeyringError::Absent { reason })
    }

    /// One call and its answer.
    pub(super) async fn call<B: Serialize + DynamicType>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> Result<Message, KeyringError> {
        let service = Some(self.service.clone());
        self.connection
            .call_method(service, path, Some(interface), method, body)
            .await
            .map_err(|e| refusal(&e))
    }

    /// The bus itself, for signals.
    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Leaves the bus.
    pub(super) async fn leave(self) {
        // It leaves anyway, with the process at the latest.
        let _ = self.connection.close().await;
    }
}

/// What an error of the bus or of the service means for who uses the keyring.
pub(super) fn refusal(error: &zbus::Error) -> KeyringError {
    match error {
        zbus::Error::FDO(standard) => match &**standard {
            fdo::Error::ServiceUnknown(_)
            | fdo::Error::NameHasNoOwner(_)
            | fdo::Error::SpawnExecFailed(_)
            | fdo::Error::SpawnForkFailed(_)
            | fdo::Error::SpawnChildExited(_)
            | fdo::Error::SpawnChildSignaled(_)
            | fdo::Error::SpawnFailed(_)
            | fdo::Error::SpawnFailedToSetup(_)
            | fdo::Error::SpawnConfigInvalid(_)
            | fdo::Error::SpawnServiceNotValid(_)
            | fdo::Error::SpawnServiceNotFound(_)
            | fdo::Error::SpawnPermissionsInvalid(_)
            | fdo::Error::SpawnFileInvalid(_) => {
                KeyringError::Absent { reason: "no Secret Service on the D-Bus session bus".to_owned() }
            }
            fdo::Error::NoReply(_) | fdo::Error::Disconnected(_) => ended(),
            fdo::Error::Timeout(_) | fdo::Error::TimedOut(_) => KeyringError::Slow,
            _ => KeyringError::Failed { reason: short(error) },
        },
        zbus::Error::MethodError(name, ..) if name.as_str() == "org.freedesktop.Secret.Error.IsLocked" => {
            KeyringError::Locked
        }
        zbus::Error::InputOutput(error) if error.kind() == std::io::ErrorKind::TimedOut => KeyringError::Slow,
        zbus::Error::InputOutput(_) => ended(),
        _ => KeyringError::Failed { reason: short(error) },
    }
}

fn ended() -> KeyringError {
    KeyringError::Failed { reason: "it ended while it was asked".to_owned() }
}

fn short(error: &zbus::Error) -> String {
    text::one_line(&error.to_string(), 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bus_is_found_where_the_session_says() {
        let bus = names::DBUS_SESSION_BUS_ADDRESS;
        let run = names::XDG_RUNTIME_DIR;
        for (env, expected) in [
            (&[] as &[(&str, &str)], ""),
            (&[(run, "/run/user/7")], "unix:path=/run/user/7/bus"),
            (&[(run, "/run/user/7"), (bus, "")], "unix:path=/run/user/7/bus"),
            (
                &[(run, "/run/user/7"), (bus, "unix:path=/tmp/b,guid=0123456789abcdef0123456789abcdef")],
                "unix:path=/tmp/b,guid=0123456789abcdef0123456789abcdef",
            ),
            (&[(bus, "tcp:host=localhost,port=1;unix:path=/a;unix:path=/b")], "unix:path=/a unix:path=/b"),
            (&[(run, "/run/user/7"), (bus, "autolaunch:")], ""),
            (&[(bus, "unixexec:path=/bin/false")], ""),
            (&[(bus, "disabled:")], ""),
            (&[(run, "/odd, place;x")], "unix:path=/odd%2c%20place%3bx/bus"),
        ] {
            let found = addresses(&Env::of(env.iter().copied()));
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert_eq!(found.join(" ").to_lowercase(), expected, "{env:?}");
        }
    }
}
