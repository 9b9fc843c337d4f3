//! The portal on a port.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Response, header};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::AbortHandle;

use super::clock::http_date;
use super::control;
use super::counts::Counts;
use super::reply::Reply;
use super::routes;
use super::scenario::Scenario;
use super::simulator::Portal;
use super::users::UserKind;
use super::visit::Call;
use super::wire::{Door, Scissors};
use crate::base::{PortalUrl, Secret};

/// Why a portal could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("the portal simulator cannot listen on {address}")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The address is not on this machine's loopback: a portal without TLS serves no one else.
    #[error("the portal simulator listens on loopback addresses only, not on {address}")]
    NotLoopback {
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// No thread, or none of what an event loop needs.
    #[error("the portal simulator cannot start its event loop")]
    Thread {
        /// What the system said.
        source: io::Error,
    },
}

impl Portal {
    /// Starts a portal on a thread of its own. Port 0 takes any free port.
    pub fn start(scenario: Scenario, listen: SocketAddr) -> Result<Running, StartError> {
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback { address: listen });
        }
        let portal = Self::new(scenario);
        let served = portal.clone();
        let (sender, started) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("demo portal".to_owned())
            .spawn(move || run(served, listen, &sender))
            .map_err(|source| StartError::Thread { source })?;
        // The thread sends exactly once, unless it dies of a panic.
        let dead = || Err(StartError::Thread { source: io::Error::other("the thread ended at once") });
        let (address, stop) = started.recv().unwrap_or_else(|_| dead())?;
        let url =
            format!("http://{address}").parse().expect("http to a loopback address is a portal's address");
        Ok(Running { portal, address, url, stop, thread: Some(thread) })
    }
}

/// A portal that runs until this is dropped.
#[derive(Debug)]
pub struct Running {
    portal: Portal,
    address: SocketAddr,
    url: PortalUrl,
    stop: AbortHandle,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// The address for `--host`, which is also the endpoint of its STS (`AWS_ENDPOINT_URL_STS`).
    pub fn url(&self) -> PortalUrl {
        self.url.clone()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far.
    pub fn counts(&self) -> Counts {
        self.portal.counts()
    }

    /// The token a user has from the start; empty when the scenario has no such user.
    pub fn token(&self, user: UserKind) -> Secret {
        self.portal.token(user).unwrap_or_default()
    }

    /// The portal, to look into and to change.
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Serves until the program is ended from outside.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic on that thread was already reported there.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.abort();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type Started = Result<(SocketAddr, AbortHandle), StartError>;

/// The thread: listens, reports where, serves until stopped. Connections end with the event loop.
fn run(portal: Portal, listen: SocketAddr, started: &mpsc::Sender<Started>) {
    let runtime = match Builder::new_current_thread().enable_io().enable_time().build() {
        Ok(runtime) => runtime,
        Err(source) => {
            let _ = started.send(Err(StartError::Thread { source }));
            return;
        }
    };
    runtime.block_on(async {
        let bound = async {
            let listener = TcpListener::bind(listen).await?;
            Ok((listener.local_addr()?, listener))
        };
        match bound.await {
            Err(source) => {
                let _ = started.send(Err(StartError::Listen { address: listen, source }));
            }
            Ok((address, listener)) => {
                let app = Router::new().fallback(answer).with_state(portal);
                let service = app.into_make_service_with_connect_info::<Scissors>();
                let serving = tokio::spawn(async move { axum::serve(Door(listener), service).await });
                let _ = started.send(Ok((address, serving.abort_handle())));
                // Ends with the abort.
                let _ = serving.await;
            }
        }
    });
}

/// Nothing a client of a portal sends is longer.
const LONGEST_BODY: usize = 256 * 1024;

async fn answer(
    State(portal): State<Portal>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(body): Result<Bytes, _> = to_bytes(body, LONGEST_BODY).await else {
        return Reply::text(413, "The request is too long.").into_response();
    };
    let call = Call::new(head.method, &head.uri, head.headers, body);
    if let Some(reply) = control::answer(&portal, &call) {
        return reply.into_response();
    }
    let found = routes::find(&call);
    let (method, name) = (call.method.as_str(), found.name());
    let _entered = portal.counter().enter(format!("{method} {name}"));
    let spoiled = portal.spoil(method, name);
    if !spoiled.delay.is_zero() {
        tokio::time::sleep(spoiled.delay).await;
    }
    if spoiled.reset {
        scissors.reset();
    }
    let mut reply = spoiled.instead.unwrap_or_else(|| portal.answer(&call, found));
    if spoiled.truncated {
        scissors.truncate(reply.body.len() / 2);
    }
    if spoiled.wrong_type {
        reply = reply.with(header::CONTENT_TYPE, "text/plain");
    }
    reply.with(header::DATE, http_date(portal.now().plus(spoiled.skew))).into_response()
}
