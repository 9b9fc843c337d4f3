//! A port on this machine's two loopbacks.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::time::Duration;

use super::desk::Desk;
use super::server;
use crate::base::PortalAddress;
use crate::host::clock::patience;

/// Two sockets with one port: portals say `localhost` or `127.0.0.1`, and either may be looked up as `::1`.
#[derive(Debug)]
pub struct Listener {
    pub(super) sockets: Vec<TcpListener>,
    port: u16,
    limits: Limits,
}

/// Why there is nothing to listen on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has the port, on one of the loopbacks at least.
    #[error("port {port} is taken by another program")]
    Taken {
        /// The port that was asked for.
        port: u16,
    },
    /// The system gives no port.
    #[error("cannot listen on 127.0.0.1")]
    Io(#[from] io::Error),
}

/// How long the listener bears with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the head of a request.
    pub head: Duration,
    /// For all of a request.
    pub request: Duration,
    /// Until the request is taken from the desk.
    pub queue: Duration,
    /// From then on until the answer.
    pub answer: Duration,
    /// For what a client still sends when it has its answer: a connection that is closed while bytes come in loses
    /// the answer on its way.
    pub linger: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = |n| patience(Duration::from_secs(n));
        Self {
            head: seconds(5),
            request: seconds(15),
            queue: seconds(15),
            answer: seconds(60),
            linger: seconds(1),
        }
    }
}

/// So many free ports of one loopback may be taken on the other before we give up.
const TRIES: usize = 32;

impl Listener {
    /// Takes a port on 127.0.0.1 and, where the machine has IPv6, on ::1; a free one when none is said.
    pub fn bind(port: Option<u16>) -> Result<Self, BindError> {
        if let Some(port @ 1..) = port {
            let (sockets, port) = bind_both(port).map_err(|error| match error.kind() {
                ErrorKind::AddrInUse => BindError::Taken { port },
                // What Windows says when the other program keeps the port for itself.
                ErrorKind::PermissionDenied if cfg!(windows) => BindError::Taken { port },
                _ => BindError::Io(error),
            })?;
            return Ok(Self { sockets, port, limits: Limits::default() });
        }
        let mut last = None;
        for _ in 0..TRIES {
            match bind_both(0) {
                Ok((sockets, port)) => return Ok(Self { sockets, port, limits: Limits::default() }),
                Err(error) => last = Some(error),
            }
        }
        Err(BindError::Io(last.unwrap_or_else(|| ErrorKind::AddrInUse.into())))
    }

    /// With other limits than the usual ones.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts answering for a portal, on a thread of its own. `is_admin` is said to the portal's page when a page of
    /// ours leads there.
    ///
    /// # Errors
    /// When the system has no thread, event loop or random bytes.
    pub fn serve(self, portal: PortalAddress, is_admin: bool) -> io::Result<Desk> {
        let limits = self.limits;
        server::start(self, portal, is_admin, limits)
    }
}

fn bind_both(port: u16) -> io::Result<(Vec<TcpListener>, u16)> {
    let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let port = v4.local_addr()?.port();
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(v6) => Ok((vec![v4, v6], port)),
        // Somebody else would get what is meant for us.
        Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {
            Err(error)
        }
        // There is no IPv6 here, so that nobody else can have the port either.
        Err(_) => Ok((vec![v4], port)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_belongs_to_one_listener_on_both_loopbacks() {
        let first = Listener::bind(None).unwrap();
        assert_ne!(first.port(), 0);
        let error = Listener::bind(Some(first.port())).unwrap_err();
        assert_eq!(error.to_string(), format!("port {} is taken by another program", first.port()));
        let second = Listener::bind(None).unwrap();
        assert_ne!(first.port(), second.port());
    }

    #[test]
    fn a_port_taken_on_the_other_loopback_is_taken() {
        // Without IPv6 there is no other loopback.
        let Ok(other) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else { return };
        let port = other.local_addr().unwrap().port();
        assert!(matches!(Listener::bind(Some(port)), Err(BindError::Taken { .. })));
    }
}
